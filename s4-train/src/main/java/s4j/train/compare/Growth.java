package s4j.train.compare;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.train.StopRequest;

/**
 * Time and memory against the length, each in a process of its own, until a step takes {@value #SLOWEST} seconds or memory is
 * out. What has been measured is kept in files and not measured again.
 */
record Growth(Path directory, StopRequest stop) {
    /** Sequences of a training step. */
    static final int BATCH = 4;
    private static final double SLOWEST = 60;
    private static final long PATIENCE_SECONDS = 300;
    private static final int KILLED = 137;
    /** Garbage counts as resident: with the usual gigabyte for it a kernel in Java would seem to need that. */
    private static final String SMALL_YOUNG = "-Xmn16m";

    /** What is measured. */
    enum Kind {
        TRAIN, STREAM;

        /** What takes a step. */
        String title() { return this == TRAIN ? "training step" : "streamed step"; }

        String word() { return this == TRAIN ? "train" : "stream"; }
    }

    /**
     * One point of a curve.
     *
     * @param seconds of a step
     * @param bytes of a training step at its peak, or of a stream's state
     * @param failure why there is none; null: there is one
     */
    record Point(String model, Kind kind, int length, double seconds, double bytes, @Nullable String failure) {}

    /** The curve of a model whose sized configuration lies in a file. */
    List<Point> curve(String model, Path config, Kind kind, List<Integer> lengths) throws IOException {
        List<Point> points = new ArrayList<>();
        for (int length : lengths) {
            Point point = point(model, config, kind, length, BATCH);
            if (stop.requested()) {
                return points;
            }
            points.add(point);
            if (point.failure != null || point.seconds > SLOWEST) {
                break;
            }
        }
        return points;
    }

    /** One of them. */
    Point point(String model, Path config, Kind kind, int length, int batch) throws IOException {
        Path out = directory.resolve("%s-%s-%d-%d.json".formatted(model, kind.word(), length, batch));
        if (!Files.exists(out)) {
            Files.createDirectories(directory);
            String failure = run(config, kind, length, batch, out);
            if (failure != null) {
                return new Point(model, kind, length, Double.NaN, Double.NaN, failure);
            }
        }
        Map<?, ?> values = (Map<?, ?>) java.util.Objects
                .requireNonNull(Json.parse(Files.readString(out), out.toString()));
        return new Point(model, kind, length, number(values, "seconds"), number(values, "bytes"), null);
    }

    private static double number(Map<?, ?> values, String key) {
        return values.get(key) instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    /** Starts the probe; returns why it failed, or null. */
    private @Nullable String run(Path config, Kind kind, int length, int batch, Path out) throws IOException {
        Path log = directory.resolve("probe.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> !a.startsWith("-agent") && !a.startsWith("-javaagent")).forEach(command::add);
        command.add(SMALL_YOUNG);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName(), config.toString(),
                kind.word(), String.valueOf(length), String.valueOf(batch), out.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File(log.toString()))
                .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "not done after " + PATIENCE_SECONDS + " s";
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            stop.request();
            return "interrupted";
        }
        return process.exitValue() == 0 ? null : reason(process.exitValue(), Files.readString(log));
    }

    private static String reason(int exit, String log) {
        if (exit == KILLED || log.contains("OutOfMemory") || log.contains("can't allocate memory")
                || log.contains("bad_alloc")) {
            return "out of memory";
        }
        return log.lines().filter(l -> l.startsWith("Exception")).findFirst()
                .map(l -> l.replaceFirst("^Exception in thread \"main\" [^:]*: ", ""))
                .orElse("the process ended with " + exit);
    }
}
