package s4j.data.forecast;

import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.data.series.Scaling;
import s4j.io.TensorData;

/**
 * A series with its scale, as inputs are made of it: gaps hold the last value before them, so that nothing later is ever seen;
 * before the first value stands the mean.
 */
public final class SeriesInput {
    final TimeSeries series;
    final Scaling scaling;
    private final float[][] filled;

    /** With one mean and std a column. */
    public SeriesInput(TimeSeries series, Scaling scaling) {
        this.series = series;
        this.scaling = scaling;
        this.filled = new float[series.columns().size()][];
        for (int c = 0; c < filled.length; c++) {
            filled[c] = series.missing(c) == 0
                    ? series.columns().get(c)
                    : filled(series.columns().get(c), (float) scaling.mean()[c]);
        }
    }

    private static float[] filled(float[] x, float mean) {
        float[] out = x.clone();
        float before = mean;
        for (int t = 0; t < out.length; t++) {
            before = Float.isNaN(out[t]) ? before : out[t];
            out[t] = before;
        }
        return out;
    }

    /** The standardised value of a column at a step, the last before where it is missing; steps before the first repeat it. */
    float value(int c, int t) {
        return (float) ((filled[c][Math.max(t, 0)] - scaling.mean()[c]) / scaling.std()[c]);
    }

    /** The standardised value; NaN: missing, or behind the end. */
    float known(int c, int t) {
        float[] x = series.columns().get(c);
        return t >= x.length ? Float.NaN : (float) ((x[t] - scaling.mean()[c]) / scaling.std()[c]);
    }

    /** Scales of a series' own first steps. */
    static Scaling scaling(TimeSeries s, int from, int to) {
        int n = s.columns().size();
        double[] mean = new double[n];
        double[] std = new double[n];
        for (int c = 0; c < n; c++) {
            float[] x = s.columns().get(c);
            double[] values = IntStream.range(from, to).filter(t -> !Float.isNaN(x[t]))
                    .mapToDouble(t -> x[t]).toArray();
            Scaling one = Scaling.of(values);
            mean[c] = one.mean()[0];
            std[c] = one.std()[0];
        }
        return new Scaling(mean, std);
    }

    /** The scale that all series have, as a model file holds it; null: each has its own. */
    static @Nullable Scaling shared(Map<String, TensorData> tensors) {
        TensorData mean = tensors.get("data.series_mean");
        TensorData std = tensors.get("data.series_std");
        return mean == null || std == null
                ? null
                : new Scaling(IntStream.range(0, (int) mean.size()).mapToDouble(mean::get).toArray(),
                        IntStream.range(0, (int) std.size()).mapToDouble(std::get).toArray());
    }
}
