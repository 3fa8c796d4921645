package s4j.ssm;

import java.util.Arrays;
import s4j.math.Complex;
import s4j.math.RealMatrix;

/**
 * The bilinear recurrence of a DPLR system with as few operations a step as it has: since
 * {@code 2/dt + A = 4/dt - (2/dt - A)}, {@code dA = (4/dt) (2/dt - A)^-1 - I}, and with {@code G = 1/(2/dt - lambda)} Woodbury
 * leaves one low-rank term,
 *
 * <pre>
 * x' = x + e x + b u - sum_j l_j s_j,        s_j = beta_j u + 2 Re sum_n q_jn x_n
 * e = 2 lambda G,   b = 2 G B,   q_j = (4/dt) conj(P_j) G,   beta_j = 2 Re sum_n conj(P_jn) b_n
 * l_j = G sum_i P_i kappa_ij,   kappa = (I + P* G P)^-1
 * </pre>
 *
 * <p>e is dA - I of the diagonal part and s = 4/dt G is dA + I of it, both without cancellation. {@link DplrRecurrence} is the same map as it is derived.
 *
 * @param e {@code [n]}
 * @param s {@code [n]}
 * @param b {@code [n]}
 * @param l {@code [r][n]}
 * @param q {@code [r][n]}
 * @param beta {@code [r]}
 */
public record DplrStep(Complex[] e, Complex[] s, Complex[] b, Complex[][] l, Complex[][] q, double[] beta) {
    /** Of a system sampled with a step. */
    public static DplrStep of(double dt, Dplr system) {
        Shapes.requirePositive("DPLR step: dt", dt);
        int n = system.pairs();
        int rank = system.rank();
        Complex[] g = new Complex[n];
        Arrays.setAll(g, i -> Complex.of(2 / dt).minus(system.lambda()[i]).reciprocal());
        RealMatrix kappa = RealMatrix.of(rank, rank, (i, j) -> (i == j ? 1 : 0)
                + product(system.p()[i], Pairs.times(g, system.p()[j]))).inverse();
        Complex[] e = new Complex[n];
        Arrays.setAll(e, i -> system.lambda()[i].times(g[i]).times(2));
        Complex[] s = new Complex[n];
        Arrays.setAll(s, i -> g[i].times(4 / dt));
        Complex[] b = new Complex[n];
        Arrays.setAll(b, i -> g[i].times(system.b()[i]).times(2));
        Complex[][] l = new Complex[rank][n];
        Complex[][] q = new Complex[rank][n];
        double[] beta = new double[rank];
        for (int j = 0; j < rank; j++) {
            int row = j;
            Arrays.setAll(l[j], i -> {
                Complex sum = Complex.ZERO;
                for (int r = 0; r < rank; r++) {
                    sum = sum.plus(system.p()[r][i].times(kappa.at(r, row)));
                }
                return sum.times(g[i]);
            });
            Arrays.setAll(q[j], i -> system.p()[row][i].conjugate().times(g[i]).times(4 / dt));
            beta[j] = product(system.p()[j], b);
        }
        return new DplrStep(e, s, b, l, q, beta);
    }

