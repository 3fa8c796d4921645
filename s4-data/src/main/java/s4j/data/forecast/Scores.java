package s4j.data.forecast;

/**
 * Errors of forecasts in the data's own unit, over all values that are known. NaN: nothing to say.
 *
 * @param count values
 * @param mse mean of (ŷ − y)²
 * @param mae mean of |ŷ − y|
 * @param smape mean of |ŷ − y| / (|ŷ| + |y|), from 0 to 1; 0/0 counts as 0
 * @param mase mean of |ŷ − y| / s, s the mean of |y_t − y_{t−m}| before the cut. Where s is 0, as of a constant series, a right value
 *     counts as 0 and a wrong one not at all: it is among {@code unscaled}
 * @param unscaled values that the MASE leaves out
 * @param pinball mean over quantiles and values of max(q d, (q − 1) d), d = y − ŷ_q
 * @param crps twice that: the continuous ranked probability score, as far as the quantiles know it
 * @param wql 2 Σ mean pinball / Σ |y|
 * @param coverage share of y in each interval, its ends included, the widest first
 */
@SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
public record Scores(long count, double mse, double mae, double smape, double mase, long unscaled, double pinball,
        double crps, double wql, double[] coverage) {
    /** √MSE. */
    public double rmse() { return Math.sqrt(mse); }

    /** Gathers values one by one. */
    static final class Sums {
        private final double[] levels;
        private final long[] inside;
        private double squared;
        private double absolute;
        private double relative;
        private double scaled;
        private double pinball;
        private double size;
        private long count;
        private long withScale;
        private long withQuantiles;

        /** Of quantiles of these levels, ascending. */
        Sums(double[] levels) {
            this.levels = levels;
            this.inside = new long[intervals(levels).length];
        }

        /**
         * One value.
         *
         * @param y what came
         * @param mean what was forecast
         * @param quantiles what was forecast, one a level; empty: none
         * @param scale the MASE's denominator; NaN: there is none
         */
        void add(double y, double mean, double[] quantiles, double scale) {
            double e = Math.abs(mean - y);
            squared += e * e;
            absolute += e;
            relative += e == 0 ? 0 : e / (Math.abs(mean) + Math.abs(y));
            size += Math.abs(y);
            count++;
            if (scale > 0 || (scale == 0 && e == 0)) {
                scaled += scale > 0 ? e / scale : 0;
                withScale++;
            }
            if (quantiles.length > 0) {
                double sum = 0;
                for (int i = 0; i < levels.length; i++) {
                    double d = y - quantiles[i];
                    sum += Math.max(levels[i] * d, (levels[i] - 1) * d);
                }
                pinball += sum / levels.length;
                withQuantiles++;
                for (int i = 0; i < inside.length; i++) {
                    inside[i] += quantiles[i] <= y && y <= quantiles[levels.length - 1 - i] ? 1 : 0;
                }
            }
        }

        Scores scores() {
            double[] coverage = new double[inside.length];
            java.util.Arrays.setAll(coverage, i -> (double) inside[i] / withQuantiles);
            double each = pinball / withQuantiles;
            return new Scores(count, squared / count, absolute / count, relative / count, scaled / withScale,
                    count - withScale, each, 2 * each, size == 0 ? Double.NaN : 2 * pinball / size, coverage);
        }
    }

    /** The shares that the intervals between levels q and 1 − q ought to cover, the widest first; without a partner a level has none. */
    public static double[] intervals(double[] levels) {
        int n = 0;
        while (n < levels.length / 2 && Math.abs(levels[n] + levels[levels.length - 1 - n] - 1) < 1e-9) {
            n++;
        }
        double[] out = new double[n];
        java.util.Arrays.setAll(out, i -> levels[levels.length - 1 - i] - levels[i]);
        return out;
    }
}
