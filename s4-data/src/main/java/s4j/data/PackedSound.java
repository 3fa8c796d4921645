package s4j.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import s4j.audio.Waveform;

/** Samples kept small: those that are whole multiples of 2⁻¹⁵, as in most files, in 16 bits each, others as they are. */
final class PackedSound {
    private static final float UNIT = 32768;

    private final short @Nullable [] coded;
    private final float[] plain;
    private final int size;

    private PackedSound(short @Nullable [] coded, float[] plain) {
        this.coded = coded;
        this.plain = plain;
        this.size = coded == null ? plain.length : coded.length;
    }

    static PackedSound of(float[] samples) {
        short[] coded = new short[samples.length];
        for (int i = 0; i < coded.length; i++) {
            float scaled = samples[i] * UNIT;
            coded[i] = (short) scaled;
            if (coded[i] != scaled) {
                return new PackedSound(null, samples);
            }
        }
        return new PackedSound(coded, new float[0]);
    }

    int size() { return size; }

    /** A copy of the samples. */
    float[] samples() {
        short[] from = coded;
        if (from == null) {
            return Arrays.copyOf(plain, size);
        }
        float[] out = new float[size];
        for (int i = 0; i < size; i++) {
            out[i] = from[i] / UNIT;
        }
        return out;
    }

    /** The same as sound. */
    Waveform wave(int rate) { return new Waveform(rate, samples()); }
}
