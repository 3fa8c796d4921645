package s4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;
import s4j.io.AtomicFile;
import s4j.io.MalformedFileException;

/**
 * Where Speech Commands is looked for, and fetched from.
 *
 * @param directories that may hold the words' folders or an archive of them, in order
 * @param cache where what is fetched is kept; null: nothing is
 * @param source of the archive
 * @param sha256 of it
 */
record ScPlaces(List<Path> directories, @Nullable Path cache, URI source, String sha256) {
    private static final List<String> NAMES = List.of("sc", "speech_commands_v0.02", "speech_commands_v0.01",
            "speech_commands", "mini-speech-commands", "mini_speech_commands");
    private static final URI ADDRESS = URI
            .create("https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz");
    /** As the TensorFlow and PyTorch loaders have it. */
    private static final String SUM = "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58";
    private static final String UNPACKED = "speech_commands_v0.02";
    private static final long LARGEST = 3L << 30;
    private static final long LARGEST_FILE = 1L << 28;

    /** A path that was given, or the usual places. */
    static ScPlaces usual(ScConfig config, Map<String, String> environment) {
        if (config.path() != null) {
            Path given = Places.find(config.path(), "a folder or a zip archive of words' folders", config.dataDir(),
                    environment);
            return new ScPlaces(List.of(given), null, ADDRESS, SUM);
        }
        AudioPlaces usual = AudioPlaces.usual("sc", config.dataDir(), environment);
        List<Path> all = new ArrayList<>();
        for (Path directory : usual.directories()) {
            NAMES.forEach(n -> all.add(directory.resolve(n)));
            all.add(directory);
        }
        return new ScPlaces(all, usual.cache(), ADDRESS, SUM);
    }

    /**
     * Recordings and the lists beside them.
     *
     * @param recordings to be closed
     * @param lists null where there are none
     */
    record Found(Recordings recordings, ClipSplit.@Nullable Lists lists) {}

    /** The first place that has some. */
    Found find(Consumer<String> log) throws IOException {
        for (Path place : directories) {
            Found found = at(place);
            if (found != null) {
                return found;
            }
        }
        if (cache != null) {
            Found fetched = at(fetch(cache, log));
            if (fetched != null) {
                return fetched;
            }
        }
        throw new MalformedFileException(
                "no sound files in " + directories + "; expected folders named by words, or a zip of them");
    }

    private @Nullable Found at(Path place) throws IOException {
        boolean folder = Files.isDirectory(place);
        if (!folder && !Files.isRegularFile(place)) {
            return null;
        }
        Path directory = folder ? place : place.toAbsolutePath().getParent();
        ClipSplit.Lists lists = directory == null ? null : ClipSplit.Lists.in(directory);
        boolean named = directories.size() == 1 || NAMES.contains(place.getFileName().toString())
                || place.getFileName().toString().equals(UNPACKED);
        if (!named && lists == null) {
            return null; // a directory of many data sets
        }
        Recordings found = AudioPlaces.open(place);
        Path archive = found == null && folder ? archive(place) : null;
        if (archive != null) {
            found = AudioPlaces.open(archive);
        }
        return found == null ? null : new Found(found, lists);
    }

    private static @Nullable Path archive(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".zip")).sorted().findFirst().orElse(null);
        }
    }

    private Path fetch(Path into, Consumer<String> log) throws IOException {
        Path done = into.resolve(UNPACKED);
        Path half = into.resolve(".fetched.tar.gz");
        log.accept("fetching " + source);
        try {
            Files.createDirectories(into);
            new Download(source, LARGEST, Duration.ofSeconds(60)).to(half);
            String got = sum(half);
            if (!got.equals(sha256)) {
                throw new MalformedFileException("sha256 of the archive: got " + got + "; expected " + sha256);
            }
            log.accept("unpacking it into " + done);
            Path part = Files.createTempDirectory(into, ".unpacked");
            unpack(half, part);
            Files.move(part, done);
            return done;
        } catch (IOException e) {
            throw new MalformedFileException("Speech Commands is nowhere to be found: looked in " + directories
                    + " for folders named by words, or a zip archive of them; " + source + ": " + e.getMessage()
                    + ". Put them there by hand, or name them by dataset.path", e);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    private static String sum(Path file) throws IOException {
        MessageDigest sum = Sha256.digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sum.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(sum.digest());
    }

    /** Files of the archive, none outside the folder; on failure nothing stays. */
    static void unpack(Path archive, Path folder) throws IOException {
        try (var in = new TarArchiveInputStream(
                new GzipCompressorInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
            for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                Path file = folder.resolve(e.getName()).normalize();
                if (e.isDirectory() || !e.isFile()) {
                    continue;
                }
                if (!file.startsWith(folder) || e.getSize() > LARGEST_FILE) {
                    throw new MalformedFileException("archive entry " + e.getName() + " of " + e.getSize()
                            + " bytes; expected a recording below the folder");
                }
                Path parent = file.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                byte[] bytes = in.readNBytes((int) e.getSize());
                AtomicFile.write(file, out -> out.write(java.nio.ByteBuffer.wrap(bytes)));
            }
        } catch (IOException e) {
            remove(folder);
            throw e;
        }
    }

    private static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
