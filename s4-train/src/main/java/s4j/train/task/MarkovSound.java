package s4j.train.task;

import java.util.List;
import s4j.audio.Quantization;
import s4j.audio.Waveform;
import s4j.math.SplitMix64;

/** Noise that has the statistics of neighbouring samples of real sound and nothing else: a chain of order 1 over μ-law levels. */
public final class MarkovSound {
    private static final int BITS = 8;

    private final long[][] counts = new long[Quantization.levels(BITS)][Quantization.levels(BITS)];
    private final long[] totals = new long[Quantization.levels(BITS)];
    private final float[] table = Quantization.MU_LAW.table(BITS);
    private final int rate;

    /** Counted over sounds of one rate. */
    public MarkovSound(List<Waveform> sounds) {
        this.rate = sounds.getFirst().sampleRate();
        for (Waveform sound : sounds) {
            int before = Quantization.zero(BITS);
            for (float v : sound.samples()) {
                int level = Quantization.MU_LAW.encode(v, BITS);
                counts[before][level]++;
                totals[before]++;
                before = level;
            }
        }
    }

    /** So many samples. */
    public Waveform draw(int samples, long seed) {
        SplitMix64 random = SplitMix64.of(seed, "markov", 0);
        float[] x = new float[samples];
        int at = Quantization.zero(BITS);
        for (int i = 0; i < samples; i++) {
            at = next(at, random);
            x[i] = table[at];
        }
        return new Waveform(rate, x);
    }

    private int next(int at, SplitMix64 random) {
        if (totals[at] == 0) {
            return Quantization.zero(BITS); // a level that only ended recordings
        }
        double left = random.nextDouble() * totals[at];
        for (int level = 0; level < counts.length; level++) {
            left -= counts[at][level];
            if (left < 0) {
                return level;
            }
        }
        return Quantization.zero(BITS);
    }
}
