package s4j.data.forecast;

import java.util.Arrays;
import s4j.data.forecast.Ets.Season;
import s4j.data.forecast.Ets.Trend;

/**
 * One exponential smoothing that ran over a series: with level l, trend b, season s and e = y − ŷ
 *
 * <pre>
 * ŷ  = (l + φ b) + s      or (l + φ b) s
 * l' = l + φ b + α e      b' = φ b + β e     s' = s + γ e
 * </pre>
 *
 * where e is divided by s in l' and b' and by l + φ b in s' if the season multiplies.
 */
final class Smoothed {
    private final Trend trend;
    private final Season kind;
    private final int m;
    private final double[] parameters;
    private final double[] season;
    private double level;
    private double slope;
    private int steps;
    private double variance;
    private double criterion;

    private Smoothed(double[] y, Trend trend, Season kind, int m, double[] parameters) {
        this.trend = trend;
        this.kind = kind;
        this.m = kind == Season.NONE ? 1 : m;
        this.parameters = parameters;
        this.season = new double[this.m];
        begin(y);
        run(y);
    }

    static Smoothed fit(double[] y, Trend trend, Season kind, int m) {
        double[] free = NelderMead.least(x -> new Smoothed(y, trend, kind, m, bounded(x)).criterion,
                new double[]{-1, -3, -2, 2}, free(trend, kind));
        return new Smoothed(y, trend, kind, m, bounded(free));
    }

    /** Which of α, β, γ, φ a model has. */
    private static boolean[] free(Trend trend, Season kind) {
        return new boolean[]{true, trend != Trend.NONE, kind != Season.NONE, trend == Trend.DAMPED};
    }

    /** α in 0 to 1, β below α, γ below 1 − α, φ from 0.8 to 0.98. */
    private static double[] bounded(double[] x) {
        double alpha = 1e-4 + 0.9998 * logistic(x[0]);
        return new double[]{alpha, alpha * logistic(x[1]), (1 - alpha) * logistic(x[2]), 0.8 + 0.18 * logistic(x[3])};
    }

    private static double logistic(double x) { return 1 / (1 + Math.exp(-x)); }

    /** States of the first seasons: their means, the difference of these, and what is left at each place of a season. */
    private void begin(double[] y) {
        int seasons = Math.min(y.length / m, 5);
        double first = Arrays.stream(y, 0, m).average().orElse(0);
        int last = Math.min(seasons, m == 1 ? 5 : 3) - 1;
        double later = last < 1 ? first : Arrays.stream(y, last * m, (last + 1) * m).average().orElse(first);
        double step = last < 1 ? 0 : (later - first) / ((double) last * m);
        slope = trend == Trend.NONE ? 0 : step;
        level = first - slope * (m + 1) / 2;
        Arrays.fill(season, kind == Season.MULTIPLICATIVE ? 1 : 0);
        if (kind == Season.NONE) {
            return;
        }
        Arrays.fill(season, 0);
        for (int k = 0; k < seasons; k++) {
            double mean = Arrays.stream(y, k * m, (k + 1) * m).average().orElse(0);
            for (int i = 0; i < m; i++) {
                double expected = mean + step * (i - (m - 1) / 2.0);
                double v = y[k * m + i];
                season[i] += (kind == Season.ADDITIVE ? v - expected : v / Math.max(expected, 1e-9)) / seasons;
            }
        }
        double mean = Arrays.stream(season).average().orElse(0);
        for (int i = 0; i < m; i++) {
            season[i] = kind == Season.ADDITIVE ? season[i] - mean : season[i] / mean;
        }
    }

    private double damping() { return trend == Trend.DAMPED ? parameters[3] : 1; }

    private void run(double[] y) {
        double squares = 0;
        double logs = 0;
        for (double v : y) {
            int i = steps % m;
            double base = level + damping() * slope;
            boolean times = kind == Season.MULTIPLICATIVE;
            double expected = times ? base * season[i] : base + season[i];
            double e = v - expected;
            double relative = times ? e / guarded(expected) : e;
            squares += relative * relative;
            logs += times ? 2 * Math.log(Math.abs(guarded(expected))) : 0;
            double own = times ? e / guarded(season[i]) : e;
            level = base + parameters[0] * own;
            slope = trend == Trend.NONE ? 0 : damping() * slope + parameters[1] * own;
            season[i] += kind == Season.NONE ? 0 : parameters[2] * (times ? e / guarded(base) : e);
            steps++;
        }
        variance = squares / steps;
        int k = 3 + (trend == Trend.NONE ? 0 : 2) + (trend == Trend.DAMPED ? 1 : 0) + (kind == Season.NONE ? 0 : m + 1);
        double correction = steps - k - 1 > 0 ? 2.0 * k * (k + 1) / (steps - k - 1) : 1e9;
        double c = steps * Math.log(Math.max(variance, 1e-300)) + logs + 2.0 * k + correction;
        criterion = Double.isFinite(c) ? c : 1e300;
    }

    private static double guarded(double v) { return Math.abs(v) < 1e-9 ? Math.copySign(1e-9, v) : v; }

    /** AICc. */
    double criterion() { return criterion; }

    /** What the steps ahead are expected to be. */
    double[] forecast(int horizon) {
        double[] out = new double[horizon];
        double path = 0;
        double factor = 1;
        for (int h = 0; h < horizon; h++) {
            factor *= damping();
            path += factor * slope;
            double s = season[(steps + h) % m];
            out[h] = kind == Season.MULTIPLICATIVE ? (level + path) * s : level + path + s;
        }
        return out;
    }

    /** σ √(1 + Σ c_j²), c_j = α + β Σ_{i≤j} φⁱ + γ [m divides j]; of relative errors times the forecast, which is near enough. */
    double[] spread(int horizon) {
        double[] mean = forecast(horizon);
        double[] out = new double[horizon];
        double sum = 1;
        double damped = 0;
        double factor = 1;
        for (int h = 0; h < horizon; h++) {
            out[h] = Math.sqrt(variance * sum) * (kind == Season.MULTIPLICATIVE ? Math.abs(mean[h]) : 1);
            factor *= damping();
            damped += factor;
            double c = parameters[0] + (trend == Trend.NONE ? 0 : parameters[1] * damped)
                    + (kind != Season.NONE && (h + 1) % m == 0 ? parameters[2] : 0);
            sum += c * c;
        }
        return out;
    }
}
