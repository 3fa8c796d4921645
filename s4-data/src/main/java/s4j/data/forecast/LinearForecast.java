package s4j.data.forecast;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The linear model in closed form: ŷ − x_L = (x − x_L) W + b for a context x of L values and its last x_L, W = (XᵀX + λI)⁻¹XᵀY
 * over the centred training windows, λ chosen on the validation windows. All channels and series share W and b. It is NLinear (Zeng et al. 2023) without
 * the noise of training.
 */
public final class LinearForecast implements Forecaster {
    /** λ as shares of XᵀX's mean diagonal. */
    private static final double[] SHARES = {1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1};
    /** Training windows that are looked at, at most; of more, every k-th. */
    private static final int MOST_WINDOWS = 60_000;

    private final int context;
    private final int horizon;
    private final double[] weights;
    private final double[] bias;
    private final double lambda;

    private LinearForecast(int context, int horizon, double[] weights, double[] bias, double lambda) {
        this.context = context;
        this.horizon = horizon;
        this.weights = weights;
        this.bias = bias;
        this.lambda = lambda;
    }

    /** The share of XᵀX's mean diagonal that was chosen as λ. */
    public double lambda() { return lambda; }

    /**
     * Fits; a context that is longer than that of the windows looks further back.
     *
     * @param context L
     * @return null: there is no window to train on
     */
    public static @Nullable LinearForecast fit(Windows train, Windows validation, int context) {
        int horizon = train.layout.horizon();
        Sums fitted = Sums.of(train, context);
        if (fitted.count == 0) {
            return null;
        }
        Sums chosen = Sums.of(validation, context);
        double[] best = new double[0];
        double least = Double.POSITIVE_INFINITY;
        double lambda = SHARES[0];
        for (double share : chosen.count == 0 ? new double[]{1e-2} : SHARES) {
            double[] w = fitted.solve(share);
            double error = chosen.count == 0 ? 0 : chosen.error(w, fitted.bias(w));
            if (error < least) {
                least = error;
                best = w;
                lambda = share;
            }
        }
        return new LinearForecast(context, horizon, best, fitted.bias(best), lambda);
    }

    @Override
    public String name() { return "linear"; }

    @Override
    public double[] forecast(SeriesInput input, int column, int cut) {
        double last = input.value(column, cut - 1);
        double[] out = new double[horizon];
        Arrays.setAll(out, h -> last + bias[h]);
        for (int j = 0; j < context; j++) {
            double v = input.value(column, cut - context + j) - last;
            for (int h = 0; h < horizon; h++) {
                out[h] += v * weights[j * horizon + h];
            }
        }
        return out;
    }

    /** XᵀX, XᵀY, YᵀY's trace, and the sums of X's and Y's columns. */
    private static final class Sums {
        private final int l;
        private final int h;
        private final double[][] gram;
        private final double[] sum;
        private double squares;
        private long count;

        private Sums(int l, int h) {
            this.l = l;
            this.h = h;
            this.gram = new double[l][l + h];
            this.sum = new double[l + h];
        }

        /** Rows of windows {@code [x − x_L, y − x_L]}, in pieces that stay in the cache. */
        static Sums of(Windows windows, int context) {
            Sums out = new Sums(context, windows.layout.horizon());
            int step = Math.ceilDiv(windows.size() * windows.layout.wanted().size(), MOST_WINDOWS);
            double[][] rows = new double[64][];
            int n = 0;
            for (int i = 0; i < windows.size(); i += Math.max(1, step)) {
                for (int c : windows.layout.wanted()) {
                    double @Nullable [] row = out.row(windows.input(i), c, windows.cut(i));
                    if (row != null) {
                        rows[n++] = row;
                    }
                    if (n == rows.length) {
                        out.add(rows, n);
                        n = 0;
                    }
                }
            }
            out.add(rows, n);
            return out;
        }

        private double @Nullable [] row(SeriesInput in, int c, int cut) {
            if (cut < l) {
                return null;
            }
            double[] row = new double[l + h];
            double last = in.value(c, cut - 1);
            for (int j = 0; j < l + h; j++) {
                float v = j < l ? in.value(c, cut - l + j) : in.known(c, cut - l + j);
                if (Float.isNaN(v)) {
                    return null;
                }
                row[j] = v - last;
            }
            return row;
        }

