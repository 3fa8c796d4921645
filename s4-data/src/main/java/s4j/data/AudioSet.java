package s4j.data;

import java.util.Arrays;
import java.util.List;
import s4j.audio.Quantization;
import s4j.model.SequenceBatch;

/**
 * Sequences of levels for predicting the next one: at step t the network sees level t − 1, before the first step the level of
 * silence, and is to say level t. Shorter sequences of a batch are padded with silence that is not trained on.
 *
 * @param windows the levels, one unsigned byte each
 * @param labels class of each window; −1: none
 * @param form bits of the levels and what they mean
 * @param told whether each step says the class as well: level + levels · class
 */
record AudioSet(List<byte[]> windows, List<Integer> labels, AudioForm form, boolean told) implements SequenceSet {
    /** Steps that say nothing but their level. */
    AudioSet(List<byte[]> windows, List<Integer> labels, AudioForm form) {
        this(windows, labels, form, false);
    }

    @Override
    public int size() { return windows.size(); }

    /** Steps of the longest sequence. */
    int longest() {
        return windows.stream().mapToInt(w -> w.length).max().orElse(0);
    }

    @Override
    @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
    public SequenceBatch batch(int[] indices) {
        int[] lengths = Arrays.stream(indices).map(i -> windows.get(i).length).toArray();
        int longest = Arrays.stream(lengths).max().orElseThrow();
        int zero = Quantization.zero(form.bits());
        float[] x = new float[Math.multiplyExact(indices.length, longest)];
        int[] targets = new int[x.length];
        Arrays.fill(targets, zero);
        for (int b = 0; b < indices.length; b++) {
            byte[] levels = windows.get(indices[b]);
            int row = b * longest;
            int offset = told ? labels.get(indices[b]) * Quantization.levels(form.bits()) : 0;
            Arrays.fill(x, row, row + longest, zero + offset);
            for (int t = 0; t < levels.length; t++) {
                targets[row + t] = levels[t] & 0xff;
                if (t > 0) {
                    x[row + t] = (levels[t - 1] & 0xff) + offset;
                }
            }
        }
        boolean same = Arrays.stream(lengths).allMatch(n -> n == longest);
        return SequenceBatch.ofSteps(indices.length, longest, x, same ? null : lengths, targets);
    }

    @Override
    public int label(int i) { return labels.get(i); }

    /** The spectrogram: time to the right, frequency up to half the sampling rate upwards, brighter is louder. */
    @Override
    public Picture picture(int i) {
        byte[] levels = windows.get(i);
        float[] table = form.quantization().table(form.bits());
        float[] samples = new float[levels.length];
        for (int t = 0; t < samples.length; t++) {
            samples[t] = table[levels[t] & 0xff];
        }
        return Spectrogram.of(samples);
    }
}
