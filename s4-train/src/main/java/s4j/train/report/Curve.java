package s4j.train.report;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * A metric over training steps, for training and validation.
 *
 * @param title of the chart
 * @param metric its name in the metrics files
 * @param unit from the metric to what is drawn
 * @param words what is drawn, for those who cannot see it
 * @param references levels to compare with, by name
 */
public record Curve(String title, String metric, DoubleUnaryOperator unit, String words,
        Map<String, Double> references) {
    /** A metric as it is. */
    public static Curve of(String title, String metric) {
        return new Curve(title, metric, DoubleUnaryOperator.identity(), metric, Map.of());
    }
}
