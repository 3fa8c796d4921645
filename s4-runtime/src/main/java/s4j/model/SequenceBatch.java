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
 * @param targets what is to be predicted; null where that is not known
 * @param context what its sequences go on from; null: nothing
 */
public record SequenceBatch(int size, int length, int features, float[] x, int @Nullable [] lengths,
        @Nullable Targets targets, @Nullable Context context) {
    /** What the sequences of a batch go on from. */
    public sealed interface Context {
        /**
         * Each row goes on where the same row of the batch before it ended, and the next batch may go on from this one.
         *
         * @param goesOn whether there was one; else the rows begin
         */
        record Carried(boolean goesOn) implements Context {}

        /**
         * The first steps of each row are read and not predicted.
         *
         * @param steps how many, fewer than there are
         */
        record Steps(int steps) implements Context {}
    }

    /** Sequences that go on from nothing. */
    public SequenceBatch(int size, int length, int features, float[] x, int @Nullable [] lengths,
            @Nullable Targets targets) {
        this(size, length, features, x, lengths, targets, null);
    }

    /** Sequences of a class each. */
    public SequenceBatch(int size, int length, int features, float[] x, int @Nullable [] lengths, int[] classes) {
        this(size, length, features, x, lengths, new Targets.Classes(classes));
    }

    /** Sequences of a class each that all have {@code length} steps. */
    public SequenceBatch(int size, int length, int features, float[] x, int[] classes) {
        this(size, length, features, x, null, new Targets.Classes(classes));
    }

    /** Sequences that all have {@code length} steps, and nothing else. */
    public SequenceBatch(int size, int length, int features, float[] x) {
        this(size, length, features, x, null, (Targets) null);
    }

    /** Sequences of tokens with the class of each step. */
    public static SequenceBatch ofSteps(int size, int length, float[] tokens, int @Nullable [] lengths, int[] targets) {
        return new SequenceBatch(size, length, 1, tokens, lengths, new Targets.StepClasses(targets));
    }

    /** The same going on from something. */
    public SequenceBatch after(Context before) {
        return new SequenceBatch(size, length, features, x, lengths, targets, before);
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
        if (targets != null) {
            targets.check(size, length);
        }
        if (context instanceof Context.Steps read && (read.steps() < 1 || read.steps() >= length)) {
            throw new IllegalArgumentException(
                    "context of " + read.steps() + " steps; expected 1 to " + (length - 1));
        }
    }

    /** The classes of its sequences {@code [b]}, or of its steps {@code [b, l]}. */
    public int[] classes() {
        return switch (targets) {
            case Targets.Classes c -> c.classes();
            case Targets.StepClasses s -> s.classes();
            case null, default -> throw new IllegalArgumentException("a batch without classes; expected some");
        };
    }

    /** The numbers of its sequences {@code [b, t, d]}. */
    public Targets.Values values() {
        if (targets instanceof Targets.Values v) {
            return v;
        }
        throw new IllegalArgumentException("a batch without numbers to predict; expected some");
    }

    /** Steps of sequence {@code i} that are no padding. */
    public int stepsOf(int i) {
        return lengths == null ? length : lengths[i];
    }

    /** Steps that have a target: no padding, and none that are only read (class {@value Targets#NONE}). */
    public long predictedSteps() {
        if (!(targets instanceof Targets.StepClasses s)) {
            return realSteps();
        }
        long sum = 0;
        for (int i = 0; i < size; i++) {
            for (int t = i * length; t < i * length + stepsOf(i); t++) {
                sum += s.classes()[t] == Targets.NONE ? 0 : 1;
            }
        }
        return sum;
    }

    /** Steps that are no padding. */
    public long realSteps() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += stepsOf(i);
        }
        return sum;
    }
}
