package s4j.data.forecast;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/** The rows of one series as they come, and the even series that they become. */
final class TimeRows {
    private static final long MOST_STEPS = 10_000;
    private static final long MOST_STEPS_OF_A_ROW = 100;

    private final String id;
    private final int columns;
    private int[] codes = new int[16];
    private float[] values;
    private int n;
    private final List<LocalDateTime> local = new ArrayList<>();
    private final List<LocalDateTime> utc = new ArrayList<>();
    private @Nullable ZoneId zone;
    private List<String> fixed = List.of();

    /** Counts of what was repaired, over all series. */
    static final class Repairs {
        long unsorted;
        long duplicates;
        long off;
        long left;
        long rows;

        /** {@code order}: what is to be said of the order of day and month; empty: nothing. */
        List<String> said(TimeOptions o, String order) {
            List<String> out = new ArrayList<>(order.isEmpty() ? List.of() : List.of(order));
            add(out, unsorted, "%,d rows out of order: sorted");
            add(out, duplicates, "%,d duplicate stamps: " + switch (o.duplicates()) {
                case MEAN, FEW -> "their mean";
                case FIRST -> "the first kept";
                case LAST -> "the last kept";
                case REFUSE -> "refused";
            });
            add(out, off, "%,d of " + String.format(Locale.ROOT, "%,d", rows)
                    + " stamps off the axis: the mean of each step");
            add(out, left, "%,d steps left out: missing values");
            return out;
        }

        private static void add(List<String> out, long n, String text) {
            if (n > 0) {
                out.add(String.format(Locale.ROOT, text, n));
            }
        }
    }

    TimeRows(String id, int columns) {
        this.id = id;
        this.columns = columns;
        this.values = new float[16 * columns];
    }

    /** A series in a message, where it has a name. */
    static String named(String id) {
        return id.isEmpty() ? "" : "series " + id + ": ";
    }

    void add(int code, float[] row) {
        if (n == codes.length) {
            codes = Arrays.copyOf(codes, Math.multiplyExact(2, n));
            values = Arrays.copyOf(values, Math.multiplyExact(codes.length, columns));
        }
        System.arraycopy(row, 0, values, n * columns, columns);
        codes[n++] = code;
    }

    /** Takes what is the same in all its rows. */
    void fixed(List<String> row, List<String> names, String place) throws MalformedFileException {
        if (n > 0 && !row.equals(fixed)) {
            throw new MalformedFileException(
                    "%s, columns %s: got %s for series %s, which had %s before; expected the same"
                            .formatted(place, names, row, id, fixed) + " in all rows of a series. Is it dataset.past or"
                            + " dataset.future?");
        }
        fixed = List.copyOf(row);
    }

    /** Knows its times, sorted; equal ones are still there. */
    void place(List<Stamp> stamps, @Nullable ZoneId given, Repairs repairs) throws MalformedFileException {
        List<Stamp> own = IntStream.range(0, n).mapToObj(i -> stamps.get(codes[i])).toList();
        zone = given != null ? given : own.getLast().offset();
        LocalDateTime[] line = new LocalDateTime[n];
        for (int i = 0; i < n; i++) {
            line[i] = utc(own, i, given);
        }
        for (int i = 1; i < n; i++) {
            repairs.unsorted += line[i].isBefore(line[i - 1]) ? 1 : 0;
        }
        repairs.rows += n;
        int[] order = IntStream.range(0, n).boxed().sorted((a, b) -> line[a].compareTo(line[b]))
                .mapToInt(Integer::intValue).toArray();
        float[] sorted = new float[n * columns];
        ZoneId in = zone;
        for (int i = 0; i < n; i++) {
            System.arraycopy(values, order[i] * columns, sorted, i * columns, columns);
            utc.add(line[order[i]]);
            local.add(given != null && in != null
                    ? line[order[i]].atOffset(ZoneOffset.UTC).atZoneSameInstant(in).toLocalDateTime()
                    : own.get(order[i]).local());
        }
        values = sorted;
        codes = new int[0];
    }

    /** A stamp without an offset is read in the zone; of an hour that a clock shows twice, the second is the later one. */
    private LocalDateTime utc(List<Stamp> own, int i, @Nullable ZoneId given) throws MalformedFileException {
        Stamp s = own.get(i);
        if (s.offset() != null || given == null) {
            return s.utc();
        }
        List<ZoneOffset> valid = given.getRules().getValidOffsets(s.local());
        if (valid.isEmpty()) {
            throw new MalformedFileException(
                    "%s%s does not exist in %s, where clocks went forward; expected the"
                            .formatted(named(id), s.local(), given) + " zone of the stamps. Is dataset.zone right?");
        }
        boolean second = false;
        for (int j = i - 1; valid.size() > 1 && j >= 0 && !second && j > i - 4000; j--) {
            second = own.get(j).local().equals(s.local());
        }
        return s.local().minusSeconds(valid.get(second ? 1 : 0).getTotalSeconds());
    }

