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
     * @param frame of windows that have a location and scale of their own; null: they have none
     */
    record Values(int steps, int features, float[] values, float @Nullable [] mask, @Nullable Frame frame)
            implements
                Targets {
        /** Numbers that all count. */
        public Values(int steps, int features, float[] values) {
            this(steps, features, values, null, null);
        }

        /** Numbers of which some count. */
        public Values(int steps, int features, float[] values, float @Nullable [] mask) {
            this(steps, features, values, mask, null);
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

    /**
     * Where each sequence's own numbers lie: standardised v · scale + location, and of that, in the data's unit, v · std + mean.
     * Numbers are counted as in {@link Values#values}.
     *
     * @param steps t
     * @param features d
     * @param location {@code [b, t, d]}
     * @param scale {@code [b, t, d]}
     * @param mean {@code [b, d]}
     * @param std {@code [b, d]}
     */
    @SuppressWarnings("ArrayRecordComponent") // filled once, then read
    record Frame(int steps, int features, float[] location, float[] scale, double[] mean, double[] std) {
        /** Still to be filled. */
        public static Frame of(int size, int steps, int features) {
            int n = Math.multiplyExact(size, features);
            return new Frame(steps, features, new float[n * steps], new float[n * steps], new double[n], new double[n]);
        }

        /** Where number {@code i}'s mean and std stand. */
        public int row(int i) {
            return i / (steps * features) * features + i % features;
        }

        /** Number {@code i}'s location and scale. */
        public void set(int i, double location, double scale) {
            this.location[i] = (float) location;
            this.scale[i] = (float) scale;
        }

        /** Mean and std of feature {@code i % d} of sequence {@code i / d}. */
        public void unit(int i, double mean, double std) {
            this.mean[i] = mean;
            this.std[i] = std;
        }

        /** A standardised number, as the network is to give number {@code i}. */
        public float normalised(float v, int i) {
            return (v - location[i]) / scale[i];
        }

        /** A network's number {@code i}, standardised. */
        public double standardised(double v, int i) {
            return v * scale[i] + location[i];
        }

        /** A network's number {@code i} in the data's unit. */
        public double restored(double v, int i) {
            return standardised(v, i) * std[row(i)] + mean[row(i)];
        }
    }
}
