package s4j.audio;

import java.nio.ByteBuffer;
import java.util.List;
import s4j.io.MalformedFileException;

/**
 * What the {@code fmt} chunk says.
 *
 * @param coding how a sample is a number
 * @param channels interleaved in each frame
 * @param sampleRate frames per second
 * @param bytes of one sample
 */
record WavFormat(Coding coding, int channels, int sampleRate, int bytes) {
    /** How samples are numbers, and of how many bits. */
    enum Coding {
        PCM, FLOAT, A_LAW, MU_LAW;

        boolean has(int bits) {
            return switch (this) {
                case PCM -> List.of(8, 16, 24, 32).contains(bits);
                case FLOAT -> bits == 32 || bits == 64;
                case A_LAW, MU_LAW -> bits == 8;
            };
        }
    }

    /** Bytes of the longest form: with the extension. */
    static final int LONGEST = 40;

    private static final int SHORTEST = 16;
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
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
        Coding coding = switch (kind) {
            case PCM -> Coding.PCM;
            case FLOAT -> Coding.FLOAT;
            case A_LAW -> Coding.A_LAW;
            case MU_LAW -> Coding.MU_LAW;
            default -> throw refused(name, "format " + kind,
                    "1 (PCM), 3 (floating point), 6 (A-law) or 7 (μ-law). Convert it to plain PCM");
        };
        if (!coding.has(bits)) {
            throw refused(name, bits + " bits per sample", switch (coding) {
                case PCM -> "8, 16, 24 or 32";
                case FLOAT -> "32 or 64";
                case A_LAW, MU_LAW -> "8";
            });
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
        return new WavFormat(coding, channels, rate, bits / 8);
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

    /** 14 bits in 8: sign, exponent of 3 bits, fraction of 4, all inverted; G.711, table 2a. */
    static double muLaw(byte code) {
        int u = ~code & 0xff;
        int size = ((((u & 0xf) << 3) + 0x84) << ((u >> 4) & 7)) - 0x84;
        return ((u & 0x80) == 0 ? size : -size) / 32768.0;
    }

    /** 13 bits in 8, every second one inverted; G.711, table 1a. */
    static double aLaw(byte code) {
        int a = (code & 0xff) ^ 0x55;
        int exponent = (a >> 4) & 7;
        int size = ((a & 0xf) << 4) + 8;
        size = exponent == 0 ? size : (size + 0x100) << (exponent - 1);
        return ((a & 0x80) == 0 ? -size : size) / 32768.0;
    }

    private double sample(ByteBuffer in, int at) {
        return switch (bytes) {
            case 1 -> coding == Coding.A_LAW
                    ? aLaw(in.get(at))
                    : coding == Coding.MU_LAW ? muLaw(in.get(at)) : (Byte.toUnsignedInt(in.get(at)) - 128) / 128.0;
            case 2 -> in.getShort(at) / 32768.0;
            case 3 -> (Byte.toUnsignedInt(in.get(at)) | Byte.toUnsignedInt(in.get(at + 1)) << 8 | in.get(at + 2) << 16)
                    / 8388608.0;
            case 4 -> coding == Coding.FLOAT ? in.getFloat(at) : in.getInt(at) / 2147483648.0;
            default -> in.getDouble(at);
        };
    }
}
