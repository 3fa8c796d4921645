package s4j.data.forecast;

import java.util.stream.IntStream;

/**
 * Errors over windows, steps and channels, each value once: of standardised values, as the papers report, and in the data's own
 * unit.
 *
 * @param mse mean squared error of standardised values
 * @param mae mean absolute error of standardised values
 * @param unitMse in the data's unit
 * @param unitMae in the data's unit
 * @param count values
 */
public record ForecastErrors(double mse, double mae, double unitMse, double unitMae, long count) {
    private static final int AT_ONCE = 256;
    private static final int MOST_FOR_STEPS = 4000;

    /** Of a simple model on the first {@code most} windows. Missing values do not count. */
    public static ForecastErrors of(Forecaster model, Windows windows, int most) {
        int n = Math.min(windows.size(), most);
        double[] sums = new double[5];
        // pieces are added in their order, so that the result does not depend on threads
        for (int from = 0; from < n; from += AT_ONCE * 64) {
            int end = Math.min(n, from + AT_ONCE * 64);
            int start = from;
            double[][] pieces = IntStream.range(0, Math.ceilDiv(end - from, AT_ONCE)).parallel().mapToObj(p -> piece(
                    model, windows, start + p * AT_ONCE, Math.min(end, start + (p + 1) * AT_ONCE)))
                    .toArray(double[][]::new);
            for (double[] p : pieces) {
                for (int k = 0; k < sums.length; k++) {
                    sums[k] += p[k];
                }
            }
        }
        return new ForecastErrors(sums[0] / sums[4], sums[1] / sums[4], sums[2] / sums[4], sums[3] / sums[4],
                (long) sums[4]);
    }

    /** The mean squared error of each step of the horizon, in units of the model's own scale of each window. */
    static double[] steps(LinearForecast model, Windows windows, int from, int to) {
        int horizon = windows.layout.horizon();
        // some windows are enough for a spread
        int step = Math.max(1, (to - from) / MOST_FOR_STEPS);
        double[] sums = new double[horizon];
        long[] counts = new long[horizon];
        for (int i = from; i < to; i += step) {
            SeriesInput in = windows.input(i);
            for (int c : windows.layout.wanted()) {
                double[] f = model.forecast(in, c, windows.cut(i));
                double scale = model.kind().scale(in, c, windows.cut(i), model.context());
                for (int h = 0; h < horizon; h++) {
                    float y = in.known(c, windows.cut(i) + h);
                    if (!Float.isNaN(y)) {
                        sums[h] += (f[h] - y) / scale * ((f[h] - y) / scale);
                        counts[h]++;
                    }
                }
            }
        }
        return IntStream.range(0, horizon).mapToDouble(h -> counts[h] == 0 ? 1 : sums[h] / counts[h]).toArray();
    }

    private static double[] piece(Forecaster model, Windows windows, int from, int to) {
        double[] sums = new double[5];
        for (int i = from; i < to; i++) {
            SeriesInput in = windows.input(i);
            for (int c : windows.layout.wanted()) {
                double[] f = model.forecast(in, c, windows.cut(i));
                for (int h = 0; h < f.length; h++) {
                    float y = in.known(c, windows.cut(i) + h);
                    if (!Float.isNaN(y)) {
                        double e = f[h] - y;
                        double unit = e * in.scaling.std()[c];
                        sums[0] += e * e;
                        sums[1] += Math.abs(e);
                        sums[2] += unit * unit;
                        sums[3] += Math.abs(unit);
                        sums[4]++;
                    }
                }
            }
        }
        return sums;
    }
}
