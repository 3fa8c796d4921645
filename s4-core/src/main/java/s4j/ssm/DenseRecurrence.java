package s4j.ssm;

import s4j.math.Complex;
import s4j.math.ComplexMatrix;

/**
 * The recurrence of a dense system on all N states, O(N^2) per step: the oracle of the structured ones.
 *
 * @param dA {@code [N, N]}
 * @param dB {@code [N]}
 * @param c C {@code [c][N]}
 * @param skip D {@code [c]}
 */
public record DenseRecurrence(ComplexMatrix dA, Complex[] dB, Complex[][] c, double[] skip) implements Recurrence {
    @Override
    public int stateSize() { return dB.length; }

    @Override
    public int channels() { return c.length; }

    @Override
    public Complex[] advance(Complex[] state, double u) {
        Complex[] next = dA.times(state);
        for (int n = 0; n < next.length; n++) {
            next[n] = next[n].plus(dB[n].times(u));
        }
        return next;
    }

    /** {@code Re(C x)}: the state holds both of each pair, so nothing is doubled. */
    @Override
    public double[] observe(Complex[] state) {
        double[] y = new double[c.length];
        for (int i = 0; i < c.length; i++) {
            for (int n = 0; n < state.length; n++) {
                y[i] += c[i][n].re() * state[n].re() - c[i][n].im() * state[n].im();
            }
        }
        return y;
    }
}
