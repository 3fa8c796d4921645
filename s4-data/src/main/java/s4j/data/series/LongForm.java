package s4j.data.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;

/**
 * One row a step: rows with one id are a series, in the order of their time (without a time column: of the file), in whatever
 * order they stand. Where the times of all series are multiples of one step, steps that a table leaves out become missing
 * values; else ({@code unevenly spaced}) the rows follow each other as they are.
 */
final class LongForm {
    private static final String ONE = "";

    private final Table table;
    private final Columns columns;
    private final Map<String, Steps> series = new LinkedHashMap<>();

    private LongForm(Table table, SeriesOptions options) {
        this.table = table;
        this.columns = Columns.of(table, options);
    }

    static SeriesTable read(Table table, SeriesOptions options) throws IOException {
        LongForm form = new LongForm(table, options);
        while (table.next()) {
            form.row(options);
        }
        for (Steps steps : form.series.values()) {
            steps.sort();
        }
        double step = form.columns.time() < 0 ? 0 : form.step();
        List<Series> rows = new ArrayList<>();
        for (Map.Entry<String, Steps> e : form.series.entrySet()) {
            rows.add(e.getValue().series(e.getKey().equals(ONE) ? null : e.getKey(), step));
        }
        String format = "one row a step" + (form.columns.time() >= 0 && step == 0 ? ", unevenly spaced" : "");
        return SeriesTable.of(table.name(), format, rows, form.columns.names(table), null, List.of());
    }

    private void row(SeriesOptions options) throws IOException {
        String id = columns.id() < 0 ? ONE : table.text(columns.id());
        if (id == null) {
            throw new MalformedFileException(table.place() + ", column " + options.id()
                    + ": the id is missing; expected the name of the series that this row belongs to");
        }
        String target = columns.target(table);
        if (target == null && options.labelled()) {
            throw new MalformedFileException(table.place() + ": the target is missing; expected one in every row");
        }
        Steps steps = series.get(id);
        if (steps == null) {
            steps = new Steps(target, table.place(), columns.values().length);
            series.put(id, steps);
        }
        if (!Objects.equals(steps.target, target)) {
            throw new MalformedFileException(
                    "%s: target '%s' of series %s; expected '%s' as in %s: a series has one target"
                            .formatted(table.place(), target, id, steps.target, steps.place));
        }
        double time = columns.time() < 0
                ? steps.n
                : Times.parse(table.text(columns.time()), table.place() + ", column " + options.time());
        steps.add(time, table, columns.values());
    }

    /** The smallest distance in time, where all distances are multiples of it and fewer steps are left out than given; or 0. */
    private double step() {
        double least = Double.POSITIVE_INFINITY;
        for (Steps s : series.values()) {
            for (int i = 1; i < s.n; i++) {
                least = Math.min(least, s.times[i] - s.times[i - 1]);
            }
        }
        long given = 0;
        double left = 0;
        for (Steps s : series.values()) {
            for (int i = 1; i < s.n; i++) {
                double steps = (s.times[i] - s.times[i - 1]) / least;
                if (Math.abs(steps - Math.rint(steps)) > 1e-6 * steps) {
                    return 0;
                }
                left += Math.rint(steps) - 1;
                given++;
            }
        }
        return left < given ? least : 0;
    }

    /** The steps of one series, as they come. */
    private static final class Steps {
        private final @Nullable String target;
        private final String place;
        private final int channels;
        private double[] times = new double[16];
        private float[] values;
        private int n;

        Steps(@Nullable String target, String place, int channels) {
            this.target = target;
            this.place = place;
            this.channels = channels;
            this.values = new float[16 * channels];
        }

        void add(double time, Table table, int[] columns) throws IOException {
            if (n == times.length) {
                times = Arrays.copyOf(times, Math.multiplyExact(2, n));
                values = Arrays.copyOf(values, Math.multiplyExact(times.length, channels));
            }
            for (int c = 0; c < channels; c++) {
                values[n * channels + c] = (float) table.number(columns[c]);
            }
            times[n++] = time;
        }

        /** By time; equal times are refused. */
        void sort() throws MalformedFileException {
            boolean inOrder = true;
            for (int i = 1; i < n; i++) {
                inOrder &= times[i - 1] < times[i];
            }
            if (!inOrder) {
                Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
                Arrays.sort(order, (a, b) -> Double.compare(times[a], times[b]));
                double[] t = new double[n];
                float[] v = new float[n * channels];
                for (int i = 0; i < n; i++) {
                    t[i] = times[order[i]];
                    System.arraycopy(values, order[i] * channels, v, i * channels, channels);
                }
                times = t;
                values = v;
            }
            for (int i = 1; i < n; i++) {
                if (times[i - 1] == times[i]) {
                    throw new MalformedFileException(
                            "%s: the series that begins here has two rows of the time %s; expected"
                                    .formatted(place, Times.print(times[i])) + " one. Is dataset.id the right column?");
                }
            }
        }

        Series series(@Nullable String id, double step) {
            int length = step == 0 || n == 1 ? n : 1 + (int) Math.rint((times[n - 1] - times[0]) / step);
            float[] out = new float[length * channels];
            Arrays.fill(out, Float.NaN);
            for (int i = 0; i < n; i++) {
                int at = step == 0 ? i : (int) Math.rint((times[i] - times[0]) / step);
                System.arraycopy(values, i * channels, out, at * channels, channels);
            }
            return new Series(out, channels, target, id, place);
        }
    }
}
