package s4j.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import s4j.io.AtomicFile;
import s4j.io.MalformedFileException;

/**
 * The archive of the data set's repository: kept when the recordings in it are the right ones.
 *
 * @param source its address
 * @param hash of the recordings, as {@link Recordings#hash}
 */
record FsddArchive(URI source, String hash) {
    /** What the archive is called in the cache. */
    static final String FILE = "free-spoken-digit-dataset.zip";
    /** The commit with 3,000 recordings by six speakers. */
    static final FsddArchive CANONICAL = new FsddArchive(
            URI.create("https://github.com/Jakobovski/free-spoken-digit-dataset/archive/"
                    + "26eb9aaf76e81b692f806f9140c2d2777410d7a1.zip"),
            "1801eae019c063377d98f831d3f93574f259475df7332bb0e3d1b080fb5e6959");

    private static final long LARGEST = 100L << 20;
    /** How long nothing may come. */
    private static final Duration STALL = Duration.ofSeconds(30);

    /** Downloads, checks, keeps. */
    Recordings fetch(AudioPlaces places, Consumer<String> log) throws IOException {
        log.accept("fetching " + source);
        Path target = places.cache().resolve(FILE);
        try {
            Files.createDirectories(places.cache());
            Path half = Files.createTempFile(places.cache(), ".fetched", ".zip");
            try {
                download(half);
                try (Recordings got = Recordings.inZip(half)) {
                    if (!got.hash().equals(hash)) {
                        throw new MalformedFileException(
                                "sha256 of the recordings: got " + got.hash() + " of " + got.names().size()
                                        + " files; expected " + hash);
                    }
                }
                AtomicFile.move(half, target);
            } finally {
                Files.deleteIfExists(half);
            }
        } catch (IOException e) {
            throw new MalformedFileException("the Free Spoken Digit Dataset is nowhere to be found: looked in "
                    + places.candidates() + " for recordings/ or recordings.zip with files like 7_jackson_12.wav; "
                    + source + ": " + e.getMessage() + ". Put them there by hand, or name their directory by "
                    + "dataset.data_dir", e);
        }
        return Recordings.inZip(target);
    }

    private void download(Path file) throws IOException { new Download(source, LARGEST, STALL).to(file); }
}
