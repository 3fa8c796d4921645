package s4j.ssm;

import s4j.math.Complex;
import s4j.math.RealMatrix;

/**
 * The bilinear recurrence of a DPLR system in O(r n) per step. With {@code E = 2/dt + lambda}, {@code G = 1/(2/dt - lambda)}:
 *
 * <pre>
 * dA = (2/dt - A)^-1 (2/dt + A),   2/dt + A = E - P P*,
 * (2/dt - A)^-1 = (1/G + P P*)^-1 = G - G P (I + P* G P)^-1 P* G          (Woodbury)
 * </pre>
 *
 * <p>Inner products run over both of each conjugate pair, {@code 2 Re(…)}, so the r by r matrix is real. dB is
 * {@code 2 (2/dt - A)^-1 B}. Source: S4 (2111.00396), appendix C.2; official step mode {@code linear}.
 *
 * @param forward E {@code [n]}
 * @param backward G {@code [n]}
 * @param p P {@code [r][n]}
 * @param woodbury {@code (I + P* G P)^-1}, {@code [r, r]}; r = 0 is not allowed
 * @param b B {@code [n]}
 * @param c C {@code [c][n]}
 * @param skip D {@code [c]}
 */
public record DplrRecurrence(Complex[] forward, Complex[] backward, Complex[][] p, RealMatrix woodbury, Complex[] b,
        Complex[][] c, double[] skip) implements Recurrence {
    /** From a continuous system with the true C. */
    static DplrRecurrence of(DplrSsm ssm) {
        Dplr s = ssm.system();
        int n = s.pairs();
        Complex[] forward = new Complex[n];
        Complex[] backward = new Complex[n];
        for (int i = 0; i < n; i++) {
            forward[i] = s.lambda()[i].plus(2 / ssm.dt());
            backward[i] = Complex.of(2 / ssm.dt()).minus(s.lambda()[i]).reciprocal();
        }
        RealMatrix gram = RealMatrix.of(s.rank(), s.rank(), (q, r) -> {
            double sum = q == r ? 1 : 0;
            for (int i = 0; i < n; i++) {
                sum += 2 * s.p()[q][i].conjugate().times(backward[i]).times(s.p()[r][i]).re();
            }
            return sum;
        });
        return new DplrRecurrence(forward, backward, s.p(), gram.inverse(), s.b(), ssm.c(), ssm.d());
    }

    @Override
    public int stateSize() { return forward.length; }

    @Override
    public int channels() { return c.length; }

    @Override
    public Complex[] advance(Complex[] state, double u) {
        int n = forward.length;
        double[] inner = projections(state);
        Complex[] w = new Complex[n];
        for (int i = 0; i < n; i++) {
            w[i] = forward[i].times(state[i]).plus(b[i].times(2 * u)).minus(combined(inner, i)).times(backward[i]);
        }
        double[] correction = woodbury.times(projections(w));
        for (int i = 0; i < n; i++) {
            w[i] = w[i].minus(backward[i].times(combined(correction, i)));
        }
        return w;
    }

    @Override
    public double[] observe(Complex[] state) { return Pairs.doubledReal(c, state); }

    /** {@code P* x} over both of each pair, {@code [r]}. */
    private double[] projections(Complex[] x) {
        double[] inner = new double[p.length];
        for (int r = 0; r < inner.length; r++) {
            for (int i = 0; i < x.length; i++) {
                inner[r] += 2 * (p[r][i].re() * x[i].re() + p[r][i].im() * x[i].im());
            }
        }
        return inner;
    }

    private Complex combined(double[] weights, int i) {
        Complex sum = Complex.ZERO;
        for (int r = 0; r < weights.length; r++) {
            sum = sum.plus(p[r][i].times(weights[r]));
        }
        return sum;
    }
}
