package s4j.data.forecast;

import java.util.Arrays;
import java.util.List;

/**
 * A series on an even axis. Compared by identity.
 *
 * @param id its name
 * @param axis times of its steps
 * @param columns values of each column {@code [l]}, NaN where there is none; columns that series share may be one array
 * @param statics what holds for all of its steps, one text for each static column of its table
 */
@SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
public record TimeSeries(String id, Axis axis, List<float[]> columns, List<String> statics) {
    /** Without static columns. */
    public TimeSeries(String id, Axis axis, List<float[]> columns) {
        this(id, axis, columns, List.of());
    }

    /** Checks the lengths. */
    public TimeSeries {
        int l = columns.getFirst().length;
        if (columns.stream().anyMatch(c -> c.length != l)) {
            throw new IllegalArgumentException("series " + id + ": columns of different lengths");
        }
        columns = List.copyOf(columns);
        statics = List.copyOf(statics);
    }

    /** Steps. */
    public int length() { return columns.getFirst().length; }

    /** Values that are missing in column {@code c}. */
    public int missing(int c) {
        int n = 0;
        for (float v : columns.get(c)) {
            n += Float.isNaN(v) ? 1 : 0;
        }
        return n;
    }

    /** Steps up to the last at which one of the first {@code targets} columns has a value. */
    int knownSteps(int targets) {
        int n = length();
        while (n > 0) {
            int last = n - 1;
            if (columns.subList(0, targets).stream().anyMatch(c -> !Float.isNaN(c[last]))) {
                return n;
            }
            n--;
        }
        return 0;
    }

    /** Whether each of the first {@code targets} columns has a value before a step. */
    boolean known(int targets, int step) {
        for (int c = 0; c < targets; c++) {
            int t = 0;
            while (t < step && Float.isNaN(columns.get(c)[t])) {
                t++;
            }
            if (t >= step) {
                return false;
            }
        }
        return true;
    }

    /** Its first steps. */
    public TimeSeries head(int steps) {
        return new TimeSeries(id, axis, columns.stream().map(c -> Arrays.copyOf(c, steps)).toList(), statics);
    }
}
