package s4j.model;

import org.jspecify.annotations.Nullable;

/** What the sequences of a batch are to be predicted as. What a data set has of them as a whole is a {@link TargetSpec}. */
public sealed interface Targets {
    /** Refuses arrays that do not belong to {@code size} sequences of {@code length} steps. */
    void check(int size, int length);

    /**
     * A class of each sequence.
     *
     * @param classes {@code [b]}, from 0; -1 where a sequence has none
     */
    record Classes(int[] classes) implements Targets {
        @Override
        public void check(int size, int length) {
            if (classes.length != size) {
                throw new IllegalArgumentException("batch of " + size + " has " + classes.length + " labels");
            }
        }
    }

    /**
     * A class of each step, e.g. the next token.
     *
     * @param classes {@code [b, l]}; at padding whatever it is
     */
    record StepClasses(int[] classes) implements Targets {
        @Override
        public void check(int size, int length) {
            if (classes.length != size * length) {
                throw new IllegalArgumentException("batch [%d, %d] needs %d targets, got %d".formatted(size, length,
                        size * length, classes.length));
            }
        }
    }

    /**
     * Numbers of each sequence: one row of them for a regression, one a future step for a forecast. They are as the network
     * gives them, i.e. normalised where the {@link TargetSpec.Values} has a scale.
     *
     * @param steps rows t
     * @param features numbers d in a row
     * @param values {@code [b, t, d]}
     * @param mask {@code [b, t, d]}: 1 where a value counts, 0 where it is not known; null: all count
     */
    record Values(int steps, int features, float[] values, float @Nullable [] mask) implements Targets {
        /** Numbers that all count. */
        public Values(int steps, int features, float[] values) {
            this(steps, features, values, null);
        }

        @Override
        public void check(int size, int length) {
            long expected = (long) size * steps * features;
            if (values.length != expected || (mask != null && mask.length != expected)) {
                throw new IllegalArgumentException("targets [%d, %d, %d] need %d values, got %d%s".formatted(size,
                        steps,
                        features, expected, values.length, mask == null ? "" : " and a mask of " + mask.length));
            }
        }
    }
}
