package s4j.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;

/** Where a user's own file or folder is looked for: as it is written, then below data_dir, S4_DATA and the cache. */
final class Places {
    /**
     * The first place at which something is.
     *
     * @param kind what it should be, for messages
     * @param there whether it is there; a path may be more than a file's name
     */
    static Path find(@Nullable String path, String kind, @Nullable String dataDir, Map<String, String> environment,
            Predicate<Path> there) {
        return find("path", path, kind, dataDir, environment, there);
    }

    /** The same of another key than {@code dataset.path}. */
    static Path find(String key, @Nullable String path, String kind, @Nullable String dataDir,
            Map<String, String> environment, Predicate<Path> there) {
        if (path == null) {
            throw new ConfigException(
                    "dataset.%s: got null; expected %s, e.g. dataset.%s=PATH".formatted(key, kind, key));
        }
        List<Path> tried = new ArrayList<>(List.of(Path.of(path)));
        AudioPlaces.usual("", dataDir, environment).directories().forEach(d -> tried.add(d.resolve(path)));
        return tried.stream().filter(there).findFirst().orElseThrow(
                () -> new ConfigException(
                        "dataset.%s: nothing at %s; expected %s. Looked in %s".formatted(key, path, kind,
                                String.join(", ",
                                        tried.stream().map(Path::toAbsolutePath).map(Path::normalize).distinct()
                                                .map(Path::toString).toList()))));
    }

    /** A file or a folder. */
    static Path find(@Nullable String path, String kind, @Nullable String dataDir, Map<String, String> environment) {
        return find(path, kind, dataDir, environment, Files::exists);
    }

    private Places() {}
}
