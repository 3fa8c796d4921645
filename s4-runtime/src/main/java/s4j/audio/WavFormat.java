package s4j.audio;

import java.nio.ByteBuffer;
import s4j.io.MalformedFileException;

/**
 * What the {@code fmt} chunk says.
 *
 * @param floating whether samples are floating point
 * @param channels interleaved in each frame
 * @param sampleRate frames per second
 * @param bytes of one sample
 */
record WavFormat(boolean floating, int channels, int sampleRate, int bytes) {
    /** Bytes of the longest form: with the extension. */
    static final int LONGEST = 40;

    private static final int SHORTEST = 16;
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int MOST_CHANNELS = 1024;

    static WavFormat parse(ByteBuffer in, String name) throws MalformedFileException {
        if (in.limit() < SHORTEST) {
            throw refused(name, "chunk 'fmt ' of " + in.limit() + " bytes", "at least " + SHORTEST);
        }
        int kind = Short.toUnsignedInt(in.getShort(0));
        if (kind == EXTENSIBLE) {
            if (in.limit() < LONGEST) {
                throw refused(name, "an extensible format of " + in.limit() + " bytes", String.valueOf(LONGEST));
            }
            kind = Short.toUnsignedInt(in.getShort(24));
        }
        int channels = Short.toUnsignedInt(in.getShort(2));
        int rate = in.getInt(4);
        int bits = Short.toUnsignedInt(in.getShort(14));
        boolean floating = kind == FLOAT;
        if (kind != PCM && kind != FLOAT) {
            throw refused(name, "format " + kind, "1 (PCM) or 3 (floating point). Convert it to plain PCM");
        }
        if (floating ? bits != 32 && bits != 64 : bits != 8 && bits != 16 && bits != 24 && bits != 32) {
            throw refused(name, bits + " bits per sample", floating ? "32 or 64" : "8, 16, 24 or 32");
        }
        if (channels < 1 || channels > MOST_CHANNELS) {
            throw refused(name, channels + " channels", "1 to " + MOST_CHANNELS);
        }
        if (rate < Waveform.MIN_RATE || rate > Waveform.MAX_RATE) {
            throw refused(name, Integer.toUnsignedString(rate) + " samples per second",
                    Waveform.MIN_RATE + " to " + Waveform.MAX_RATE);
        }
        int frame = Short.toUnsignedInt(in.getShort(12));
        if (frame != channels * (bits / 8)) {
            throw refused(name, "frames of " + frame + " bytes", channels * (bits / 8) + " for " + channels
                    + " channels of " + bits + " bits");
        }
        return new WavFormat(floating, channels, rate, bits / 8);
    }

    private static MalformedFileException refused(String name, String got, String expected) {
        return new MalformedFileException(name + ": wav: got " + got + "; expected " + expected);
    }

    int frameBytes() { return bytes * channels; }

    /** The mean of the channels of the frame that begins at a byte. */
    float mono(ByteBuffer in, int at) {
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += sample(in, at + c * bytes);
        }
        return (float) (sum / channels);
    }

    private double sample(ByteBuffer in, int at) {
        return switch (bytes) {
            case 1 -> (Byte.toUnsignedInt(in.get(at)) - 128) / 128.0;
            case 2 -> in.getShort(at) / 32768.0;
            case 3 -> (Byte.toUnsignedInt(in.get(at)) | Byte.toUnsignedInt(in.get(at + 1)) << 8 | in.get(at + 2) << 16)
                    / 8388608.0;
            case 4 -> floating ? in.getFloat(at) : in.getInt(at) / 2147483648.0;
            default -> in.getDouble(at);
        };
    }
}
