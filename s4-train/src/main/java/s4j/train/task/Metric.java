package s4j.train.task;

/**
 * A number by which a task is judged.
 *
 * @param name in configurations and in the metrics files
 * @param higherIsBetter whether a larger one is better
 */
public record Metric(String name, boolean higherIsBetter) {
    /** The mean loss. */
    public static final Metric LOSS = new Metric("loss", false);

    /** Whether {@code a} is better than {@code b}. */
    public boolean better(double a, double b) {
        return higherIsBetter ? a > b : a < b;
    }
}
