package s4j.stream;

import java.util.Arrays;
import s4j.kernel.state.StateTiles;
import s4j.math.Complex;
import s4j.ssm.DiagonalRecurrence;
import s4j.ssm.DplrStep;

/**
 * The recurrence in float64: what the float32 ones are held against, and what streams of systems take that are too fast for float32
 * ({@link LowRankForms#STIFF}). Each number of a state is two floats, high + low, which keeps 48 of its 53 bits:
 * {@code [tile, 2 n + r, (high, low), TILE]}, re and im of x side by side, then s. Diagonal systems have rank 0.
 */
final class DoubleSteps implements Steps {
    private static final int TILE = StateTiles.TILE;

    private final Feature[] features;
    private final int size;
    private final float[] skip;
    private final int stride;

    /** Coefficients {@code [n, (re, im)]} (of l, q, c by row) of one feature, whose number i is at {@code at + i 2 TILE}. */
    private record Feature(double[] a, double[] b, double[][] l, double[][] q, double[] beta, double[][] c) {
        int size() { return a.length + beta.length; }

        void advance(double u, float[] x, int at) {
            for (int j = 0; j < beta.length; j++) {
                set(x, at, a.length + j, beta[j] * u + 2 * real(q[j], x, at));
            }
            for (int i = 0; i < a.length; i += 2) {
                double oldRe = get(x, at, i);
                double oldIm = get(x, at, i + 1);
                double re = a[i] * oldRe - a[i + 1] * oldIm + b[i] * u;
                double im = a[i] * oldIm + a[i + 1] * oldRe + b[i + 1] * u;
                for (int j = 0; j < beta.length; j++) {
                    double s = get(x, at, a.length + j);
                    re -= l[j][i] * s;
                    im -= l[j][i + 1] * s;
                }
                set(x, at, i, re);
                set(x, at, i + 1, im);
            }
        }
    }

    private DoubleSteps(Feature[] features, float[] skip, int stride) {
        this.features = features;
        this.size = features[0].size();
        this.skip = skip;
        this.stride = stride;
    }

    static DoubleSteps diagonal(DiagonalRecurrence[] systems, float[] skip, int stride) {
        Feature[] features = new Feature[systems.length];
        Arrays.setAll(features, f -> new Feature(pairs(systems[f].dA()), pairs(systems[f].dB()), new double[0][],
                new double[0][], new double[0], rows(systems[f].c())));
        return new DoubleSteps(features, skip, stride);
    }

    static DoubleSteps lowRank(DplrStep[] steps, Complex[][][] c, float[] skip, int stride) {
        Feature[] features = new Feature[steps.length];
        Arrays.setAll(features, f -> {
            DplrStep s = steps[f];
            double[] a = pairs(s.e());
            for (int i = 0; i < a.length; i += 2) {
                a[i] += 1;
            }
            return new Feature(a, pairs(s.b()), rows(s.l()), rows(s.q()), s.beta(), rows(c[f]));
        });
        return new DoubleSteps(features, skip, stride);
    }

    private static double[] pairs(Complex[] z) {
        double[] pairs = new double[2 * z.length];
        for (int i = 0; i < z.length; i++) {
            pairs[2 * i] = z[i].re();
            pairs[2 * i + 1] = z[i].im();
        }
        return pairs;
    }

    private static double[][] rows(Complex[][] z) {
        double[][] rows = new double[z.length][];
        Arrays.setAll(rows, r -> pairs(z[r]));
        return rows;
    }

    private static double get(float[] x, int at, int i) {
        return (double) x[at + 2 * i * TILE] + x[at + (2 * i + 1) * TILE];
    }

    private static void set(float[] x, int at, int i, double value) {
        float high = (float) value;
        x[at + 2 * i * TILE] = high;
        x[at + (2 * i + 1) * TILE] = Float.isInfinite(high) ? 0 : (float) (value - high);
    }

    /** Re Σ c x. */
    private static double real(double[] c, float[] x, int at) {
        double sum = 0;
        for (int i = 0; i < c.length; i += 2) {
            sum += c[i] * get(x, at, i) - c[i + 1] * get(x, at, i + 1);
        }
        return sum;
    }

    @Override
    public int stateSize() { return Math.multiplyExact(tiles(), Math.multiplyExact(size, 2 * TILE)); }

    @Override
    public int numbers() { return tiles() * features[0].a.length * TILE; }

    @Override
    public void states(float[] x, int xAt, double[] states) {
        for (int i = 0; i < states.length; i++) {
            states[i] = get(x, xAt + place(i), 0);
        }
    }

    @Override
    public void keep(double[] states, float[] x, int xAt) {
        for (int i = 0; i < states.length; i++) {
            set(x, xAt + place(i), 0, states[i]);
        }
    }

    /** Of the number {@code i} of {@code [tile, n, (re, im), TILE]}. */
    private int place(int i) {
        int row = i / TILE;
        int rows = features[0].a.length;
        return (row / rows * size + row % rows) * 2 * TILE + i % TILE;
    }

    private int tiles() { return Math.ceilDiv(features.length, TILE); }

    @Override
    public void step(int tile, float[] x, int xAt, long index, float[] u, int uAt, float[] y, int yAt) {
        for (int f = tile * TILE; f < Math.min(features.length, (tile + 1) * TILE); f++) {
            Feature one = features[f];
            int place = xAt + tile * size * 2 * TILE + f % TILE;
            one.advance(u[uAt + f], x, place);
            for (int c = 0; c < one.c.length; c++) {
                int at = c * stride + f;
                y[yAt + at] = (float) (2 * real(one.c[c], x, place) + skip[at] * (double) u[uAt + f]);
            }
        }
    }
}
