package s4j.data;

import java.util.Arrays;
import java.util.List;
import s4j.audio.Quantization;
import s4j.model.EncoderConfig;
import s4j.model.SequenceBatch;

/**
 * Sequences of levels for predicting the next one: at step t the network sees level t − 1, before the first step the level of
 * silence, and is to say level t. Shorter sequences of a batch are padded with silence that is not trained on.
 *
 * @param windows the levels, one unsigned byte each
 * @param labels class of each window; −1: none
 * @param form bits of the levels and what they mean
 * @param parts each step says the class too, and in which of so many parts of the sequence it is: level + levels · (class · parts + part);
 *     0: it says its level alone
 */
record AudioSet(List<byte[]> windows, List<Integer> labels, AudioForm form, int parts) implements SequenceSet {
    /** Steps that say nothing but their level. */
    AudioSet(List<byte[]> windows, List<Integer> labels, AudioForm form) {
        this(windows, labels, form, 0);
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
        for (int b = 0; b < indices.length; b++) {
            byte[] levels = windows.get(indices[b]);
            int row = b * longest;
            for (int t = 0; t < longest; t++) {
                int before = t == 0 || t >= levels.length ? zero : levels[t - 1] & 0xff;
                x[row + t] = before + told(labels.get(indices[b]), t, levels.length);
                targets[row + t] = t < levels.length ? levels[t] & 0xff : zero;
            }
        }
        boolean same = Arrays.stream(lengths).allMatch(n -> n == longest);
        return SequenceBatch.ofSteps(indices.length, longest, x, same ? null : lengths, targets);
    }

    private int told(int label, int t, int steps) {
        return parts == 0 ? 0 : EncoderConfig.row(label, parts, t, steps) * Quantization.levels(form.bits());
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
