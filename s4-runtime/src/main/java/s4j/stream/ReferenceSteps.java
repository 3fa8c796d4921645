package s4j.stream;

import java.util.Arrays;
import s4j.kernel.state.StateTiles;
import s4j.math.Complex;
import s4j.ssm.DiagonalRecurrence;
import s4j.ssm.DplrStep;

/**
 * The recurrence of one stream in float64, coefficients and states: what long runs of the float32 ones are held against. It
 * keeps its states itself. Diagonal systems have rank 0.
 */
final class ReferenceSteps implements Steps {
    private static final int TILE = StateTiles.TILE;

    private final Feature[] features;
    private final float[] skip;
    private final int stride;

    /** Coefficients {@code [n, (re, im)]} (of l, q, c by row) and state of one feature. */
    private record Feature(double[] a, double[] b, double[][] l, double[][] q, double[] beta, double[][] c,
            double[] x, double[] s) {
        void advance(double u) {
            for (int j = 0; j < s.length; j++) {
                s[j] = beta[j] * u + 2 * real(q[j], x);
            }
            for (int i = 0; i < x.length; i += 2) {
                double re = a[i] * x[i] - a[i + 1] * x[i + 1] + b[i] * u;
                double im = a[i] * x[i + 1] + a[i + 1] * x[i] + b[i + 1] * u;
                for (int j = 0; j < s.length; j++) {
                    re -= l[j][i] * s[j];
                    im -= l[j][i + 1] * s[j];
                }
                x[i] = re;
                x[i + 1] = im;
            }
        }
    }

    private ReferenceSteps(Feature[] features, float[] skip, int stride) {
        this.features = features;
        this.skip = skip;
        this.stride = stride;
    }

    static ReferenceSteps diagonal(DiagonalRecurrence[] systems, float[] skip, int stride) {
        Feature[] features = new Feature[systems.length];
        Arrays.setAll(features, f -> new Feature(pairs(systems[f].dA()), pairs(systems[f].dB()), new double[0][],
                new double[0][], new double[0], rows(systems[f].c()), new double[2 * systems[f].dA().length],
                new double[0]));
        return new ReferenceSteps(features, skip, stride);
    }

    static ReferenceSteps lowRank(DplrStep[] steps, Complex[][][] c, float[] skip, int stride) {
        Feature[] features = new Feature[steps.length];
        Arrays.setAll(features, f -> {
            DplrStep s = steps[f];
            double[] a = pairs(s.e());
            for (int i = 0; i < a.length; i += 2) {
                a[i] += 1;
            }
            return new Feature(a, pairs(s.b()), rows(s.l()), rows(s.q()), s.beta(), rows(c[f]), new double[a.length],
                    new double[s.l().length]);
        });
        return new ReferenceSteps(features, skip, stride);
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

    /** Re Σ c x. */
    private static double real(double[] c, double[] x) {
        double sum = 0;
        for (int i = 0; i < x.length; i += 2) {
            sum += c[i] * x[i] - c[i + 1] * x[i + 1];
        }
        return sum;
    }

    @Override
    public int stateSize() { return 0; }

    @Override
    public void step(int tile, float[] x, int xAt, long index, float[] u, int uAt, float[] y, int yAt) {
        for (int f = tile * TILE; f < Math.min(features.length, (tile + 1) * TILE); f++) {
            Feature one = features[f];
            one.advance(u[uAt + f]);
            for (int c = 0; c < one.c.length; c++) {
                int at = c * stride + f;
                y[yAt + at] = (float) (2 * real(one.c[c], one.x) + skip[at] * (double) u[uAt + f]);
            }
        }
    }
}
