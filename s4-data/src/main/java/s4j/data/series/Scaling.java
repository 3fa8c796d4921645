package s4j.data.series;

import java.util.Arrays;

/**
 * Numbers per channel to mean 0 and standard deviation 1, {@code (x − mean) / std}, and back.
 *
 * @param mean {@code [d]}
 * @param std {@code [d]}, positive
 */
public record Scaling(double[] mean, double[] std) {
    /** Checks sizes and signs. */
    public Scaling {
        if (mean.length != std.length || Arrays.stream(std).anyMatch(s -> !(s > 0) || Double.isInfinite(s))) {
            throw new IllegalArgumentException(
                    "mean " + Arrays.toString(mean) + ", std " + Arrays.toString(std) + "; expected positive std");
        }
    }

    /** Changes nothing. */
    public static Scaling none(int channels) {
        double[] one = new double[channels];
        Arrays.fill(one, 1);
        return new Scaling(new double[channels], one);
    }

    /** Over all values that are there; a channel that never changes keeps its spread. */
    public static Scaling of(SeriesTable training) {
        int d = training.channels().size();
        double[] mean = new double[d];
        double[] std = new double[d];
        for (int c = 0; c < d; c++) {
            int channel = c;
            double[] values = training.rows().stream().flatMapToDouble(row -> row.channel(channel))
                    .filter(v -> !Double.isNaN(v)).toArray();
            Scaling one = of(values);
            mean[c] = one.mean[0];
            std[c] = one.std[0];
        }
        return new Scaling(mean, std);
    }

    /** Of one channel with these values. */
    public static Scaling of(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0);
        double std = Math.sqrt(variance);
        // below that the spread is rounding
        return new Scaling(new double[]{mean}, new double[]{std > 1e-7 * Math.abs(mean) && std > 0 ? std : 1});
    }

    /** Scaled values, {@code [l, d]}. */
    public float[] apply(float[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = i % mean.length;
            out[i] = (float) ((x[i] - mean[c]) / std[c]);
        }
        return out;
    }

    /** What {@link #apply} makes of it again. */
    public float[] reverse(float[] y) {
        float[] out = new float[y.length];
        for (int i = 0; i < y.length; i++) {
            int c = i % mean.length;
            out[i] = (float) (y[i] * std[c] + mean[c]);
        }
        return out;
    }
}