        private void add(double[][] rows, int n) {
            IntStream.range(0, l).parallel().forEach(i -> {
                double[] to = gram[i];
                for (int r = 0; r < n; r++) {
                    double[] row = rows[r];
                    double a = row[i];
                    for (int j = i; j < to.length; j++) {
                        to[j] += a * row[j];
                    }
                }
            });
            for (int r = 0; r < n; r++) {
                for (int j = 0; j < l + h; j++) {
                    sum[j] += rows[r][j];
                    squares += j < l ? 0 : rows[r][j] * rows[r][j];
                }
            }
            count += n;
        }

        /** XᵀX, XᵀY of centred columns. */
        private double centred(int i, int j) {
            return gram[i][j] - sum[i] * sum[j] / count;
        }

        /** b = mean(Y) − mean(X) W. */
        double[] bias(double[] w) {
            double[] out = new double[h];
            for (int j = 0; j < h; j++) {
                double b = sum[l + j];
                for (int i = 0; i < l; i++) {
                    b -= sum[i] * w[i * h + j];
                }
                out[j] = b / count;
            }
            return out;
        }

        /** W {@code [l, h]} by Cholesky's decomposition. */
        double[] solve(double share) {
            double diagonal = 0;
            for (int i = 0; i < l; i++) {
                diagonal += centred(i, i) / l;
            }
            double ridge = Math.max(share * diagonal, 1e-12);
            double[][] r = new double[l][l];
            for (int i = 0; i < l; i++) {
                for (int j = i; j < l; j++) {
                    r[i][j] = centred(i, j) + (i == j ? ridge : 0);
                }
            }
            // XᵀX + λI = RᵀR, R upper
            for (int k = 0; k < l; k++) {
                double root = Math.sqrt(Math.max(r[k][k], 1e-12 * ridge));
                for (int j = k; j < l; j++) {
                    r[k][j] /= root;
                }
                for (int i = k + 1; i < l; i++) {
                    double a = r[k][i];
                    for (int j = i; j < l; j++) {
                        r[i][j] -= a * r[k][j];
                    }
                }
            }
            double[] w = new double[l * h];
            for (int i = 0; i < l; i++) {
                for (int j = 0; j < h; j++) {
                    w[i * h + j] = centred(i, l + j);
                }
            }
            for (int i = 0; i < l; i++) {
                divide(w, i, r[i][i]);
                for (int k = i + 1; k < l; k++) {
                    subtract(w, k, i, r[i][k]);
                }
            }
            for (int i = l - 1; i >= 0; i--) {
                for (int k = i + 1; k < l; k++) {
                    subtract(w, i, k, r[i][k]);
                }
                divide(w, i, r[i][i]);
            }
            return w;
        }

        private void divide(double[] w, int row, double by) {
            for (int j = row * h; j < (row + 1) * h; j++) {
                w[j] /= by;
            }
        }

        private void subtract(double[] w, int from, int row, double factor) {
            for (int j = 0; j < h; j++) {
                w[from * h + j] -= factor * w[row * h + j];
            }
        }

        /** Σ (y − xW − b)² = tr(YᵀY − 2 WᵀXᵀY + WᵀXᵀXW) − 2 b Σ(y − xW) + n b². */
        double error(double[] w, double[] b) {
            double error = squares;
            double[] mean = bias(w);
            for (int j = 0; j < h; j++) {
                error += count * b[j] * (b[j] - 2 * mean[j]);
            }
            double[] product = new double[h];
            for (int i = 0; i < l; i++) {
                Arrays.fill(product, 0);
                for (int k = 0; k < l; k++) {
                    double g = gram[Math.min(i, k)][Math.max(i, k)];
                    for (int j = 0; j < h; j++) {
                        product[j] += g * w[k * h + j];
                    }
                }
                for (int j = 0; j < h; j++) {
                    error += w[i * h + j] * (product[j] - 2 * gram[i][l + j]);
                }
            }
            return error;
        }
    }

    /** The simple models beside which a network is put. */
    public static List<Forecaster> simple(Frequency f, int horizon) {
        return f.season() == 1
                ? List.of(new Naive(horizon), new Drift(horizon))
                : List.of(new Naive(horizon), new SeasonalNaive(horizon, f.season()), new Drift(horizon));
    }
}
