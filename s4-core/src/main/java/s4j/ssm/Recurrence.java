package s4j.ssm;

import java.util.Arrays;
import s4j.math.Complex;

/**
 * A discretised system that one runs: {@code x_k = dA x_(k-1) + dB u_k}, {@code y_k = C x_k + D u_k}. One input, c outputs.
 *
 * <p>A value: the state is an argument and a result, so that it can be kept, copied, sent and resumed.
 */
public sealed interface Recurrence permits DiagonalRecurrence, DplrRecurrence, DenseRecurrence {
    /** Entries of the state: n = N/2 pairs, or N for the dense form. */
    int stateSize();

    /** Outputs c. */
    int channels();

    /** {@code dA x + dB u}, a new array {@code [n]}. */
    Complex[] advance(Complex[] state, double u);

    /** {@code C x}, real, {@code [c]}; without D u. */
    double[] observe(Complex[] state);

    /** D {@code [c]}. */
    double[] skip();

    /** The state before any input. */
    default Complex[] zeroState() {
        Complex[] zero = new Complex[stateSize()];
        Arrays.fill(zero, Complex.ZERO);
        return zero;
    }

    /**
     * One step.
     *
     * @param state after it {@code [n]}
     * @param y output {@code [c]}
     */
    record Step(Complex[] state, double[] y) {}

    /** One input in, state and output out. */
    default Step step(Complex[] state, double u) {
        if (state.length != stateSize()) {
            throw new IllegalArgumentException("step: state of " + state.length + " entries; expected " + stateSize()
                    + ", start from zeroState()");
        }
        Complex[] next = advance(state, u);
        double[] y = observe(next);
        for (int c = 0; c < y.length; c++) {
            y[c] += skip()[c] * u;
        }
        return new Step(next, y);
    }

    /**
     * A sequence of steps.
     *
     * @param state after the last one {@code [n]}
     * @param y outputs {@code [c][l]}
     */
    record Scan(Complex[] state, double[][] y) {}

    /** All of a sequence, from a given state. */
    default Scan scan(Complex[] state, double[] u) {
        double[][] y = new double[channels()][u.length];
        Complex[] x = state;
        for (int l = 0; l < u.length; l++) {
            Step step = step(x, u[l]);
            x = step.state();
            for (int c = 0; c < y.length; c++) {
                y[c][l] = step.y()[c];
            }
        }
        return new Scan(x, y);
    }

    /** All of a sequence, from rest. */
    default Scan scan(double[] u) { return scan(zeroState(), u); }

    /** float32 in and out {@code [c][l]}, from rest; the state stays float64, as rounding it at every step would drift. */
    default float[][] scan(float[] u) {
        double[][] y = scan(Float32.widened(u)).y();
        float[][] rounded = new float[y.length][];
        Arrays.setAll(rounded, c -> Float32.rounded(y[c]));
        return rounded;
    }

    /**
     * The kernel by its definition, one state multiplied L times (Krylov): {@code K[c,l] = C dA^l dB}, without D.
     *
     * @return {@code [c][l]}
     */
    default double[][] krylov(int length) {
        double[][] k = new double[channels()][length];
        Complex[] x = advance(zeroState(), 1);
        for (int l = 0; l < length; l++) {
            double[] y = observe(x);
            for (int c = 0; c < k.length; c++) {
                k[c][l] = y[c];
            }
            x = advance(x, 0);
        }
        return k;
    }
}
