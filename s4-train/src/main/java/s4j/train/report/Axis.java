package s4j.train.report;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis: the data's range, widened to ticks at 1, 2 or 5 times a power of ten; or, logarithmic, with ticks at such
 * values inside the range.
 *
 * @param min the axis' lower end
 * @param max its upper end
 * @param ticks where labels stand
 * @param logarithmic whether equal distances are equal ratios
 */
public record Axis(double min, double max, List<Double> ticks, boolean logarithmic) {
    private static final double[] STEPS = {1, 2, 5, 10};
    /** Beyond this ratio of the ends only powers of ten are labelled. */
    private static final double FEW_DECADES = 2000;
    /** Rounding of a power of ten. */
    private static final double SLACK = 1 + 1e-9;

    /** An axis over {@code [low, high]} with about {@code count} ticks; equal or non-finite ends get a range of one. */
    static Axis over(double low, double high, int count) {
        if (!(high > low)) {
            double middle = Double.isFinite(low) ? low : 0;
            double half = middle == 0 ? 0.5 : Math.abs(middle) / 2;
            return over(middle - half, middle + half, count);
        }
        double rough = (high - low) / count;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * 10;
        for (double s : STEPS) {
            if (s * power >= rough) {
                step = s * power;
                break;
            }
        }
        List<Double> ticks = new ArrayList<>();
        long first = (long) Math.floor(low / step + 1e-9);
        long last = (long) Math.ceil(high / step - 1e-9);
        for (long i = first; i <= last; i++) {
            ticks.add(i * step);
        }
        return new Axis(first * step, last * step, List.copyOf(ticks), false);
    }

    /** A logarithmic axis over {@code [low, high]}, widened to its outer ticks; ends that are not positive get a decade. */
    static Axis logarithmic(double low, double high) {
        if (!(low > 0 && high >= low && Double.isFinite(high))) {
            return logarithmic(1, 10);
        }
        boolean wide = high / low > FEW_DECADES;
        List<Double> ticks = new ArrayList<>();
        int first = (int) Math.floor(Math.log10(low) + 1e-9);
        int last = (int) Math.ceil(Math.log10(high) - 1e-9);
        for (int decade = first; decade <= Math.max(last, first + 1); decade++) {
            for (double s : wide ? new double[]{1} : new double[]{1, 2, 5}) {
                ticks.add(s * Math.pow(10, decade));
            }
        }
        double min = ticks.stream().filter(t -> t <= low * SLACK).max(Double::compare).orElse(low);
        double max = ticks.stream().filter(t -> t > min && t * SLACK >= high).min(Double::compare).orElse(high);
        return new Axis(min, max, ticks.stream().filter(t -> t >= min && t <= max).toList(), true);
    }

    /** The same ticks on an axis that ends with the data: time should not run on into empty space. */
    Axis endingAt(double low, double high) {
        double slack = (high - low) * 1e-9;
        return new Axis(low, high, ticks.stream().filter(t -> t >= low - slack && t <= high + slack).toList(),
                logarithmic);
    }

    /** Where {@code v} lies between the ends, 0 to 1. */
    double at(double v) {
        return logarithmic
                ? (Math.log(v) - Math.log(min)) / (Math.log(max) - Math.log(min))
                : (v - min) / (max - min);
    }
}
