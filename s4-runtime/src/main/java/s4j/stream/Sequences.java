package s4j.stream;

import org.jspecify.annotations.Nullable;

/**
 * Sizes of a batch of whole sequences.
 *
 * @param b sequences
 * @param l steps of each row of the batch
 * @param lengths steps that are real {@code [b]}; null: all
 */
record Sequences(int b, int l, int @Nullable [] lengths) {
    int rows() { return Math.multiplyExact(b, l); }

    /** Real steps of sequence i. */
    int length(int i) { return lengths == null ? l : lengths[i]; }

    /** Zeros where steps are padding. */
    void mask(float[] x, int stride) {
        for (int i = 0; lengths != null && i < b; i++) {
            java.util.Arrays.fill(x, (i * l + lengths[i]) * stride, (i + 1) * l * stride, 0);
        }
    }

    /** The last real step of each sequence: y {@code [b, stride]}. */
    void last(float[] x, int stride, float[] y) {
        for (int i = 0; i < b; i++) {
            System.arraycopy(x, (i * l + length(i) - 1) * stride, y, i * stride, stride);
        }
    }

    /** Sequences of one step each. */
    Sequences single() { return new Sequences(b, 1, null); }

    /** The sizes after time is divided; each length by {@code divided}. */
    Sequences pooled(int steps, java.util.function.IntUnaryOperator divided) {
        return new Sequences(b, steps,
                lengths == null ? null : java.util.Arrays.stream(lengths).map(divided).toArray());
    }
}