    /** {@code p* x} over both of each pair. */
    private static double product(Complex[] p, Complex[] x) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += 2 * (p[i].re() * x[i].re() + p[i].im() * x[i].im());
        }
        return sum;
    }

    /** dA as a real map of the stored states, (re x_n, im x_n) side by side: {@code [2n, 2n]}. */
    public RealMatrix transition() {
        return RealMatrix.identity(2 * e.length).plus(map(e));
    }

    /** The diagonal and the low-rank term as such a map: dA - I of e, dA + I of s. */
    private RealMatrix map(Complex[] diagonal) {
        int n = e.length;
        return RealMatrix.of(2 * n, 2 * n, (row, column) -> {
            int i = row / 2;
            int k = column / 2;
            boolean im = row % 2 == 1;
            boolean fromIm = column % 2 == 1;
            double sum = 0;
            if (i == k) {
                sum = im == fromIm ? diagonal[i].re() : im ? diagonal[i].im() : -diagonal[i].im();
            }
            for (int j = 0; j < l.length; j++) {
                double left = im ? l[j][i].im() : l[j][i].re();
                sum -= left * 2 * (fromIm ? -q[j][k].im() : q[j][k].re());
            }
            return sum;
        });
    }

    /** {@code C = C~ (I - dA^L)^-1} of a system of step 1 for the rows of C~ {@code [c][n]}, by the cheaper of two ways. */
    public static Complex[][] trueC(Dplr system, Complex[][] cTilde, long length) {
        boolean roots = RootsOfUnity.work(system.pairs(), system.rank(), cTilde.length, length) < powerWork(
                system.pairs(), length);
        return roots
                ? new RootsOfUnity(system).trueC(cTilde, length)
                : of(1, system).trueC(cTilde, length);
    }

    /** Multiply-adds that the true C of so many rows takes, about. */
    public static double work(int n, int rank, int rows, long length) {
        return Math.min(RootsOfUnity.work(n, rank, rows, length), powerWork(n, length));
    }

    private static double powerWork(int n, long length) {
        return 8.0 * n * n * n * (64 - Long.numberOfLeadingZeros(length) + Long.bitCount(length) + 4);
    }

    /** {@code C = C~ (I - dA^L)^-1} for the rows of C~ {@code [c][n]} by powers of a matrix; O(n^3 log L). */
    public Complex[][] trueC(Complex[][] cTilde, long length) {
        RealMatrix system = complement(length).transpose();
        return rows(system.solve(columns(cTilde)));
    }

    /** {@code C~ = C (I - dA^L)}, by the cheaper of powers of a matrix and L steps of each row. */
    public Complex[][] attuned(Complex[][] c, long length) {
        int n = e.length;
        if (8.0 * n * (1 + l.length) * c.length * length < powerWork(n, length)) {
            Complex[][] out = new Complex[c.length][];
            Arrays.setAll(out, i -> {
                double[] row = flat(c[i]);
                double[] moved = new double[2 * n]; // c dA^t - c, which may be far below c
                for (long t = 0; t < length; t++) {
                    back(row, moved);
                }
                Complex[] tilde = new Complex[n];
                Arrays.setAll(tilde, k -> Complex.of(-moved[2 * k], -moved[2 * k + 1]));
                return tilde;
            });
            return out;
        }
        return rows(complement(length).transpose().times(columns(c)));
    }

    private static double[] flat(Complex[] c) {
        double[] row = new double[2 * c.length];
        for (int i = 0; i < c.length; i++) {
            row[2 * i] = c[i].re();
            row[2 * i + 1] = c[i].im();
        }
        return row;
    }

    /** c dA^t - c for the next t, in place: with y = c + moved, {@code moved + y e - sum_j Re(2 y l_j) q_j}. */
    private void back(double[] c, double[] moved) {
        int n = e.length;
        double[] s = new double[l.length];
        for (int j = 0; j < s.length; j++) {
            for (int i = 0; i < n; i++) {
                s[j] += 2 * ((c[2 * i] + moved[2 * i]) * l[j][i].re()
                        - (c[2 * i + 1] + moved[2 * i + 1]) * l[j][i].im());
            }
        }
        for (int i = 0; i < n; i++) {
            double yRe = c[2 * i] + moved[2 * i];
            double yIm = c[2 * i + 1] + moved[2 * i + 1];
            double re = yRe * e[i].re() - yIm * e[i].im();
            double im = yRe * e[i].im() + yIm * e[i].re();
            for (int j = 0; j < s.length; j++) {
                re -= s[j] * q[j][i].re();
                im -= s[j] * q[j][i].im();
            }
            moved[2 * i] += re;
            moved[2 * i + 1] += im;
        }
    }

    /**
     * I − dA^L by squaring F = dA^k − I: F of 2k is 2 F + F², of j + k it is F_j + F_k + F_j F_k. Of a mode that never forgets, whose e
     * is below the last bit of 1, the powers of dA themselves would keep nothing; and F of 2 is (dA − I)(dA + I), as 2 F + F² keeps
     * nothing of a mode that is far too fast for the step, whose dA is close to −1.
     */
    private RealMatrix complement(long length) {
        RealMatrix square = map(e);
        RealMatrix power = null;
        for (long k = 1; k <= length; k *= 2) {
            if ((length & k) != 0) {
                power = power == null ? square : power.plus(square).plus(power.times(square));
            }
            square = k == 1 ? square.times(map(s)) : square.times(2).plus(square.times(square));
        }
        return power == null ? square.times(0) : power.times(-1);
    }

    /** As functionals of (re, im): Re(c x) = re c re x − im c im x. */
    private static RealMatrix columns(Complex[][] c) {
        int n = c[0].length;
        return RealMatrix.of(2 * n, c.length, (row, i) -> row % 2 == 0 ? c[i][row / 2].re() : -c[i][row / 2].im());
    }

    private static Complex[][] rows(RealMatrix columns) {
        Complex[][] c = new Complex[columns.columns()][columns.rows() / 2];
        for (int i = 0; i < c.length; i++) {
            int row = i;
            Arrays.setAll(c[i], k -> Complex.of(columns.at(2 * k, row), -columns.at(2 * k + 1, row)));
        }
        return c;
    }
}
