package s4j.kernel.matrix;

import java.util.Arrays;

/** The inner loops of {@link PackedMatrix} as plain Java. */
final class ScalarPackedMatrix implements PackedMatrix.Inner {
    private static final int P = PackedMatrix.PANEL;

    @Override
    public void multiply(float[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride,
            int rows, float[] scale, float[] bias, int outputAt) {
        for (int r = 0; r < rows; r++) {
            int out = yAt + r * yStride;
            Arrays.fill(y, out, out + P, 0);
            for (int i = 0; i < k; i++) {
                float v = x[xAt + r * xStride + i];
                for (int j = 0; j < P; j++) {
                    y[out + j] += v * w[wAt + i * P + j];
                }
            }
            finish(y, out, scale, bias, outputAt);
        }
    }

    @Override
    public void bf16(int[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride,
            int rows,
            float[] scale, float[] bias, int outputAt) {
        for (int r = 0; r < rows; r++) {
            int out = yAt + r * yStride;
            Arrays.fill(y, out, out + P, 0);
            for (int i = 0; i < k; i++) {
                float v = x[xAt + r * xStride + i];
                for (int j = 0; j < P / 2; j++) {
                    int word = w[wAt + i * (P / 2) + j];
                    y[out + j] += v * Float.intBitsToFloat(word << 16);
                    y[out + P / 2 + j] += v * Float.intBitsToFloat(word & 0xffff0000);
                }
            }
            finish(y, out, scale, bias, outputAt);
        }
    }

    @Override
    public void int8(int[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride,
            int rows,
            float[] scale, float[] bias, int outputAt) {
        for (int r = 0; r < rows; r++) {
            int out = yAt + r * yStride;
            Arrays.fill(y, out, out + P, 0);
            for (int i = 0; i < k; i++) {
                float v = x[xAt + r * xStride + i];
                for (int j = 0; j < P / 4; j++) {
                    int word = w[wAt + i * (P / 4) + j];
                    y[out + j] += v * (word << 24 >> 24);
                    y[out + P / 4 + j] += v * (word << 16 >> 24);
                    y[out + P / 2 + j] += v * (word << 8 >> 24);
                    y[out + 3 * P / 4 + j] += v * (word >> 24);
                }
            }
            finish(y, out, scale, bias, outputAt);
        }
    }

    @Override
    public void widen(int[] w, int wAt, int k, float[] to) {
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < P / 4; j++) {
                int word = w[wAt + i * (P / 4) + j];
                int at = i * P + j;
                to[at] = word << 24 >> 24;
                to[at + P / 4] = word << 16 >> 24;
                to[at + P / 2] = word << 8 >> 24;
                to[at + 3 * P / 4] = word >> 24;
            }
        }
    }

    private static void finish(float[] y, int at, float[] scale, float[] bias, int outputAt) {
        for (int j = 0; j < P; j++) {
            y[at + j] = y[at + j] * scale[outputAt + j] + bias[outputAt + j];
        }
    }
}
