package s4j.pickle;

import java.util.Arrays;

/**
 * A tensor as a view of a storage: element {@code (i, j, …)} stands at {@code offset + i stride_0 + j stride_1 + …}. Its
 * constructor makes sure that all of them lie inside.
 *
 * @param storage its memory
 * @param offset of its first element
 * @param shape sizes of the axes
 * @param strides of the axes, in elements
 */
public record StoredTensor(Storage storage, long offset, long[] shape, long[] strides) {
    static final int MAX_AXES = 32;

    /**
     * Checks that the view lies inside its storage.
     *
     * @throws IllegalArgumentException when it does not
     */
    public StoredTensor {
        if (shape.length != strides.length || shape.length > MAX_AXES) {
            throw new IllegalArgumentException("a tensor has " + shape.length + " sizes and " + strides.length
                    + " strides; expected as many of both, at most " + MAX_AXES);
        }
        long last = offset;
        long count = 1;
        try {
            for (int i = 0; i < shape.length; i++) {
                if (shape[i] < 0 || strides[i] < 0) {
                    throw new IllegalArgumentException("a tensor has size " + shape[i] + " and stride " + strides[i]
                            + "; expected none below 0");
                }
                count = Math.multiplyExact(count, shape[i]);
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[i] - 1), strides[i]));
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a tensor's shape " + Arrays.toString(shape) + " or strides "
                    + Arrays.toString(strides) + " are beyond 64 bits", e);
        }
        if (offset < 0 || (count > 0 && last >= storage.elements())) {
            throw new IllegalArgumentException("a tensor " + Arrays.toString(shape) + " reaches from element " + offset
                    + " to " + last + " of storage " + Texts.shortened(storage.key()) + "; it has "
                    + storage.elements());
        }
    }

    /** Number of elements. */
    public long size() {
        long n = 1;
        for (long s : shape) {
            n *= s;
        }
        return n;
    }

    /** Whether its elements stand one after the other. */
    boolean contiguous() {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != expected) {
                return false;
            }
            expected *= shape[i];
        }
        return true;
    }

    @Override
    public boolean equals(Object o) { return this == o; }

    @Override
    public int hashCode() { return System.identityHashCode(this); }

    @Override
    public String toString() { return storage.type() + Arrays.toString(shape); }
}
