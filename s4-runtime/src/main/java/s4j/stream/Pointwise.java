package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.kernel.rows.RowFunctions;
import s4j.model.S4LayerConfig.Activation;

/** Non-linearities of padded rows. */
final class Pointwise {
    /** In place over {@code size} values; {@code glu} is not pointwise and is done by {@link RowFunctions#glu}. */
    static void apply(@Nullable Activation activation, float[] x, int size, RowFunctions functions, Scratch scratch) {
        if (activation == null || activation.identity()) {
            return;
        }
        switch (activation) {
            case GELU -> functions.gelu(x, x, size);
            case SIGMOID -> functions.sigmoid(x, x, size);
            case SILU, SWISH -> {
                float[] s = scratch.get(Scratch.POINTWISE, size);
                functions.sigmoid(x, s, size);
                functions.multiply(s, x, size);
            }
            case RELU -> {
                for (int i = 0; i < size; i++) {
                    x[i] = Math.max(x[i], 0);
                }
            }
            case TANH -> {
                for (int i = 0; i < size; i++) {
                    x[i] = (float) Math.tanh(x[i]);
                }
            }
            case ELU -> {
                for (int i = 0; i < size; i++) {
                    x[i] = x[i] > 0 ? x[i] : (float) Math.expm1(x[i]);
                }
            }
            case SOFTPLUS -> {
                for (int i = 0; i < size; i++) {
                    x[i] = (float) (Math.max(x[i], 0) + Math.log1p(Math.exp(-Math.abs(x[i]))));
                }
            }
            case ID, IDENTITY, LINEAR, GLU -> throw new IllegalArgumentException(
                    activation + " here; expected a function of single values");
        }
    }

    /** Whether 0 stays 0, as padding must. */
    static boolean keepsZero(@Nullable Activation activation) {
        return activation != Activation.SIGMOID && activation != Activation.SOFTPLUS;
    }

    private Pointwise() {}
}
