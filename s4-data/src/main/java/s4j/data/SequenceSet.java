package s4j.data;

import org.jspecify.annotations.Nullable;
import s4j.model.SequenceBatch;

/** Sequences by index. */
public interface SequenceSet {
    /** How many there are. */
    int size();

    /** The sequences with these indices, in this order, normalised, {@code [b, l, d]}. */
    SequenceBatch batch(int[] indices);

    /** The same as an epoch of training sees them, where that differs from epoch to epoch. */
    default SequenceBatch batch(int[] indices, long seed, int epoch) {
        return batch(indices);
    }

    /** The class of sequence {@code i}, where sequences have classes. */
    default int label(int i) {
        return batch(new int[]{i}).classes()[0];
    }

    /** Sequence {@code i} as a person would look at it; null where that is no picture. */
    default @Nullable Picture picture(int i) {
        return null;
    }

    /**
     * A grey picture.
     *
     * @param width columns
     * @param height rows
     * @param pixels row by row, 0 black, 255 white
     */
    record Picture(int width, int height, byte[] pixels) {}
}
