package s4j.train.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The directory a run leaves behind:
 *
 * <pre>
 * config.yaml                      the resolved configuration
 * metrics.csv  metrics.jsonl       what happened; timing.csv when
 * events.out.tfevents.0.s4j        the same for TensorBoard, where asked for
 * mlflow.json                      which run of an MLflow server it is, where asked for
 * checkpoints/last.safetensors     everything to go on from
 * checkpoints/best.safetensors     the same, as it was after the best validation
 * model.safetensors                the model: all that eval needs
 * README.md                        its card, as model hubs read it
 * report.html                      to look at
 * </pre>
 *
 * @param path of the directory
 */
public record RunDirectory(Path path) {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);
    /** Room beside the state itself: metrics, model, report. */
    private static final long SLACK = 32L << 20;
    private static final String LOCK = ".lock";

    /** {@code runs/<date-time>-<what>}, with a number behind it if that exists. */
    public static RunDirectory fresh(Path runs, LocalDateTime now, String what) {
        String name = NAME.format(now) + "-" + what;
        Path path = runs.resolve(name);
        for (int i = 2; Files.exists(path); i++) {
            path = runs.resolve(name + "-" + i);
        }
        return new RunDirectory(path);
    }

    /** The run a checkpoint lies in: {@code RUN/checkpoints/last.safetensors}. */
    public static RunDirectory ofCheckpoint(Path checkpoint) {
        Path checkpoints = checkpoint.toAbsolutePath().getParent();
        Path run = checkpoints == null ? null : checkpoints.getParent();
        if (run == null || checkpoints == null || !checkpoints.endsWith("checkpoints")) {
            throw new RunException("train.ckpt=" + checkpoint
                    + " does not lie in a run's checkpoints directory; expected RUN/checkpoints/last.safetensors."
                    + " Keep it with its metrics");
        }
        return new RunDirectory(run);
    }

    /** The resolved configuration. */
    public Path config() { return path.resolve("config.yaml"); }

    /** Metrics as a table. */
    public Path metricsCsv() { return path.resolve("metrics.csv"); }

    /** Metrics as JSON lines. */
    public Path metricsJsonl() { return path.resolve("metrics.jsonl"); }

    /** Wall-clock times. */
    public Path timingCsv() { return path.resolve("timing.csv"); }

    /** Metrics for TensorBoard, which knows such files by their name. */
    public Path events() {
        return path.resolve("events.out.tfevents.0.s4j");
    }

    /** Which run of which MLflow server this one is. */
    public Path mlflow() { return path.resolve("mlflow.json"); }

    /** The newest checkpoint. */
    public Path last() { return path.resolve("checkpoints", "last.safetensors"); }

    /** The checkpoint of the best validation. */
    public Path best() {
        return path.resolve("checkpoints", "best.safetensors");
    }

    /** The trained model. */
    public Path model() { return path.resolve("model.safetensors"); }

    /** The model's card. */
    public Path card() { return path.resolve("README.md"); }

    /** The report. */
    public Path report() { return path.resolve("report.html"); }

    /**
     * Refuses a directory that holds anything a new run would write over: another run, or a person's own files, also where they
     * are links. A run that ended before its first checkpoint leaves nothing worth keeping: a new one takes its place.
     *
     * @throws RunException naming the file
     */
    public void requireFree() {
        if (Files.isRegularFile(last())) {
            throw new RunException("run.dir=" + path + " already holds a run; expected a new directory."
                    + " Continue it with --resume, or choose another");
        }
        boolean begun = Files.exists(path.resolve("checkpoints", LOCK), LinkOption.NOFOLLOW_LINKS);
        for (Path file : List.of(last(), best(), model(), card(), report(), config(), metricsCsv(), metricsJsonl(),
                timingCsv(), events(), mlflow())) {
            boolean log = !file.equals(last()) && !file.equals(best()) && !file.equals(model())
                    && !file.equals(card()) && !file.equals(report());
            boolean own = begun && log && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
            if (!own && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new RunException("run.dir=" + path + " holds " + path.relativize(file)
                        + ", which a run writes; expected a new or empty directory. Choose another with run.dir=PATH");
            }
        }
    }

    /**
     * Makes the directory and tries to write in it, so that a run fails before it has cost hours rather than at its
     * first checkpoint.
     *
     * @param bytes size of one checkpoint
     * @throws RunException when it cannot be written, or when the disk has no room for the run's files
     */
    public void prepare(long bytes) {
        try {
            Files.createDirectories(path.resolve("checkpoints"));
            Path probe = Files.createTempFile(path.resolve("checkpoints"), ".probe", ".tmp");
            try {
                Files.write(probe, new byte[1]);
            } finally {
                Files.delete(probe);
            }
            // last, best, the one being written, the model
            long needed = 4 * bytes + SLACK;
            long free = Files.getFileStore(path).getUsableSpace();
            if (free < needed) {
                String message = "run.dir=%s: %d MB free on its disk; expected at least %d MB for checkpoints and model."
                        .formatted(path, free >> 20, needed >> 20);
                throw new RunException(message + " Make room, or choose another run.dir");
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /**
     * Makes a directory that several runs are kept in.
     *
     * @throws RunException when it cannot be made
     */
    public static void make(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static RunException unwritable(Path directory, IOException e) {
        return new RunException("cannot write in run.dir=" + directory + ": " + reason(e)
                + "; expected a directory s4 may write in. Choose another with run.dir=PATH", e);
    }

    /**
     * Keeps other processes out until it is closed or this process ends, however it ends: two runs that write the same
     * metrics would spoil both.
     */
    public FileChannel lock() throws IOException {
        FileChannel channel = FileChannel.open(path.resolve("checkpoints", LOCK), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        boolean held = false;
        try {
            held = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            held = false;
        } finally {
            if (!held) {
                channel.close();
            }
        }
        if (!held) {
            throw new RunException(
                    "run.dir=" + path + " is being written by another run; expected it to have ended. Wait"
                            + " for it, or choose another run.dir");
        }
        return channel;
    }

    /** What an I/O error says, in words: many carry nothing but the path and their type. */
    public static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException x -> "permission denied";
            case java.nio.file.NoSuchFileException x -> "no such file " + x.getFile();
            case java.nio.file.FileAlreadyExistsException x -> x.getFile() + " is a file";
            case java.nio.file.FileSystemException x when x.getReason() != null -> x.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
