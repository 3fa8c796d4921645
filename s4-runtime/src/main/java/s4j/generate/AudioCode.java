package s4j.generate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import s4j.audio.Quantization;
import s4j.audio.Waveform;

/**
 * How tokens are sound: token q is the sample {@code levels[q]}.
 *
 * @param levels in [−1, 1], rising
 * @param sampleRate samples per second
 * @param stretched whether the training data was stretched to reach from −1 to 1
 */
public record AudioCode(float[] levels, int sampleRate, boolean stretched) {
    /** Differences between two machines' powers. */
    private static final float SAME = 1e-6f;

    /** Checks the table and the rate. */
    public AudioCode {
        new Waveform(sampleRate, levels);
        if (levels.length < 2) {
            throw new IllegalArgumentException("data.levels has " + levels.length + " levels; expected 2 or more");
        }
        for (int q = 0; q < levels.length; q++) {
            if (!(Math.abs(levels[q]) <= 1) || (q > 0 && levels[q] <= levels[q - 1])) {
                throw new IllegalArgumentException(
                        "data.levels[" + q + "] is " + levels[q] + "; expected rising values from -1 to 1");
            }
        }
    }

    /** The sound of tokens. */
    public Waveform decode(int[] tokens) {
        float[] samples = new float[tokens.length];
        for (int t = 0; t < samples.length; t++) {
            samples[t] = levels[tokens[t]];
        }
        return new Waveform(sampleRate, samples);
    }

    /** The tokens of a sound, at the model's rate and stretched as its training data was. */
    public int[] encode(Waveform wave) {
        Waveform own = wave.at(sampleRate);
        float[] samples = stretched ? own.stretched().samples() : own.samples();
        Quantization quantization = quantization();
        int bits = Integer.numberOfTrailingZeros(levels.length);
        int[] tokens = new int[samples.length];
        for (int t = 0; t < tokens.length; t++) {
            tokens[t] = quantization == null ? nearest(samples[t]) : quantization.encode(samples[t], bits);
        }
        return tokens;
    }

    /** The quantization that has these levels; null: another program's. */
    @Nullable
    Quantization quantization() {
        if (Integer.bitCount(levels.length) != 1 || levels.length > 1 << 16) {
            return null;
        }
        for (Quantization q : Quantization.values()) {
            float[] table = q.table(Integer.numberOfTrailingZeros(levels.length));
            float worst = 0;
            for (int i = 0; i < table.length; i++) {
                worst = Math.max(worst, Math.abs(table[i] - levels[i]));
            }
            if (worst <= SAME) {
                return q;
            }
        }
        return null;
    }

    private int nearest(float sample) {
        int at = Arrays.binarySearch(levels, sample);
        if (at >= 0) {
            return at;
        }
        int above = Math.min(levels.length - 1, ~at);
        int below = Math.max(0, above - 1);
        return sample - levels[below] <= levels[above] - sample ? below : above;
    }
}
