package s4j.stream;

import s4j.math.Complex;

/**
 * One conjugate pair of a feature's states on its own: a damped oscillation, {@code h_k = 2 Re(g z^k)} for {@code k ≥ 0}. A real
 * state is the same with half its gain.
 *
 * @param a continuous eigenvalue of A, before dt; for people and pictures
 * @param dt its step
 * @param z discrete eigenvalue, {@code |z| < 1} where it decays
 * @param gains g = C dB of each output row {@code [c]}
 */
public record Mode(Complex a, double dt, Complex z, Complex[] gains) {
    private static final int FREQUENCIES = 128;

    /** Steps until it has decayed to 1/e: {@code -1 / ln |z|}; infinite where it does not decay. */
    public double timeConstant() {
        return z.abs() < 1 ? -1 / Math.log(z.abs()) : Double.POSITIVE_INFINITY;
    }

    /** Cycles a step, 0 to 1/2: {@code |arg z| / 2 pi}. */
    public double frequency() {
        return Math.abs(Math.atan2(z.im(), z.re())) / (2 * Math.PI);
    }

    /**
     * Its H2 norm for an output row, {@code √ Σ h_k²}: {@code Σ h² = 2 |g|² / (1 - |z|²) + 2 Re(g² / (1 - z²))}; infinite where it
     * does not decay.
     */
    public double h2(int row) {
        Complex g = gains[row];
        if (z.abs() >= 1) {
            return g.abs() == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        double sum = 2 * g.squaredAbs() / (1 - z.squaredAbs())
                + 2 * g.times(g).dividedBy(Complex.ONE.minus(z.times(z))).re();
        return Math.sqrt(Math.max(0, sum));
    }

    /**
     * Its H∞ norm for an output row, the largest gain of any frequency: looked for at {@value #FREQUENCIES} frequencies, more of them
     * around its own, where the peak of a slowly decaying one is narrow.
     */
    public double hInfinity(int row) {
        if (z.abs() >= 1) {
            return gains[row].abs() == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        double own = Math.atan2(z.im(), z.re());
        double width = Math.max(1 - z.abs(), 1e-9);
        double most = 0;
        for (int i = 0; i <= FREQUENCIES; i++) {
            double share = (double) i / FREQUENCIES;
            most = Math.max(most, gain(row, Math.PI * share));
            most = Math.max(most, gain(row, own + width * (4 * share - 2)));
        }
        return Math.max(most, gain(row, own));
    }

    /** {@code |H(e^(i omega))|} of the pair. */
    double gain(int row, double omega) {
        Complex back = Complex.polar(1, -omega);
        Complex g = gains[row];
        return g.dividedBy(Complex.ONE.minus(z.times(back)))
                .plus(g.conjugate().dividedBy(Complex.ONE.minus(z.conjugate().times(back)))).abs();
    }
}
