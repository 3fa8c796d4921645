package s4j.data.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Exponential smoothing in its state space form (Hyndman et al. 2008): level, trend (none, additive, damped) and season (none,
 * additive, multiplicative), the one of the least AICc, with a season where the autocorrelation says that there is one; its parameters by least squares of one-step errors. Of multiplicative seasons
 * the errors are relative.
 *
 * @param season m; 1: none
 */
public record Ets(int horizon, int season) implements Forecaster {
    /** Older steps than so many change nothing any more. */
    private static final int MOST_STEPS = 2000;

    /** What the trend does. */
    enum Trend {
        NONE, ADDITIVE, DAMPED
    }

    /** What the season does. */
    enum Season {
        NONE, ADDITIVE, MULTIPLICATIVE
    }

    @Override
    public String name() { return "ets"; }

    @Override
    public double[] forecast(SeriesInput input, int column, int cut) { return expected(input, column, cut).mean(); }

    /** In the data's own unit: a season multiplies what is positive, not what was standardised. */
    @Override
    public Expected expected(SeriesInput input, int column, int cut) {
        int n = Math.min(cut, Math.max(MOST_STEPS, 6 * season));
        double mean = input.scaling.mean()[column];
        double std = input.scaling.std()[column];
        double[] y = new double[n];
        Arrays.setAll(y, t -> input.value(column, cut - n + t) * std + mean);
        Smoothed best = best(y);
        double[] out = best.forecast(horizon);
        double[] spread = best.spread(horizon);
        for (int h = 0; h < horizon; h++) {
            out[h] = (out[h] - mean) / std;
            spread[h] /= std;
        }
        return new Expected(out, spread);
    }

    /** The model of the least AICc. */
    Smoothed best(double[] y) {
        List<Smoothed> all = new ArrayList<>();
        boolean positive = Arrays.stream(y).min().orElse(0) > 0;
        boolean seasonal = season > 1 && y.length >= 2 * season + 5;
        boolean needed = seasonal && seasonal(y);
        for (Trend trend : Trend.values()) {
            for (Season kind : Season.values()) {
                boolean fits = kind == Season.NONE ? !needed : seasonal && (kind == Season.ADDITIVE || positive);
                if (fits && (trend == Trend.NONE || y.length > 4)) {
                    all.add(Smoothed.fit(y, trend, kind, season));
                }
            }
        }
        Smoothed least = all.getFirst();
        for (Smoothed s : all) {
            least = s.criterion() < least.criterion() ? s : least;
        }
        return least;
    }

    /** The test of the M4 competition: the autocorrelation at lag m is far from what those before it leave to chance. */
    private boolean seasonal(double[] y) {
        double mean = Arrays.stream(y).average().orElse(0);
        double sum = 1;
        double at = 0;
        double variance = 0;
        for (double v : y) {
            variance += (v - mean) * (v - mean);
        }
        for (int lag = 1; lag <= season; lag++) {
            double c = 0;
            for (int t = lag; t < y.length; t++) {
                c += (y[t] - mean) * (y[t - lag] - mean);
            }
            at = c / Math.max(variance, 1e-300);
            sum += lag < season ? 2 * at * at : 0;
        }
        return at > 1.645 * Math.sqrt(sum / y.length);
    }
}
