package s4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One file is the model: tensors, the configuration that builds the network, and where it all came from.
 *
 * @param tensors by official name; normalisation statistics and permutations are tensors, too
 * @param config the resolved configuration as plain JSON values
 * @param provenance seed, data hash, version, threads, BLAS … as plain JSON values
 */
public record ModelFile(Map<String, TensorData> tensors, Map<String, @Nullable Object> config,
        Map<String, @Nullable Object> provenance) {
    /** The version of the format that this s4j writes, and the only one so far that it reads. */
    public static final String FORMAT = "1";

    private static final String FORMAT_KEY = "s4j.format";
    private static final String CONFIG_KEY = "s4j.config";
    private static final String PROVENANCE_KEY = "s4j.provenance";

    /**
     * Reads a model file.
     *
     * @throws MalformedFileException when it is damaged, no model file of s4j, or of a version this s4j does not read
     */
    public static ModelFile read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new MalformedFileException(file + " is a directory; expected a model file. Is it "
                    + file.resolve("model.safetensors") + "?");
        }
        return of(SafeTensors.read(file), file.toString());
    }

    /** The model in a safetensors file; {@code name} is what to call it in messages. */
    public static ModelFile of(SafeTensors file, String name) throws MalformedFileException {
        String version = file.metadata().get(FORMAT_KEY);
        if (version == null) {
            throw new MalformedFileException(
                    name + ": no model file of s4j: its metadata has no " + FORMAT_KEY + ", only "
                            + Json.shortened(file.metadata().keySet().toString()));
        }
        if (!version.equals(FORMAT)) {
            throw new MalformedFileException(name + ": model file version " + Json.shortened(version)
                    + "; this s4j reads version " + FORMAT + ". Use the s4j that wrote it, or a newer one");
        }
        return new ModelFile(file.tensors(), object(file, CONFIG_KEY, name), object(file, PROVENANCE_KEY, name));
    }

    private static Map<String, @Nullable Object> object(SafeTensors file, String key, String name)
            throws MalformedFileException {
        String json = file.metadata().get(key);
        if (json == null || !(Json.parse(json, name + ", " + key) instanceof Map<?, ?> map)) {
            throw new MalformedFileException(name + ": " + key + ": got " + (json == null ? "nothing" : "no object")
                    + "; expected a JSON object");
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((k, v) -> out.put(String.valueOf(k), v));
        return out;
    }

    /** This model as a safetensors file. */
    public SafeTensors toSafeTensors() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT_KEY, FORMAT);
        metadata.put(CONFIG_KEY, Json.print(config));
        metadata.put(PROVENANCE_KEY, Json.print(provenance));
        return new SafeTensors(tensors, metadata);
    }

    /** Writes the file atomically. */
    public void write(Path file) throws IOException { toSafeTensors().write(file); }
}
