package s4j.stream;

import java.util.Arrays;

/** Keys and values of a stream that grow with its steps. */
final class Cache {
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private final KeyValues form;
    private float[] values = new float[0];

    Cache(KeyValues form) { this.form = form; }

    /** The array, with room for so many steps. */
    float[] until(long steps) {
        long needed = form.size(steps);
        if (needed > LARGEST) {
            throw new IllegalArgumentException(
                    "attention over %,d steps needs a cache of more than %,d values a layer; expected shorter streams, or model.layer.window"
                            .formatted(steps, LARGEST));
        }
        if (values.length < needed) {
            values = Arrays.copyOf(values, (int) Math.min(LARGEST, Math.max(needed, 2L * values.length)));
        }
        return values;
    }

    /** Floats that are in use after so many steps. */
    long size(long steps) { return form.size(steps); }

    Cache copy() {
        Cache copy = new Cache(form);
        copy.values = values.clone();
        return copy;
    }

    /** As before the first step. */
    void clear() { values = new float[0]; }
}
