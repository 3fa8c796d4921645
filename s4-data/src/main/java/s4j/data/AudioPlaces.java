package s4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where recordings are looked for: in the data set's own subdirectory of each place, then in the place itself.
 *
 * @param dataset name of the subdirectory
 * @param directories in order; the last is the cache
 */
record AudioPlaces(String dataset, List<Path> directories) {
    /** data_dir if there is one, S4_DATA, the user's cache. */
    static AudioPlaces usual(String dataset, @Nullable String dataDir, Map<String, String> environment) {
        Set<Path> directories = new LinkedHashSet<>();
        if (dataDir != null) {
            directories.add(Path.of(dataDir));
        }
        String own = environment.get("S4_DATA");
        if (own != null && !own.isBlank()) {
            directories.add(Path.of(own));
        }
        directories.add(DataFiles.userCache(environment));
        return new AudioPlaces(dataset, List.copyOf(directories));
    }

    /** Every directory that may hold the data set. */
    List<Path> candidates() {
        List<Path> out = new ArrayList<>();
        for (Path directory : directories) {
            out.add(directory.resolve(dataset));
            out.add(directory);
        }
        return out;
    }

    /** Where what is fetched is kept. */
    Path cache() { return directories.getLast().resolve(dataset); }

    /** The recordings of a folder or a zip archive of this name; null where there is none, or none in it. */
    static @Nullable Recordings open(Path path) throws IOException {
        if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
            return null;
        }
        Recordings found = Files.isDirectory(path) ? Recordings.in(path) : Recordings.inZip(path);
        if (found.names().isEmpty()) {
            found.close();
            return null;
        }
        return found;
    }
}
