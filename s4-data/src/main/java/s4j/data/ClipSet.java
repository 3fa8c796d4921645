package s4j.data;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;
import s4j.predict.InputTransform;

/**
 * Some recordings of a data set as sequences: what the runtime makes of them.
 *
 * @param sounds in order
 * @param transform from samples to what a network sees; it has a front end
 * @param rate samples per second
 * @param augment of training; null: none
 */
record ClipSet(List<Clip.Sound> sounds, InputTransform transform, int rate, @Nullable Augment augment)
        implements
            SequenceSet {
    @Override
    public int size() { return sounds.size(); }

    int steps(int i) { return transform.steps(sounds.get(i).samples().size()); }

    @Override
    public SequenceBatch batch(int[] wanted) {
        float[][] rows = new float[wanted.length][];
        for (int b = 0; b < rows.length; b++) {
            rows[b] = transform.series(sounds.get(wanted[b]).samples().samples(), 1);
        }
        return batch(wanted, rows);
    }

    @Override
    public SequenceBatch batch(int[] wanted, long seed, int epoch) {
        Augment own = augment;
        if (own == null) {
            return batch(wanted);
        }
        float[][] rows = new float[wanted.length][];
        for (int b = 0; b < rows.length; b++) {
            SplitMix64 random = SplitMix64.of(seed, "augment", ((long) epoch << 32) + wanted[b]);
            float[] padded = input(sounds.get(wanted[b]).samples().samples());
            rows[b] = transform.series(fitted(own.samples(padded, random), padded.length), 1);
            own.mask(rows[b], width(), random);
        }
        return batch(wanted, rows);
    }

    /** Padded before it is shifted, so that a short recording is not cut where there is room. */
    private float[] input(float[] samples) {
        return transform.sound() == null ? samples : transform.sound().padded(samples);
    }

    /** A faster one keeps its new length where lengths differ anyway. */
    private float[] fitted(float[] x, int length) {
        boolean fixed = transform.sound() != null && transform.sound().length() != null;
        return x.length > length || fixed ? Arrays.copyOf(x, length) : x;
    }

    private int width() { return transform.frontEnd() == null ? 1 : transform.frontEnd().width(); }

    @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
    private SequenceBatch batch(int[] wanted, float[][] rows) {
        int d = width();
        int[] lengths = Arrays.stream(rows).mapToInt(r -> r.length / d).toArray();
        int longest = Arrays.stream(lengths).max().orElseThrow();
        float[] x = new float[Math.multiplyExact(Math.multiplyExact(wanted.length, longest), d)];
        for (int b = 0; b < rows.length; b++) {
            System.arraycopy(rows[b], 0, x, b * longest * d, rows[b].length);
        }
        boolean same = Arrays.stream(lengths).allMatch(n -> n == longest);
        int[] labels = Arrays.stream(wanted).map(this::label).toArray();
        return new SequenceBatch(wanted.length, longest, d, x, same ? null : lengths, labels);
    }

    @Override
    public int label(int i) { return sounds.get(i).label(); }

    @Override
    public Picture picture(int i) { return Spectrogram.of(sounds.get(i).samples().samples()); }
}
