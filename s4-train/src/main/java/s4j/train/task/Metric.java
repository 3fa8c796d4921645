package s4j.train.task;

import java.util.Map;

/**
 * A number by which a task is judged.
 *
 * @param name in configurations and in the metrics files
 * @param higherIsBetter whether a larger one is better
 */
public record Metric(String name, boolean higherIsBetter) {
    /** The mean loss. */
    public static final Metric LOSS = new Metric("loss", false);

    /** Whether {@code a} is better than {@code b}; any number is better than NaN. */
    public boolean better(double a, double b) {
        return Double.isNaN(b) ? !Double.isNaN(a) : higherIsBetter ? a > b : a < b;
    }

    /** Whether an evaluation is better than another; of equals (a small split is soon all right) the one of the lower loss. */
    public boolean better(Map<String, Double> a, Map<String, Double> b) {
        double first = a.getOrDefault(name, Double.NaN);
        double second = b.getOrDefault(name, Double.NaN);
        boolean equal = first == second && !equals(LOSS);
        return equal ? LOSS.better(a, b) : better(first, second);
    }
}
