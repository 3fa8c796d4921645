package s4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;
import s4j.data.DataPlaces;
import s4j.train.run.RunException;

/**
 * Places that a model file names, files and databases: they were right where it was trained, and may be anything in a file from elsewhere. They are
 * used only when the command line gives them, or when they lie below a data directory of this machine.
 */
final class FilePaths {
    private static final String DATASET = "dataset";
    private static final Pattern PLACE = Pattern.compile("(.*_)?(path|paths|dir|file|files|folder|url|query)");
    private static final String DIRECTORY = "data_dir";

    /**
     * The configuration without directories to search that nobody here has named.
     *
     * @param config of a model file
     * @param words of the command line
     * @param say told of what is left out
     * @throws RunException where a data set's own place is not to be used
     */
    static ConfigTree checked(ConfigTree config, List<String> words, Consumer<String> say, String model) {
        ConfigTree out = config;
        boolean other = words.stream().anyMatch(w -> w.startsWith("pipeline=") || w.startsWith("dataset="));
        if (other || !(config.find(DATASET) instanceof ConfigTree.Mapping dataset)) {
            return out;
        }
        for (Map.Entry<String, ConfigTree> e : dataset.entries().entrySet()) {
            String key = DATASET + "." + e.getKey();
            boolean given = words.stream().anyMatch(w -> w.replaceFirst("^[+~]*", "").startsWith(key + "=")
                    || w.equals("~" + key));
            if (given || !PLACE.matcher(e.getKey()).matches() || !(e.getValue() instanceof ConfigTree.Scalar s)) {
                continue;
            }
            Path own = below(s.value().toString());
            if (own != null) {
                out = out.with(key, new ConfigTree.Scalar(own.toString(), s.origin()));
            } else if (e.getKey().equals(DIRECTORY)) {
                say.accept(
                        "note: %s=%s stands in the model file and is not used; give it on the command line if it is right"
                                .formatted(key, s.value()));
                out = out.without(key);
            } else {
                throw new RunException(
                        "%s: %s=%s stands in the file; expected a place below a data directory (S4_DATA, the cache), or one from the command line. If it is right, add %s=%s"
                                .formatted(model, key, s.value(), key, s.value()));
            }
        }
        return out;
    }

    /** The places that a configuration names, as {@code key=value}. */
    static List<String> shown(ConfigTree config) {
        if (!(config.find(DATASET) instanceof ConfigTree.Mapping dataset)) {
            return List.of();
        }
        return dataset.entries().entrySet().stream()
                .filter(e -> PLACE.matcher(e.getKey()).matches() && e.getValue() instanceof ConfigTree.Scalar s
                        && s.value() != null)
                .map(e -> DATASET + "." + e.getKey() + "=" + e.getValue().toValue()).toList();
    }

    /** The place, if it is there and below a data directory, links followed; else null. */
    private static @Nullable Path below(String place) {
        try {
            for (Path directory : DataPlaces.directories(System.getenv())) {
                Path at = directory.resolve(place);
                if (Files.exists(at) && Files.exists(directory)
                        && at.toRealPath().startsWith(directory.toRealPath())
                        && !at.toRealPath().equals(directory.toRealPath())) {
                    return at.toRealPath();
                }
            }
        } catch (java.io.IOException | java.nio.file.InvalidPathException e) {
            return null; // what cannot be looked at is not used
        }
        return null;
    }

    private FilePaths() {}
}
