package s4j.data.series;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import s4j.data.table.Cells;
import s4j.io.MalformedFileException;

/**
 * Time series of one source.
 *
 * @param source its name, for messages
 * @param format what it was found to be, for people: {@code .ts}, {@code separated values, long form}
 * @param rows the series, all with the same channels
 * @param channels names, in order
 * @param kind of the targets, where the source says so; null: {@link #found} by the targets
 * @param classes as the source declares them, in its order; empty: it does not
 */
public record SeriesTable(String source, String format, List<Series> rows, List<String> channels,
        @Nullable TargetKind kind, List<String> classes) {
    private static final int MOST_CLASSES = 100;

    /**
     * Checks that there are series and that their channels agree.
     *
     * @throws MalformedFileException when there are none, or they differ
     */
    static SeriesTable of(String source, String format, List<Series> rows, List<String> channels,
            @Nullable TargetKind kind, List<String> classes) throws MalformedFileException {
        if (rows.isEmpty()) {
            throw new MalformedFileException(source + ": got no series; expected one or more");
        }
        for (Series row : rows) {
            if (row.channels() != channels.size()) {
                throw new MalformedFileException("%s: got %d channels; expected %d as in %s".formatted(row.place(),
                        row.channels(), channels.size(), rows.getFirst().place()));
            }
            refuseInfinite(row);
        }
        return new SeriesTable(source, format, List.copyOf(rows), List.copyOf(channels), kind, List.copyOf(classes));
    }

    private static void refuseInfinite(Series row) throws MalformedFileException {
        float[] x = row.values();
        for (int i = 0; i < x.length; i++) {
            if (Float.isInfinite(x[i])) {
                throw new MalformedFileException("%s, channel %d, step %d: got %s; expected a number of at most %.1e"
                        .formatted(row.place(), i % row.channels() + 1, i / row.channels() + 1, x[i], Float.MAX_VALUE)
                        + ". A missing value is empty, ? or NaN");
            }
        }
    }

    /** Names for channels that have none: {@code channel 1} and so on. */
    static List<String> numbered(int channels) {
        return java.util.stream.IntStream.rangeClosed(1, channels).mapToObj(c -> "channel " + c).toList();
    }

    /**
     * The kind of the targets: what the source says; else classes where a target is no number, or where all are whole numbers
     * of which there are few (two; or at most a hundred, each on average of two series); else values.
     */
    public TargetKind found() {
        if (kind != null) {
            return kind;
        }
        Set<Double> distinct = new HashSet<>();
        boolean whole = true;
        for (Series row : rows) {
            Double number = row.target() == null ? null : Cells.number(row.target(), false);
            if (number == null) {
                return TargetKind.CLASSES;
            }
            whole &= number == Math.rint(number);
            distinct.add(number);
        }
        int n = distinct.size();
        return whole && (n <= 2 || (n <= MOST_CLASSES && 2 * n <= rows.size()))
                ? TargetKind.CLASSES
                : TargetKind.VALUES;
    }

    /**
     * The targets as numbers.
     *
     * @throws MalformedFileException when one is none, with its place
     */
    public double[] values() throws MalformedFileException {
        double[] out = new double[rows.size()];
        for (int i = 0; i < out.length; i++) {
            Series row = rows.get(i);
            Double number = row.target() == null ? null : Cells.number(row.target(), false);
            if (number == null || !Double.isFinite(number)) {
                throw new MalformedFileException(
                        "%s: target got %s; expected a number. Set dataset.targets=classes if these"
                                .formatted(row.place(), row.target()) + " are classes");
            }
            out[i] = number;
        }
        return out;
    }

    /** Steps of the shortest series. */
    public int shortest() {
        return rows.stream().mapToInt(Series::length).min().orElseThrow();
    }

    /** Steps of the longest series. */
    public int longest() {
        return rows.stream().mapToInt(Series::length).max().orElseThrow();
    }

    /** Values that are missing, of all series. */
    public long missing() {
        return rows.stream().mapToLong(Series::missing).sum();
    }

    /** Some of the series, in this order. */
    public SeriesTable some(int[] indices) {
        return new SeriesTable(source, format, Arrays.stream(indices).mapToObj(rows::get).toList(), channels, kind,
                classes);
    }

    /** SHA-256 over channels, targets and values: the same data give the same one in whatever format they come. */
    public String hash() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(ByteBuffer.allocate(4).putInt(channels.size()).flip());
            for (Series row : rows) {
                byte[] target = String.valueOf(row.target()).getBytes(StandardCharsets.UTF_8);
                ByteBuffer bytes = ByteBuffer.allocate(Math.addExact(8 + target.length, 4 * row.values().length));
                bytes.putInt(row.values().length).putInt(target.length).put(target);
                for (float v : row.values()) {
                    bytes.putInt(Float.floatToIntBits(v));
                }
                sha.update(bytes.flip());
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
