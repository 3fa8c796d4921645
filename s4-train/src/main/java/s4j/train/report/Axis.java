package s4j.train.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear axis: the data's range, widened to ticks at 1, 2 or 5 times a power of ten.
 *
 * @param min the axis' lower end
 * @param max its upper end
 * @param ticks where labels stand
 */
record Axis(double min, double max, List<Double> ticks) {
    private static final double[] STEPS = {1, 2, 5, 10};

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
        return new Axis(first * step, last * step, List.copyOf(ticks));
    }

    /** The same ticks on an axis that ends with the data: time should not run on into empty space. */
    Axis endingAt(double low, double high) {
        double slack = (high - low) * 1e-9;
        return new Axis(low, high, ticks.stream().filter(t -> t >= low - slack && t <= high + slack).toList());
    }

    /** Where {@code v} lies between the ends, 0 to 1. */
    double at(double v) { return (v - min) / (max - min); }
}