    /** Its frequency; null: irregular or too short. */
    @Nullable
    Frequency frequency(boolean whole) { return Inference.of(distinct(local), distinct(utc), whole); }

    private List<LocalDateTime> distinct(List<LocalDateTime> t) {
        List<LocalDateTime> out = new ArrayList<>();
        for (int i = 0; i < t.size(); i++) {
            if (i == 0 || !utc.get(i).equals(utc.get(i - 1))) {
                out.add(t.get(i));
            }
        }
        return out;
    }

    Frequency usual() { return Inference.usual(distinct(utc)); }

    int size() { return n; }

    /** Whether all its rows are of one time. */
    boolean still() { return distinct(utc).size() < 2; }

    /** The even series. */
    TimeSeries series(Frequency f, Spelling spelling, TimeOptions o, Repairs repairs) throws MalformedFileException {
        List<LocalDateTime> t = f.even() && zone != null ? utc : local;
        LocalDateTime start = t.getFirst();
        LocalDateTime anchor = f.anchor(t);
        boolean regular = t.stream().allMatch(x -> f.on(anchor, x));
        LocalDateTime origin = regular ? anchor : truncated(f, start);
        Axis axis = new Axis(f, spelling, origin, zone, f.floor(origin, start));
        int length = length(axis, t.getLast(), f);
        float[][] out = new float[columns][length];
        int[][] count = new int[columns][length];
        Arrays.stream(out).forEach(c -> Arrays.fill(c, Float.NaN));
        for (int i = 0; i < n; i++) {
            boolean again = i > 0 && utc.get(i).equals(utc.get(i - 1));
            repairs.duplicates += again ? 1 : 0;
            repairs.off += f.on(origin, t.get(i)) ? 0 : 1;
            if ((again && o.duplicates() == TimeOptions.Duplicates.REFUSE)
                    || (!regular && o.irregular() == TimeOptions.Irregular.REFUSE)) {
                throw new MalformedFileException(
                        "%s%s at %s; expected one row a step of %s. Write %s".formatted(
                                named(id), again ? "two rows" : "a stamp off the axis", t.get(i), f, again
                                        ? "dataset.duplicates=mean, first or last"
                                        : "dataset.irregular=resample"));
            }
            put(out, count, Math.toIntExact(axis.floor(t.get(i))), i, again ? o.duplicates() : null);
        }
        boolean[] seen = new boolean[length];
        t.forEach(x -> seen[(int) axis.floor(x)] = true);
        repairs.left += IntStream.range(0, length).filter(k -> !seen[k]).count();
        return new TimeSeries(id, axis, Arrays.asList(out), fixed);
    }

    /** A few rows far from each other are no series: a wrong stamp must not cost the memory of centuries. */
    private int length(Axis axis, LocalDateTime last, Frequency f) throws MalformedFileException {
        long length = axis.floor(last) + 1;
        if (length > MOST_STEPS + MOST_STEPS_OF_A_ROW * n) {
            throw new MalformedFileException(
                    "%sfrom %s to %s are %d steps of %s, but %d rows; expected at most %d steps a row. Is a stamp wrong, or"
                            .formatted(named(id), axis.local(0), last, length, f, n, MOST_STEPS_OF_A_ROW)
                            + " dataset.freq too fine?");
        }
        return Math.toIntExact(length);
    }

    /** The running mean of a step's rows. */
    private void put(float[][] out, int[][] count, int k, int i, TimeOptions.@Nullable Duplicates rule) {
        for (int c = 0; c < columns; c++) {
            float v = values[i * columns + c];
            if (Float.isNaN(v) || (rule == TimeOptions.Duplicates.FIRST && count[c][k] > 0)) {
                continue;
            }
            count[c][k] = rule == TimeOptions.Duplicates.LAST ? 1 : count[c][k] + 1;
            out[c][k] = count[c][k] == 1 ? v : out[c][k] + (v - out[c][k]) / count[c][k];
        }
    }

    private static LocalDateTime truncated(Frequency f, LocalDateTime t) {
        return switch (f.unit()) {
            case MILLIS -> LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC).plus(java.time.Duration.ofMillis(
                    f.count() * Math.floorDiv(java.time.Duration.between(LocalDateTime.ofEpochSecond(0, 0,
                            ZoneOffset.UTC), t).toMillis(), f.count())));
            case STEPS -> t;
            case DAYS, BUSINESS_DAYS -> t.toLocalDate().atStartOfDay();
            case MONTHS -> t.toLocalDate().withDayOfMonth(1).atStartOfDay();
            case MONTH_ENDS -> t.toLocalDate().withDayOfMonth(1).minusDays(1).atStartOfDay();
        };
    }
}
