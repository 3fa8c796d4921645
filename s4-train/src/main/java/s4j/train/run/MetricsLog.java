package s4j.train.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.io.AtomicFile;
import s4j.io.Json;
import s4j.io.InputFile;

/**
 * What happened in a run, one row per line, as {@code metrics.csv} and {@code metrics.jsonl}. Two equal runs write
 * equal bytes; wall-clock times, which never repeat, stand apart in {@code timing.csv}.
 */
public final class MetricsLog implements AutoCloseable {
    private static final String LOSS = "loss";
    private static final List<String> KNOWN = List.of("split", "epoch", "step", LOSS, "lr", "gradient_norm");
    private static final String TIMING_HEADER = "step,seconds,sequences_per_second,training_seconds\n";

    private final FileChannel csv;
    private final FileChannel jsonl;
    private final FileChannel timing;
    private final @Nullable FileChannel events;
    private final Columns columns;
    private Consumer<Row> follower = row -> {};

    /**
     * One row.
     *
     * @param split {@code train} (since the last such row), {@code epoch} (training, the whole epoch), {@code val},
     *     {@code test}
     * @param epoch epochs begun, from 1
     * @param step training steps done
     * @param lr learning rate of the last step; null outside training
     * @param gradientNorm mean norm before clipping; null outside training
     * @param metrics {@code loss} and the task's metrics, by name
     */
    public record Row(String split, int epoch, long step, @Nullable Double lr, @Nullable Double gradientNorm,
            Map<String, Double> metrics) {
        /** Keeps the order of the metrics. */
        public Row {
            metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        }

        /** One of the metrics; NaN where the row has none of this name. */
        public double metric(String name) {
            return metrics.getOrDefault(name, Double.NaN);
        }

        /** As TensorBoard and MLflow group them: {@code accuracy/val}. */
        public Map<String, Double> tagged() {
            Map<String, Double> out = new LinkedHashMap<>();
            metrics.forEach((name, value) -> out.put(name + "/" + split, value));
            if (!split.equals("train")) {
                return out; // the epoch repeats them
            }
            if (lr != null) {
                out.put("lr", lr);
            }
            if (gradientNorm != null) {
                out.put("gradient_norm", gradientNorm);
            }
            return out;
        }

        private String csv(Columns columns) {
            List<String> out = new ArrayList<>(List.of(split, String.valueOf(epoch), String.valueOf(step)));
            columns.first().forEach(c -> out.add(text(metrics.get(c))));
            out.add(text(lr));
            out.add(text(gradientNorm));
            columns.others().forEach(c -> out.add(text(metrics.get(c))));
            return String.join(",", out) + "\n";
        }

        private static String text(@Nullable Double value) { return value == null ? "" : value.toString(); }

        private String json(Columns columns) {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            out.put("split", split);
            out.put("epoch", epoch);
            out.put("step", step);
            columns.first().forEach(c -> out.put(c, finite(metrics.get(c))));
            out.put("lr", lr);
            out.put("gradient_norm", gradientNorm);
            metrics.forEach((name, value) -> out.putIfAbsent(name, finite(value)));
            return Json.print(out) + "\n";
        }

        /** JSON has no infinity: a validation loss may overflow although training is finite. */
        private static @Nullable Double finite(@Nullable Double v) {
            return v != null && Double.isFinite(v) ? v : null;
        }
    }

    /**
     * The metrics that have columns.
     *
     * @param leading stands beside the loss; null: none
     * @param others behind all others
     */
    public record Columns(@Nullable String leading, List<String> others) {
        /** Keeps a copy without the leading one. */
        public Columns {
            others = others.stream().filter(o -> !o.equals(leading)).toList();
        }

        private List<String> first() { return leading == null ? List.of(LOSS) : List.of(LOSS, leading); }

        private String header() {
            List<String> out = new ArrayList<>(List.of("split", "epoch", "step"));
            out.addAll(first());
            out.addAll(List.of("lr", "gradient_norm"));
            out.addAll(others);
            return String.join(",", out) + "\n";
        }
    }

    /** Lengths of the two files of metrics in bytes: where a checkpoint cuts them back to. */
    public record Lengths(long csv, long jsonl) {
        /** No files yet. */
        public static final Lengths NONE = new Lengths(0, 0);

        Map<String, Object> toJson() { return new TreeMap<>(Map.of("csv", csv, "jsonl", jsonl)); }

        static Lengths fromJson(JsonFields f) { return new Lengths(f.whole("csv"), f.whole("jsonl")); }
    }

