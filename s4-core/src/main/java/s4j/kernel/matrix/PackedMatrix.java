package s4j.kernel.matrix;

import java.util.Arrays;
import s4j.kernel.Backend;

/**
 * A linear map y = W x + b over rows, its weights packed once for the order in which they are read:
 *
 * <pre>
 *   y[row, o] = scale[o] Σ_k w[o, k] x[row, k] + b[o]          scale is 1 but for int8
 * </pre>
 *
 * <p>Panels of {@value #PANEL} outputs hold their weights input by input. Sums run over k in order for every number of rows,
 * so an output has the same bits alone and in a batch. Outputs beyond the last are 0, up to a multiple of {@value #PANEL}.
 *
 * <p>Weights are float32, bfloat16 (two in an int) or int8 (four in an int, one scale an output); sums are always float32.
 * Compact weights are widened in registers, but those of int8 for many rows once a panel.
 */
public final class PackedMatrix {
    /** Outputs of one panel; rows of outputs are padded to a multiple. */
    public static final int PANEL = 64;
    /** Rows from which on a panel of int8 weights is widened first. */
    private static final int WIDEN_FROM = 4;

    /** How weights are stored. */
    public enum Precision {
        FLOAT32, BF16, INT8
    }

    /** What runs on lanes, over one panel. */
    interface Inner {
        /** y = scale Σ_k w x + b with float32 weights {@code [k, PANEL]}. */
        void multiply(float[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride,
                int rows, float[] scale, float[] bias, int outputAt);

        /** The same with bfloat16 weights {@code [k, PANEL / 2]}: output j in the low half, j + PANEL / 2 in the high. */
        void bf16(int[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride, int rows,
                float[] scale, float[] bias, int outputAt);

        /** The same with int8 weights {@code [k, PANEL / 4]}: output j + q PANEL / 4 in byte q. */
        void int8(int[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride, int rows,
                float[] scale, float[] bias, int outputAt);

        /** A panel of int8 weights as float32, from the first place of {@code to}. */
        void widen(int[] w, int wAt, int k, float[] to);
    }

    private final Inner inner;
    private final Precision precision;
    private final int inputs;
    private final int panels;
    private final float[] floats;
    private final int[] words;
    private final float[] scale;
    private final float[] bias;

    /**
     * Packs a matrix.
     *
     * @param weight W {@code [outputs, inputs]}: whole numbers −127 … 127 for int8
     * @param scale of each output; all 1 but for int8
     * @param bias b {@code [outputs]}
     */
    public PackedMatrix(Backend backend, Precision precision, int outputs, int inputs, float[] weight, float[] scale,
            float[] bias) {
        if (outputs < 1 || inputs < 1 || weight.length != (long) outputs * inputs || scale.length != outputs
                || bias.length != outputs) {
            throw new IllegalArgumentException(
                    "matrix [%d, %d] with %d weights, %d scales and %d biases; expected %d, %d and %d".formatted(
                            outputs,
                            inputs, weight.length, scale.length, bias.length, (long) outputs * inputs, outputs,
                            outputs));
        }
        this.inner = backend.required() == Backend.SIMD ? new SimdPackedMatrix() : new ScalarPackedMatrix();
        this.precision = precision;
        this.inputs = inputs;
        this.panels = Math.ceilDiv(outputs, PANEL);
        this.scale = Arrays.copyOf(scale, panels * PANEL);
        this.bias = Arrays.copyOf(bias, panels * PANEL);
        float[] packed = new float[Math.multiplyExact(panels * PANEL, inputs)];
        for (int o = 0; o < outputs; o++) {
            for (int k = 0; k < inputs; k++) {
                packed[(o / PANEL * inputs + k) * PANEL + o % PANEL] = weight[o * inputs + k];
            }
        }
        this.floats = precision == Precision.FLOAT32 ? packed : new float[0];
        this.words = switch (precision) {
            case FLOAT32 -> new int[0];
            case BF16 -> bf16(packed);
            case INT8 -> int8(packed);
        };
    }

    private static int[] bf16(float[] packed) {
        int half = PANEL / 2;
        int[] words = new int[packed.length / 2];
        for (int i = 0; i < words.length; i++) {
            int at = i / half * PANEL + i % half;
            words[i] = (bfloat16(packed[at + half]) << 16) | (bfloat16(packed[at]) & 0xffff);
        }
        return words;
    }

    private static int[] int8(float[] packed) {
        int quarter = PANEL / 4;
        int[] words = new int[packed.length / 4];
        for (int i = 0; i < words.length; i++) {
            int at = i / quarter * PANEL + i % quarter;
            for (int q = 0; q < 4; q++) {
                int value = Math.round(packed[at + q * quarter]);
                if (value != packed[at + q * quarter] || Math.abs(value) > 127) {
                    throw new IllegalArgumentException("int8 weight " + packed[at + q * quarter]
                            + "; expected a whole number from -127 to 127");
                }
                words[i] |= (value & 0xff) << (8 * q);
            }
        }
        return words;
    }

    /** The nearest bfloat16 (ties to even) as its 16 bits. */
    public static short bfloat16(float x) {
        int bits = Float.floatToRawIntBits(x);
        if (Float.isNaN(x)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    /** Floats of one row of outputs: a multiple of {@value #PANEL}. */
    public int outputStride() {
        return panels * PANEL;
    }

    /** Panels of outputs, which may be computed in any order. */
    public int panels() { return panels; }

    /** Multiplications for a row. */
    public int weights() { return panels * PANEL * inputs; }

    /** Floats of scratch that {@link #multiply} needs. */
    public int scratchSize() {
        return precision == Precision.INT8 ? inputs * PANEL : 0;
    }

    /**
     * All outputs of some rows.
     *
     * @param x rows of inputs, {@code xStride} apart, first at {@code xAt}
     * @param y rows of {@link #outputStride} outputs, {@code yStride} apart, first at {@code yAt}
     * @param scratch of {@link #scratchSize}
     */
    public void multiply(float[] x, int xAt, int xStride, float[] y, int yAt, int yStride, int rows, float[] scratch) {
        multiply(0, panels, x, xAt, xStride, y, yAt, yStride, rows, scratch);
    }

    /** The same for panels {@code from} to {@code to}, exclusive: what one of several threads does. */
    public void multiply(int from, int to, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride, int rows,
            float[] scratch) {
        for (int p = from; p < to; p++) {
            int out = p * PANEL;
            if (precision == Precision.FLOAT32) {
                inner.multiply(floats, p * inputs * PANEL, inputs, x, xAt, xStride, y, yAt + out, yStride, rows, scale,
                        bias, out);
            } else if (precision == Precision.BF16) {
                inner.bf16(words, p * inputs * PANEL / 2, inputs, x, xAt, xStride, y, yAt + out, yStride, rows, scale,
                        bias, out);
            } else if (rows >= WIDEN_FROM) {
                inner.widen(words, p * inputs * PANEL / 4, inputs, scratch);
                inner.multiply(scratch, 0, inputs, x, xAt, xStride, y, yAt + out, yStride, rows, scale, bias, out);
            } else {
                inner.int8(words, p * inputs * PANEL / 4, inputs, x, xAt, xStride, y, yAt + out, yStride, rows, scale,
                        bias, out);
            }
        }
    }
}
