package s4j.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Wav files built by hand. */
final class WavBytes {
    /** A file of one format; interleaved samples in [−1, 1]. */
    static byte[] of(int format, int bits, int channels, int rate, boolean extensible, double... samples) {
        int bytes = bits / 8;
        int fmt = extensible ? 40 : 16;
        int data = samples.length * bytes;
        ByteBuffer out = ByteBuffer.allocate(12 + 8 + 4 + 8 + fmt + 8 + data).order(ByteOrder.LITTLE_ENDIAN);
        put(out, "RIFF").putInt(out.capacity() - 8);
        put(out, "WAVE");
        put(out, "LIST").putInt(3).put(new byte[]{1, 2, 3, 0}); // an odd chunk with its padding
        put(out, "fmt ").putInt(fmt).putShort((short) (extensible ? 0xFFFE : format)).putShort((short) channels)
                .putInt(rate).putInt(rate * channels * bytes).putShort((short) (channels * bytes))
                .putShort((short) bits);
        if (extensible) {
            out.putShort((short) 22).putShort((short) bits).putInt(0).putShort((short) format).put(new byte[14]);
        }
        put(out, "data").putInt(data);
        for (double s : samples) {
            sample(out, format, bits, s);
        }
        return out.array();
    }

    private static ByteBuffer put(ByteBuffer out, String tag) {
        return out.put(tag.getBytes(StandardCharsets.US_ASCII));
    }

    private static void sample(ByteBuffer out, int format, int bits, double s) {
        long whole = Math.round(s * (1L << (bits - 1)));
        switch (bits) {
            case 8 -> out.put((byte) (whole + 128));
            case 16 -> out.putShort((short) whole);
            case 24 -> out.put((byte) whole).put((byte) (whole >> 8)).put((byte) (whole >> 16));
            case 32 -> {
                if (format == 3) {
                    out.putFloat((float) s);
                } else {
                    out.putInt((int) whole);
                }
            }
            default -> out.putDouble(s);
        }
    }

    private WavBytes() {}
}
