package s4j.model;

import org.jspecify.annotations.Nullable;

/**
 * A batch of sequences as plain arrays.
 *
 * @param size sequences b
 * @param length steps l (shorter sequences are padded at the end)
 * @param features values per step d
 * @param x the values {@code [b, l, d]}
 * @param lengths steps of each sequence {@code [b]}; null: all have length
 * @param labels classes {@code [b]}; null where unknown
 * @param targets classes of each step {@code [b, l]}, e.g. the next sample; padding is whatever it is; null where there
 *     are none
 */
public record SequenceBatch(int size, int length, int features, float[] x, int @Nullable [] lengths,
        int @Nullable [] labels, int @Nullable [] targets) {
    /** Sequences without a target for each step. */
    public SequenceBatch(int size, int length, int features, float[] x, int @Nullable [] lengths,
            int @Nullable [] labels) {
        this(size, length, features, x, lengths, labels, null);
    }

    /** Sequences of tokens with the target of each step. */
    public static SequenceBatch ofSteps(int size, int length, float[] tokens, int @Nullable [] lengths, int[] targets) {
        return new SequenceBatch(size, length, 1, tokens, lengths, null, targets);
    }

    /** Labelled sequences that all have {@code length} steps. */
    public SequenceBatch(int size, int length, int features, float[] x, int[] labels) {
        this(size, length, features, x, null, labels, null);
    }

    /** Checks the sizes of the arrays. */
    public SequenceBatch {
        if (size < 1 || length < 1 || features < 1
                || x.length != Math.multiplyExact(Math.multiplyExact(size, length), features)) {
            throw new IllegalArgumentException(
                    "batch [%d, %d, %d] needs %s values, got %d".formatted(size, length, features,
                            (long) size * length * features, x.length));
        }
        if (lengths != null && lengths.length != size) {
            throw new IllegalArgumentException("batch of " + size + " has " + lengths.length + " lengths");
        }
        for (int i = 0; lengths != null && i < size; i++) {
            if (lengths[i] < 1 || lengths[i] > length) {
                throw new IllegalArgumentException("sequence " + i + " of the batch has length " + lengths[i]
                        + "; expected 1 to " + length);
            }
        }
        if (labels != null && labels.length != size) {
            throw new IllegalArgumentException("batch of " + size + " has " + labels.length + " labels");
        }
        if (targets != null && targets.length != size * length) {
            throw new IllegalArgumentException("batch [%d, %d] needs %d targets, got %d".formatted(size, length,
                    size * length, targets.length));
        }
    }

    /** Steps that are no padding. */
    public long realSteps() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += lengths == null ? length : lengths[i];
        }
        return sum;
    }
}
