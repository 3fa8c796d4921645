package s4j.data.forecast;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * XᵀX, XᵀY, YᵀY's trace, and the sums of X's and Y's columns, of windows as a {@link LinearForecast.Kind} sees them: X their contexts, Y
 * what follows.
 */
final class NormalEquations {
    /** Windows that are looked at, at most; of more, every k-th. */
    private static final int MOST_WINDOWS = 60_000;

    private final LinearForecast.Kind kind;
    private final int l;
    private final int h;
    private final double[][] gram;
    private final double[] sum;
    private double squares;
    private long count;

    private NormalEquations(int l, int h, LinearForecast.Kind kind) {
        this.kind = kind;
        this.l = l;
        this.h = h;
        this.gram = new double[l][l + h];
        this.sum = new double[l + h];
    }

    /** Of windows {@code from} to {@code to}, in pieces that stay in the cache. */
    static NormalEquations of(Windows windows, int from, int to, int context, LinearForecast.Kind kind) {
        NormalEquations out = new NormalEquations(context, windows.layout.horizon(), kind);
        int step = Math.ceilDiv((to - from) * windows.layout.wanted().size(), MOST_WINDOWS);
        double[][] rows = new double[64][];
        int n = 0;
        for (int i = from; i < to; i += Math.max(1, step)) {
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
        double origin = kind.origin(in, c, cut);
        double scale = kind.scale(in, c, cut, l);
        for (int j = 0; j < l + h; j++) {
            float v = j < l ? in.value(c, cut - l + j) : in.known(c, cut - l + j);
            if (Float.isNaN(v)) {
                return null;
            }
            row[j] = (v - origin) / scale;
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

    /** Adds another's rows. */
    void add(NormalEquations other) {
        for (int i = 0; i < l; i++) {
            for (int j = i; j < l + h; j++) {
                gram[i][j] += other.gram[i][j];
            }
        }
        for (int j = 0; j < l + h; j++) {
            sum[j] += other.sum[j];
        }
        squares += other.squares;
        count += other.count;
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

    /** Rows. */
    long count() { return count; }

    /**
     * W {@code [l, h]} by Cholesky's decomposition.
     *
     * @param share λ as a share of XᵀX's mean diagonal
     * @param origin W₀ {@code [l, h]} of which the ridge keeps W near: λ (W − W₀)²; null: 0
     */
    double[] solve(double share, double @Nullable [] origin) {
        double diagonal = 0;
        for (int i = 0; i < l; i++) {
            diagonal += centred(i, i) / l;
        }
        double ridge = Math.max(share * diagonal, 1e-12);
        double[][] penalty = kind == LinearForecast.Kind.DLINEAR ? Decomposition.penalty(l) : null;
        double[][] r = new double[l][l];
        for (int i = 0; i < l; i++) {
            for (int j = i; j < l; j++) {
                r[i][j] = centred(i, j) + ridge * (penalty != null ? penalty[i][j] : i == j ? 1 : 0);
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
                w[i * h + j] = centred(i, l + j) + (origin == null ? 0 : ridge * origin[i * h + j]);
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