    private MetricsLog(FileChannel csv, FileChannel jsonl, FileChannel timing, @Nullable FileChannel events,
            Columns columns) {
        this.events = events;
        this.csv = csv;
        this.jsonl = jsonl;
        this.timing = timing;
        this.columns = columns;
    }

    /**
     * Opens the files of a run and cuts them back to {@code lengths}, and the times to {@code step}: nothing of a later,
     * lost stretch remains.
     *
     * @param columns of the task's metrics
     * @param events whether TensorBoard's file is written as well, from the rows that remain; where there is one it goes on anyway
     */
    public static MetricsLog open(RunDirectory run, Lengths lengths, long step, Columns columns, boolean events)
            throws IOException {
        long kept = keepTimes(run.timingCsv(), step);
        FileChannel csv = cut(run.metricsCsv(), lengths.csv());
        FileChannel jsonl = cut(run.metricsJsonl(), lengths.jsonl());
        MetricsLog log = new MetricsLog(csv, jsonl, cut(run.timingCsv(), kept),
                events || Files.exists(run.events()) ? cut(run.events(), 0) : null, columns);
        if (log.events != null) {
            append(log.events, TfEvents.version(now()));
            for (Row row : read(run.metricsJsonl())) {
                append(log.events, TfEvents.scalars(now(), row.step(), row.tagged()));
            }
        }
        if (lengths.csv() == 0) {
            append(log.csv, columns.header());
        }
        return log;
    }

    /** Times stay out of checkpoints, which are equal for equal runs; so their file is cut by its content. */
    private static long keepTimes(Path file, long step) throws IOException {
        StringBuilder kept = new StringBuilder(TIMING_HEADER);
        if (Files.exists(file)) {
            for (String line : InputFile.lines(file)) {
                int comma = line.indexOf(',');
                if (line.matches("[0-9]{1,18},.*") && Long.parseLong(line.substring(0, comma)) <= step) {
                    kept.append(line).append('\n');
                }
            }
        }
        AtomicFile.write(file, kept.toString());
        return Files.size(file);
    }

    private static FileChannel cut(Path file, long length) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.size() < length) {
            long size = channel.size();
            channel.close();
            throw new RunException(file + " has " + size + " bytes; expected at least the " + length
                    + " it had at the checkpoint. It was changed or lost since; start a new run");
        }
        channel.truncate(length);
        channel.position(length);
        return channel;
    }

    /** Who else is told of each row from now on. */
    public void follow(Consumer<Row> other) { follower = other; }

    /** Adds a row to both files. */
    public void write(Row row) throws IOException {
        append(csv, row.csv(columns));
        append(jsonl, row.json(columns));
        if (events != null) {
            append(events, TfEvents.scalars(now(), row.step(), row.tagged()));
        }
        follower.accept(row);
    }

    /** Seconds since 1970: TensorBoard shows when a value was written. */
    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    /** Adds a row of wall-clock times: all of it, and that of the training steps alone. */
    public void time(long step, double seconds, double sequencesPerSecond, double training) throws IOException {
        append(timing, "%d,%.3f,%.1f,%.3f%n".formatted(step, seconds, sequencesPerSecond, training).replace("\r", ""));
    }

    private static void append(FileChannel channel, String text) throws IOException {
        append(channel, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void append(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Forces all rows to the disk and gives the lengths; a checkpoint that names them may then be written. */
    public Lengths force() throws IOException {
        csv.force(false);
        jsonl.force(false);
        timing.force(false);
        return new Lengths(csv.position(), jsonl.position());
    }

    /** The rows of a run so far. */
    public static List<Row> read(Path jsonlFile) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : InputFile.lines(jsonlFile)) {
            JsonFields f = JsonFields.of(Json.parse(line, jsonlFile.toString()), jsonlFile.toString());
            rows.add(new Row(f.text("split"), (int) f.whole("epoch"), f.whole("step"), f.realOrNull("lr"),
                    f.realOrNull("gradient_norm"), metrics(f)));
        }
        return rows;
    }

    private static Map<String, Double> metrics(JsonFields f) {
        Map<String, Double> out = new LinkedHashMap<>();
        f.fields().forEach((key, value) -> {
            if ((key.equals(LOSS) || !KNOWN.contains(String.valueOf(key))) && value instanceof Number n) {
                out.put(String.valueOf(key), n.doubleValue());
            }
        });
        return out;
    }

    @Override
    public void close() throws IOException {
        csv.close();
        jsonl.close();
        timing.close();
        if (events != null) {
            events.close();
        }
    }
}
