package s4j.audio;

import java.util.Arrays;
import s4j.audio.FlacBits.Damaged;
import s4j.io.MalformedFileException;

/**
 * FLAC: any number of channels, which are averaged into one, 4 to 32 bits. The checksum of every frame is held to.
 *
 * <p>Source: RFC 9639, Free Lossless Audio Codec (2024).
 */
final class FlacFile {
    private static final int MARK = 0x664c6143; // "fLaC"
    private static final int STREAM_INFO = 34;
    private static final int SYNC = 0x3ffe;
    private static final long MOST = 1L << 30;

    private final FlacBits in;
    private int rate;
    private int bits;
    private long total;

    private FlacFile(byte[] bytes) { this.in = new FlacBits(bytes); }

    static boolean is(byte[] bytes) {
        return bytes.length >= 4 && bytes[0] == 'f' && bytes[1] == 'L' && bytes[2] == 'a' && bytes[3] == 'C';
    }

    /**
     * Reads from memory.
     *
     * @param name what to call the source in messages
     */
    static Waveform fromBytes(byte[] bytes, String name) throws MalformedFileException {
        try {
            return new FlacFile(bytes).read();
        } catch (Damaged e) {
            throw new MalformedFileException(name + ": flac: got " + e.getMessage() + "; expected a whole file", e);
        }
    }

    private Waveform read() throws Damaged {
        in.require(in.bits(32) == MARK, "another beginning than fLaC");
        boolean last = false;
        for (int block = 0; !last; block++) {
            last = in.bits(1) == 1;
            int type = (int) in.bits(7);
            int size = (int) in.bits(24);
            if (block == 0) {
                in.require(type == 0 && size == STREAM_INFO, "a first block of type " + type);
                streamInfo();
            } else {
                in.skip(size);
            }
        }
        float[] out = new float[(int) Math.min(total == 0 ? 1 << 16 : total, 1 << 18)];
        int n = 0;
        while (in.left() > 0 && (total == 0 || n < total)) {
            float[] frame = frame();
            in.require(n + (long) frame.length <= MOST, "more than " + MOST + " samples");
            if (n + frame.length > out.length) {
                out = Arrays.copyOf(out, (int) Math.min(MOST, Math.max(2L * out.length, n + (long) frame.length)));
            }
            System.arraycopy(frame, 0, out, n, frame.length);
            n += frame.length;
        }
        in.require(total == 0 || n == total, n + " of " + total + " samples");
        return new Waveform(rate, Arrays.copyOf(out, n));
    }

    private void streamInfo() throws Damaged {
        in.skip(10);
        rate = (int) in.bits(20);
        in.bits(3);
        bits = (int) in.bits(5) + 1;
        total = in.bits(36);
        in.skip(16);
        in.require(rate >= Waveform.MIN_RATE && rate <= Waveform.MAX_RATE && bits >= 4,
                rate + " samples per second of " + bits + " bits");
        in.require(total <= MOST, total + " samples");
    }

    /** The mean of the channels of the next frame. */
    private float[] frame() throws Damaged {
        int start = in.at();
        in.require(in.bits(14) == SYNC && in.bits(1) == 0, "no frame at byte " + start);
        in.bits(1);
        int sizeCode = (int) in.bits(4);
        int rateCode = (int) in.bits(4);
        int channelCode = (int) in.bits(4);
        int width = width((int) in.bits(3));
        in.bits(1);
        number();
        int size = size(sizeCode);
        in.bits(rateCode == 12 ? 8 : rateCode == 13 || rateCode == 14 ? 16 : 0);
        in.bits(8); // the header's own sum: that of the frame covers it
        in.require(channelCode <= 10 && rateCode < 15, "channels " + channelCode + ", rate " + rateCode);
        int channels = channelCode < 8 ? channelCode + 1 : 2;
        long[][] x = new long[channels][];
        for (int c = 0; c < channels; c++) {
            boolean side = (channelCode == 8 && c == 1) || (channelCode == 9 && c == 0)
                    || (channelCode == 10 && c == 1);
            x[c] = new FlacSubframe(in, side ? width + 1 : width, size).read();
        }
        in.align();
        int sum = in.crc16(start);
        in.require(in.bits(16) == sum, "a frame at byte " + start + " whose checksum is wrong");
        return mean(x, channelCode, width);
    }

    /** Left + right of two channels that were coded by their difference, or of all, as one in [−1, 1]. */
    private static float[] mean(long[][] x, int code, int width) {
        double unit = Math.scalb(1.0, width - 1) * x.length;
        float[] y = new float[x[0].length];
        for (int i = 0; i < y.length; i++) {
            long a = x[0][i];
            double sum = a;
            if (x.length == 2) {
                long b = x[1][i];
                sum = switch (code) {
                    case 8 -> a + (a - b); // left, side = left − right
                    case 9 -> b + (a + b); // side, right
                    case 10 -> 2 * a + (b & 1); // mid = (left + right) / 2 without its last bit, which is the side's
                    default -> a + b;
                };
            } else {
                for (int c = 1; c < x.length; c++) {
                    sum += x[c][i];
                }
            }
            y[i] = (float) (sum / unit);
        }
        return y;
    }

    private int width(int code) throws Damaged {
        in.require(code != 3, "a reserved sample size");
        return switch (code) {
            case 1 -> 8;
            case 2 -> 12;
            case 4 -> 16;
            case 5 -> 20;
            case 6 -> 24;
            case 7 -> 32;
            default -> bits;
        };
    }

    private int size(int code) throws Damaged {
        in.require(code != 0, "a reserved block size");
        return switch (code) {
            case 1 -> 192;
            case 2, 3, 4, 5 -> 576 << (code - 2);
            case 6 -> (int) in.bits(8) + 1;
            case 7 -> (int) in.bits(16) + 1;
            default -> 256 << (code - 8);
        };
    }

    /** The frame's number, in as many bytes as its first one has leading ones. */
    private void number() throws Damaged {
        int first = (int) in.bits(8);
        int more = Integer.numberOfLeadingZeros(~(first << 24));
        in.require(more != 1 && more <= 7, "a frame number that begins with " + first);
        in.bits(8 * Math.max(0, more - 1));
    }
}
