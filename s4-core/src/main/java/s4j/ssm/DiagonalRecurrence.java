package s4j.ssm;

import s4j.math.Complex;

/**
 * The recurrence of a diagonal system on one of each conjugate pair: {@code x_n <- dA_n x_n + dB_n u},
 * {@code y_c = 2 Re sum_n C_cn x_n + D_c u}. O(n) per step.
 *
 * @param dA {@code [n]}
 * @param dB {@code [n]}
 * @param c C {@code [c][n]}
 * @param skip D {@code [c]}
 */
public record DiagonalRecurrence(Complex[] dA, Complex[] dB, Complex[][] c, double[] skip) implements Recurrence {
    @Override
    public int stateSize() { return dA.length; }

    @Override
    public int channels() { return c.length; }

    @Override
    public Complex[] advance(Complex[] state, double u) {
        Complex[] next = new Complex[dA.length];
        for (int n = 0; n < next.length; n++) {
            next[n] = dA[n].times(state[n]).plus(dB[n].times(u));
        }
        return next;
    }

    @Override
    public double[] observe(Complex[] state) { return Pairs.doubledReal(c, state); }
}
