package s4j.data.forecast;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The linear model in closed form: ŷ − x_L = (x − x_L) W + b for a context x of L values and its last x_L, W = (XᵀX + λI)⁻¹XᵀY
 * over the centred training windows, λ chosen on the validation windows. All channels and series share W and b. It is NLinear (Zeng et al. 2023) without
 * the noise of training; {@link Kind} has its relatives.
 */
public final class LinearForecast implements Forecaster {
    /** λ as shares of XᵀX's mean diagonal. */
    private static final double[] SHARES = {1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1};

    private final Kind kind;
    private final int context;
    private final int horizon;
    private final double[] weights;
    private final double[] bias;
    private final double lambda;

    /** What a window's values are seen as. */
    public enum Kind {
        /** NLinear (Zeng et al. 2023): what is left when the last value is subtracted. */
        NLINEAR,
        /** The same, divided by the standard deviation of the context: what swings wider at a higher level is one pattern. */
        SCALED,
        /**
         * DLinear (Zeng et al. 2023): a moving average over 25 steps and what it leaves, each with weights of its own. Together they are
         * one linear map of the values; λ weighs the two parts' weights.
         */
        DLINEAR;

        /** A flat context is not magnified without end. */
        private static final double LEAST_SCALE = 0.05;

        double origin(SeriesInput in, int c, int cut) { return this == DLINEAR ? 0 : in.value(c, cut - 1); }

        double scale(SeriesInput in, int c, int cut, int l) {
            if (this != SCALED) {
                return 1;
            }
            double sum = 0;
            double squares = 0;
            for (int j = 1; j <= l; j++) {
                double v = in.value(c, cut - j);
                sum += v;
                squares += v * v;
            }
            return Math.max(LEAST_SCALE, Math.sqrt(Math.max(0, squares / l - sum / l * (sum / l))));
        }
    }

    /** Of weights {@code [context, horizon]} and biases {@code [horizon]}. */
    LinearForecast(Kind kind, double[] weights, double[] bias, double lambda) {
        this.kind = kind;
        this.context = weights.length / bias.length;
        this.horizon = bias.length;
        this.weights = weights;
        this.bias = bias;
        this.lambda = lambda;
    }

    Kind kind() { return kind; }

    int context() { return context; }

    double[] weights() { return weights; }

    double[] bias() { return bias; }

    /** The share of XᵀX's mean diagonal that was chosen as λ. */
    public double lambda() { return lambda; }

    /**
     * Fits; a context that is longer than that of the windows looks further back.
     *
     * @param context L
     * @return null: there is no window to train on
     */
    public static @Nullable LinearForecast fit(Windows train, Windows validation, int context, Kind kind) {
        NormalEquations fitted = NormalEquations.of(train, 0, train.size(), context, kind);
        if (fitted.count() == 0) {
            return null;
        }
        NormalEquations chosen = NormalEquations.of(validation, 0, validation.size(), context, kind);
        double[] best = new double[0];
        double least = Double.POSITIVE_INFINITY;
        double lambda = SHARES[0];
        for (double share : chosen.count() == 0 ? new double[]{1e-2} : SHARES) {
            double[] w = fitted.solve(share, null);
            double error = chosen.count() == 0 ? 0 : chosen.error(w, fitted.bias(w));
            if (error < least) {
                least = error;
                best = w;
                lambda = share;
            }
        }
        return new LinearForecast(kind, best, fitted.bias(best), lambda);
    }

    /** NLinear. */
    public static @Nullable LinearForecast fit(Windows train, Windows validation, int context) {
        return fit(train, validation, context, Kind.NLINEAR);
    }

    @Override
    public String name() { return kind.name().toLowerCase(Locale.ROOT); }

    @Override
    public double[] forecast(SeriesInput input, int column, int cut) {
        double origin = kind.origin(input, column, cut);
        double scale = kind.scale(input, column, cut, context);
        double[] out = bias.clone();
        for (int j = 0; j < context; j++) {
            double v = (input.value(column, cut - context + j) - origin) / scale;
            for (int h = 0; h < horizon; h++) {
                out[h] += v * weights[j * horizon + h];
            }
        }
        for (int h = 0; h < horizon; h++) {
            out[h] = origin + scale * out[h];
        }
        return out;
    }

    /** The simple models beside which a network is put. */
    public static List<Forecaster> simple(Frequency f, int horizon) {
        return f.season() == 1
                ? List.of(new Naive(horizon), new Drift(horizon))
                : List.of(new Naive(horizon), new SeasonalNaive(horizon, f.season()), new Drift(horizon));
    }
}
