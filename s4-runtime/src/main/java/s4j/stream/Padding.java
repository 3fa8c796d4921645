package s4j.stream;

import s4j.kernel.matrix.PackedMatrix;

/** Sizes of padded rows. */
final class Padding {
    /** The least multiple of the panel that holds {@code features}. */
    static int stride(int features) {
        return Math.multiplyExact(Math.ceilDiv(features, PackedMatrix.PANEL), PackedMatrix.PANEL);
    }

    /** Puts zeros after the features of each row. */
    static void clear(float[] x, int at, int rows, int features, int stride) {
        if (features == stride) {
            return;
        }
        for (int r = 0; r < rows; r++) {
            java.util.Arrays.fill(x, at + r * stride + features, at + (r + 1) * stride, 0);
        }
    }

    private Padding() {}
}
