package s4j.data.forecast;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.io.TensorData;
import s4j.model.Outputs;

/**
 * How a forecasting network's outputs are read: as its objective says, with intervals as wide as they had to be on the validation split
 * (conformal: a quantile's distance from the median times a factor of its step).
 *
 * @param outputs what they mean
 * @param widths factors {@code [h]}
 */
@SuppressWarnings("ArrayRecordComponent") // made once, then read
public record Reading(Outputs outputs, double[] widths) {
    /** The factors in a model file. */
    static final String WIDTHS = "data.interval_widths";

    /** As a model file holds it; without factors they are 1. */
    static Reading of(Outputs outputs, Map<String, TensorData> tensors, int steps) {
        @Nullable
        TensorData t = tensors.get(WIDTHS);
        if (t != null && t.size() != steps) {
            throw new IllegalArgumentException("its intervals have " + t.size() + " widths; expected " + steps);
        }
        double[] widths = new double[steps];
        Arrays.fill(widths, 1);
        return new Reading(outputs, t == null ? widths : IntStream.range(0, steps).mapToDouble(t::get).toArray());
    }

    /** For a model file. */
    public Map<String, TensorData> tensors() {
        return Map.of(WIDTHS, TensorData.of(widths, widths.length));
    }

    /**
     * A quantile of a number.
     *
     * @param y outputs
     * @param at where the number's begin
     * @param step of the horizon
     * @param level above 0 and below 1
     */
    public double quantile(float[] y, int at, int step, double level) {
        double q = outputs.quantile(y, at, level);
        if (widths[step] == 1) {
            return q;
        }
        double median = outputs.quantile(y, at, 0.5);
        return median + widths[step] * (q - median);
    }
}
