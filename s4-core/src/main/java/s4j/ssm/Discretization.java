package s4j.ssm;

import s4j.math.Complex;
import s4j.math.ComplexMatrix;

/**
 * From {@code x' = A x + B u} to {@code x_k = dA x_(k-1) + dB u_k}.
 *
 * <p>A third one, of DSS, exists for the kernel alone: {@link DiagonalSsm#dssKernel}.
 *
 * <p>Source: S4 (2111.00396), section 2.3; S4D (2206.11893), section 3.
 */
public enum Discretization {
    /** Zero-order hold, exact for an input that is constant over each step: {@code e^(dt A), A^-1 (e^(dt A) - I) B}. */
    ZOH,
    /** Bilinear (Tustin): {@code (I - dt/2 A)^-1 (I + dt/2 A), (I - dt/2 A)^-1 dt B}. Stable if and only if A is. */
    BILINEAR;

    /** The step of one mode: {@code dA = e^(dt a)} or {@code (1 + dt a/2) / (1 - dt a/2)}. */
    public Complex transition(Complex a, double dt) {
        Complex z = a.times(dt);
        return switch (this) {
            case ZOH -> z.exp();
            case BILINEAR -> Complex.of(1 + z.re() / 2, z.im() / 2).dividedBy(Complex.of(1 - z.re() / 2, -z.im() / 2));
        };
    }

    /** What multiplies b: {@code (e^(dt a) - 1) / a}, without cancellation and with its limit dt at a = 0; or dt / (1 - dt a/2). */
    public Complex inputGain(Complex a, double dt) {
        return switch (this) {
            case ZOH -> a.re() == 0 && a.im() == 0 ? Complex.of(dt) : a.times(dt).expm1().dividedBy(a);
            case BILINEAR -> Complex.of(dt).dividedBy(Complex.of(1 - dt * a.re() / 2, -dt * a.im() / 2));
        };
    }

    /** A discretised dense pair. */
    public record Pair(ComplexMatrix dA, Complex[] dB) {}

    /** Dense form. */
    public Pair discretize(ComplexMatrix a, Complex[] b, double dt) {
        return switch (this) {
            case ZOH -> heldDense(a, b, dt);
            case BILINEAR -> {
                ComplexMatrix identity = ComplexMatrix.identity(a.rows());
                ComplexMatrix backward = identity.minus(a.times(dt / 2));
                Complex[] scaled = new Complex[b.length];
                for (int i = 0; i < b.length; i++) {
                    scaled[i] = b[i].times(dt);
                }
                yield new Pair(backward.solve(identity.plus(a.times(dt / 2))), backward.solve(scaled));
            }
        };
    }

    /** {@code exp(dt [[A, B], [0, 0]]) = [[dA, dB], [0, 1]]}: also right where A is singular. */
    private static Pair heldDense(ComplexMatrix a, Complex[] b, double dt) {
        int n = a.rows();
        ComplexMatrix joined = ComplexMatrix
                .of(n + 1, n + 1, (i, j) -> i == n ? Complex.ZERO : j == n ? b[i] : a.at(i, j)).times(dt).exp();
        Complex[] dB = new Complex[n];
        for (int i = 0; i < n; i++) {
            dB[i] = joined.at(i, n);
        }
        return new Pair(ComplexMatrix.of(n, n, joined::at), dB);
    }
}
