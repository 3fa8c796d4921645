package s4j.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import s4j.io.Json;
import s4j.io.MalformedFileException;
import s4j.io.SafeTensors;
import s4j.io.TensorData;

/**
 * Everything to go on from: the learner's state and the run's position, with the configuration they belong to and what
 * the bits depend on. One safetensors file, written whole or not at all.
 *
 * @param state the learner's {@link s4j.torch.Learner#trainingState()}
 * @param position where the run stood
 * @param config the resolved configuration as JSON
 * @param fingerprint device, threads and BLAS core of the run ({@link s4j.torch.Learner#fingerprint()})
 * @param dataHash of the data set
 */
public record Checkpoint(Map<String, TensorData> state, Position position, String config, String fingerprint,
        String dataHash) {
    private static final String FORMAT = "s4j.format";
    private static final String VERSION = "checkpoint-1";
    private static final String POSITION = "s4j.position";
    private static final String CONFIG = "s4j.config";
    private static final String FINGERPRINT = "s4j.fingerprint";
    private static final String DATA = "s4j.data";

    /** Replaces the file. */
    public void write(Path file) throws IOException { tensors().write(file); }

    /** The file's bytes. */
    public byte[] toBytes() { return tensors().toBytes(); }

    private SafeTensors tensors() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT, VERSION);
        metadata.put(POSITION, Json.print(position.toJson()));
        metadata.put(CONFIG, config);
        metadata.put(FINGERPRINT, fingerprint);
        metadata.put(DATA, dataHash);
        return new SafeTensors(state, metadata);
    }

    /**
     * Reads a file.
     *
     * @throws MalformedFileException when it is no checkpoint of this version
     */
    public static Checkpoint read(Path file) throws IOException {
        return of(SafeTensors.read(file), file.toString());
    }

    /** The same from its bytes. */
    public static Checkpoint fromBytes(byte[] bytes, String name) throws MalformedFileException {
        return of(SafeTensors.fromBytes(bytes, name), name);
    }

    private static Checkpoint of(SafeTensors tensors, String file) throws MalformedFileException {
        Map<String, String> metadata = tensors.metadata();
        String version = metadata.get(FORMAT);
        if (!VERSION.equals(version)) {
            throw new MalformedFileException(file + ": s4j.format is " + version + "; expected " + VERSION
                    + (version == null ? ". It is no checkpoint of s4j" : ". It is a model file or from another s4j"));
        }
        Position position = Position.fromJson(Json.parse(text(metadata, POSITION, file), file + " s4j.position"),
                file + " position");
        return new Checkpoint(tensors.tensors(), position, text(metadata, CONFIG, file),
                text(metadata, FINGERPRINT, file), text(metadata, DATA, file));
    }

    private static String text(Map<String, String> metadata, String key, String file) throws MalformedFileException {
        String value = metadata.get(key);
        if (value == null) {
            throw new MalformedFileException(file + ": metadata has no " + key + "; expected a checkpoint of s4j");
        }
        return value;
    }
}
