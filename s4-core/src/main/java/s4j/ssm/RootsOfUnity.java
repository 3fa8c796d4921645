package s4j.ssm;

import s4j.math.Complex;
import s4j.math.RealMatrix;
import s4j.math.ComplexMatrix;

/**
 * {@code c (I - dA^L)^-1} of a bilinear DPLR system in O(n L), without a matrix of n x n: since
 * {@code 1 / (1 - x^L) = (1/L) sum_k 1 / (1 - w_k x)} over the L-th roots of unity w, and
 * {@code (I - w dA)^-1 = (I - A/2) ((1-w) I - (1+w) A/2)^-1} is a resolvent of A = lambda - P P*, which Woodbury gives in O(r n).
 *
 * <p>Rows are real functionals 2 Re(c x) of conjugate pairs; of both of each pair the first is worked out, at w and at its
 * conjugate.
 */
final class RootsOfUnity {
    private final Dplr system;
    private final int n;
    private final int rank;

    RootsOfUnity(Dplr system) {
        this.system = system;
        this.n = system.pairs();
        this.rank = system.rank();
    }

    /** Multiply-adds that {@link #trueC} takes for so many rows, about. */
    static double work(int n, int rank, int rows, long length) {
        return (length * 0.5 + 1) * n * (20.0 + 16.0 * rank * (rank + 2.0 * rows));
    }

    /** The true C of the rows of C~ {@code [c][n]}. */
    Complex[][] trueC(Complex[][] cTilde, long length) {
        int rows = cTilde.length;
        double[][] w = new double[rows][];
        for (int c = 0; c < rows; c++) {
            w[c] = backward(cTilde[c]);
        }
        double[][] sum = new double[rows][2 * n];
        for (long k = 0; k <= length / 2; k++) {
            Resolvent at = new Resolvent(k, length);
            boolean real = k == 0 || 2 * k == length; // its own conjugate
            for (int c = 0; c < rows; c++) {
                at.add(w[c], real, sum[c]);
            }
        }
        Complex[][] out = new Complex[rows][n];
        for (int c = 0; c < rows; c++) {
            for (int i = 0; i < n; i++) {
                out[c][i] = Complex.of(sum[c][2 * i] / length, sum[c][2 * i + 1] / length);
            }
        }
        return out;
    }

    /** {@code c (I - A/2)} as (re, im) pairs; A is real, so the row stays one of conjugate pairs. */
    private double[] backward(Complex[] c) {
        Complex[] out = new Complex[n];
        for (int i = 0; i < n; i++) {
            out[i] = c[i].minus(c[i].times(system.lambda()[i]).times(0.5));
        }
        for (Complex[] p : system.p()) {
            double product = 0; // 2 Re(c P), over both of each pair
            for (int i = 0; i < n; i++) {
                product += 2 * c[i].times(p[i]).re();
            }
            for (int i = 0; i < n; i++) {
                out[i] = out[i].plus(p[i].conjugate().times(product / 2));
            }
        }
        double[] pairs = new double[2 * n];
        for (int i = 0; i < n; i++) {
            pairs[2 * i] = out[i].re();
            pairs[2 * i + 1] = out[i].im();
        }
        return pairs;
    }

    /** {@code ((1-w) I - s A)^-1} with s = (1+w)/2, which is {@code E - s E P (I + s P* E P)^-1 P* E}. */
    private final class Resolvent {
        private final Complex s;
        /** 1 / ((1-w) - s lambda) of the first of each pair, then of the second, as (re, im). */
        private final double[] e = new double[4 * n];
        private final ComplexMatrix kappa;

        /** At w = exp(2 pi i k / L); 1 + w and 1 - w by half the angle, so that nothing is lost where w is close to -1 or 1. */
        Resolvent(long k, long length) {
            double sin = Math.sin(Math.PI * k / length);
            double cos = Math.sin(Math.PI * (length - 2 * k) / (2.0 * length));
            this.s = Complex.of(cos * cos, cos * sin);
            Complex d = Complex.of(2 * sin * sin, -2 * sin * cos);
            for (int i = 0; i < n; i++) {
                Complex lambda = system.lambda()[i];
                put(e, i, d.minus(s.times(lambda)).reciprocal());
                put(e, n + i, d.minus(s.times(lambda.conjugate())).reciprocal());
            }
            ComplexMatrix m = ComplexMatrix.of(rank, rank, (j, r) -> s.times(inner(j, r)).plus(j == r ? 1 : 0));
            this.kappa = rank == 1 ? m : m.solve(RealMatrix.identity(rank).toComplex());
        }

        /** {@code P_j* E P_r} over both of each pair. */
        private Complex inner(int j, int r) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < n; i++) {
                Complex p = system.p()[r][i];
                Complex q = system.p()[j][i];
                double pr = q.re() * p.re() + q.im() * p.im(); // conj(q) p, and its conjugate with the second of the pair
                double pi = q.re() * p.im() - q.im() * p.re();
                int f = 2 * i;
                int g = 2 * (n + i);
                re += pr * (e[f] + e[g]) - pi * (e[f + 1] - e[g + 1]);
                im += pr * (e[f + 1] + e[g + 1]) + pi * (e[f] - e[g]);
            }
            return Complex.of(re, im);
        }

        /** Adds the first of each pair of w times it; unless it is its own, also at the conjugate of omega. */
        void add(double[] w, boolean own, double[] to) {
            Complex[] t = weights(w);
            for (int i = 0; i < n; i++) {
                Complex first = Complex.of(w[2 * i], w[2 * i + 1]);
                Complex second = first.conjugate();
                for (int r = 0; r < rank; r++) {
                    first = first.minus(t[r].times(system.p()[r][i].conjugate()));
                    second = second.minus(t[r].times(system.p()[r][i]));
                }
                first = first.times(Complex.of(e[2 * i], e[2 * i + 1]));
                second = second.times(Complex.of(e[2 * (n + i)], e[2 * (n + i) + 1]));
                to[2 * i] += first.re() + (own ? 0 : second.re());
                to[2 * i + 1] += first.im() - (own ? 0 : second.im());
            }
        }

        /** {@code s (w E P) kappa}. */
        private Complex[] weights(double[] w) {
            Complex[] t = new Complex[rank];
            for (int r = 0; r < rank; r++) {
                double re = 0;
                double im = 0;
                for (int i = 0; i < n; i++) {
                    Complex p = system.p()[r][i];
                    double pr = w[2 * i] * p.re() - w[2 * i + 1] * p.im();
                    double pi = w[2 * i] * p.im() + w[2 * i + 1] * p.re();
                    int f = 2 * i;
                    int g = 2 * (n + i);
                    re += pr * (e[f] + e[g]) - pi * (e[f + 1] - e[g + 1]);
                    im += pr * (e[f + 1] + e[g + 1]) + pi * (e[f] - e[g]);
                }
                t[r] = Complex.of(re, im).times(s);
            }
            if (rank == 1) {
                return new Complex[]{t[0].dividedBy(kappa.at(0, 0))};
            }
            Complex[] out = new Complex[rank];
            for (int r = 0; r < rank; r++) {
                Complex sum = Complex.ZERO;
                for (int j = 0; j < rank; j++) {
                    sum = sum.plus(t[j].times(kappa.at(j, r)));
                }
                out[r] = sum;
            }
            return out;
        }
    }

    private static void put(double[] pairs, int at, Complex z) {
        pairs[2 * at] = z.re();
        pairs[2 * at + 1] = z.im();
    }
}
