package s4j.cli.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of one work for one contender.
 *
 * @param rounds milliseconds of each round, the median of its repetitions; empty: it did not get that far
 * @param stopped why there are fewer rounds than wanted; null: there are not
 * @param others share of the processor that other programs took during the rounds, 0 to 1; NaN: unknown
 */
public record Timing(List<Double> rounds, @Nullable String stopped, double others) {
    /** With nothing known about other programs. */
    public Timing(List<Double> rounds, @Nullable String stopped) {
        this(rounds, stopped, Double.NaN);
    }

    /** Copies the list. */
    public Timing {
        rounds = List.copyOf(rounds);
    }

    /** Whether there is a figure. */
    public boolean measured() { return !rounds.isEmpty(); }

    /** Whether other programs took so much that the figure is not to be trusted. */
    public boolean disturbed() {
        return measured() && others > OtherPrograms.TOLERATED;
    }

    /** The median of the rounds. */
    public double median() {
        return middle(rounds.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The fastest round. */
    public double min() { return rounds.stream().min(Double::compare).orElse(Double.NaN); }

    /** The slowest round. */
    public double max() { return rounds.stream().max(Double::compare).orElse(Double.NaN); }

    /** The middle of some values; NaN of none. */
    static double middle(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /** E.g. {@code 31.2 ms (30.9 … 32.0)}, or why not. */
    @Override
    public String toString() {
        if (!measured()) {
            return stopped == null ? "–" : stopped;
        }
        return String.format(Locale.ROOT, "%s ms (%s … %s)", number(median()), number(min()), number(max()));
    }

    /** Three digits, all before the point. */
    static String number(double v) {
        int decimals = v >= 100 ? 0 : v >= 10 ? 1 : v >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", v);
    }
}
