package s4j.ssm;

import java.util.Arrays;
import s4j.math.Complex;
import s4j.math.ComplexMatrix;
import s4j.math.SplitComplex;

/**
 * One feature of S4D: {@code x' = A x + B u, y = 2 Re(C x) + D u} with diagonal A, one of each conjugate pair stored.
 *
 * <p>Its kernel is a Vandermonde sum, {@code K[c,l] = 2 Re sum_n C_cn dB_n dA_n^l}. D is no part of the kernel.
 *
 * <p>Source: S4D (2206.11893), section 3; the DSS kernel Gupta et al. (2203.14343), proposition 1.
 *
 * @param dt steps: {@code [1]} tied, or {@code [n]}
 * @param a diagonal of A {@code [n]}
 * @param b B {@code [n]}
 * @param c C {@code [c][n]}
 * @param d D {@code [c]}
 */
public record DiagonalSsm(double[] dt, Complex[] a, Complex[] b, Complex[][] c, double[] d) {
    /** Checks the shapes once. */
    public DiagonalSsm {
        if (a.length < 1 || (dt.length != 1 && dt.length != a.length)) {
            throw new IllegalArgumentException("diagonal SSM: " + dt.length + " steps for " + a.length
                    + " states; expected 1 (tied) or one each, of at least one state");
        }
        for (double step : dt) {
            Shapes.requirePositive("diagonal SSM: dt", step);
        }
        Shapes.requireLength("diagonal SSM: B", b.length, a.length);
        Shapes.requireOutput("diagonal SSM", c, d, a.length);
    }

    /** Step of state n. */
    public double step(int n) { return dt[dt.length == 1 ? 0 : n]; }

    /** The same system sampled at another rate: {@code dt * rate}; 2 means half the sampling frequency. */
    public DiagonalSsm atRate(double rate) {
        Shapes.requirePositive("sampling rate", rate);
        return new DiagonalSsm(Arrays.stream(dt).map(x -> x * rate).toArray(), a, b, c, d);
    }

    /**
     * Without the modes of frequency {@code dt |Im A| / 2 pi >= limit / 2}, which alias at this step: their C is 0. The
     * official mask looks at the step before any change of rate, so apply this before {@link #atRate}.
     *
     * @param limit 1 keeps what the sampling theorem allows
     */
    public DiagonalSsm bandlimit(double limit) {
        Complex[][] masked = new Complex[c.length][a.length];
        for (int i = 0; i < c.length; i++) {
            int row = i;
            Arrays.setAll(masked[i], n -> step(n) * Math.abs(a[n].im()) / (2 * Math.PI) < limit * 0.5
                    ? c[row][n]
                    : Complex.ZERO);
        }
        return new DiagonalSsm(dt, a, b, masked, d);
    }

    /** The recurrent view. */
    public DiagonalRecurrence recurrence(Discretization disc) {
        Complex[] dA = new Complex[a.length];
        Complex[] dB = new Complex[a.length];
        for (int n = 0; n < a.length; n++) {
            dA[n] = disc.transition(a[n], step(n));
            dB[n] = disc.inputGain(a[n], step(n)).times(b[n]);
        }
        return new DiagonalRecurrence(dA, dB, c, d);
    }

    /** The convolutional view {@code [c][l]}, by the plain Vandermonde sum. */
    public double[][] kernel(Discretization disc, int length) {
        return kernel(disc, length, new PlainVandermonde());
    }

    /** The convolutional view {@code [c][l]}, by a given Vandermonde sum. */
    public double[][] kernel(Discretization disc, int length, VandermondeKernel vandermonde) {
        Shapes.requireKernelLength(length);
        DiagonalRecurrence r = recurrence(disc);
        int n = a.length;
        double[] k = vandermonde.kernel(SplitComplex.of(product(c, r.dB())), repeated(r.dA(), c.length), c.length, n,
                length);
        double[][] rows = new double[c.length][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(k, i * length, (i + 1) * length));
        return rows;
    }

    /**
     * The DSS kernel, a softmax over the positions: {@code K[c,l] = Re sum_n C_cn B_n (e^(z) - 1) / (A_n (e^(z L) - 1))
     * e^(z l)} with {@code z = dt A}; for Re A > 0 the sum runs backwards from the last position, {@code e^(z (l - L + 1))}
     * with -z in the two differences. The reciprocal is {@code conj(x) / (|x|^2 + 1e-7)}, the real part is taken without
     * the factor 2, and there is no recurrence: all this as in the official code, to which parity holds.
     *
     * @return {@code [c][l]}
     */
    public double[][] dssKernel(int length) {
        Shapes.requireKernelLength(length);
        double[][] k = new double[c.length][length];
        for (int n = 0; n < a.length; n++) {
            Complex z = a[n].times(step(n));
            boolean grows = a[n].re() > 0;
            Complex decaying = grows ? z.negate() : z;
            Complex x = decaying.times(length).expm1().times(a[n]);
            Complex softmax = decaying.expm1().times(x.conjugate()).times(1 / (x.squaredAbs() + 1e-7));
            for (int l = 0; l < length; l++) {
                Complex power = z.times(grows ? l - (length - 1) : l).exp().times(softmax).times(b[n]);
                for (int i = 0; i < c.length; i++) {
                    k[i][l] += c[i][n].times(power).re();
                }
            }
        }
        return k;
    }

    /** The same system as a dense one on both of each pair; steps must be tied. */
    public DenseSsm dense() {
        if (dt.length != 1) {
            throw new IllegalStateException("dense form of a diagonal SSM: " + dt.length
                    + " steps; expected one tied step, as a dense system has no states of their own");
        }
        return new DenseSsm(dt[0], ComplexMatrix.diagonal(Pairs.both(a)), Pairs.both(b), Pairs.both(c), d);
    }

    private static Complex[] product(Complex[][] c, Complex[] b) {
        int n = b.length;
        Complex[] weights = new Complex[c.length * n];
        Arrays.setAll(weights, i -> c[i / n][i % n].times(b[i % n]));
        return weights;
    }

    private static SplitComplex repeated(Complex[] x, int times) {
        Complex[] all = new Complex[times * x.length];
        Arrays.setAll(all, i -> x[i % x.length]);
        return SplitComplex.of(all);
    }
}
