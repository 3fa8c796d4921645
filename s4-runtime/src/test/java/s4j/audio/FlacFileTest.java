package s4j.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import s4j.io.MalformedFileException;

/** FLAC files written bit by bit; real ones are read in s4-data's SpeechTest. */
final class FlacFileTest {
    private static final int MUTATIONS = Integer.getInteger("s4j.mutations", 3_000);
    private static final int[] LEFT = {100, -200, 32767, -32768, 7};
    private static final int[] RIGHT = {-100, 300, 32766, -32767, 8};

    /** Bits, the highest first. */
    private static final class Bits {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int held;
        private int count;

        Bits put(long value, int n) {
            for (int i = n - 1; i >= 0; i--) {
                held = held << 1 | (int) (value >> i & 1);
                if (++count == 8) {
                    bytes.write(held);
                    held = 0;
                    count = 0;
                }
            }
            return this;
        }

        Bits align() { return count == 0 ? this : put(0, 8 - count); }

        byte[] done() { return bytes.toByteArray(); }
    }

    /** One channel of a frame. */
    private interface Channel {
        void write(Bits to, int[] x, int width);
    }

    private static void verbatim(Bits to, int[] x, int width) {
        to.put(0b0000_0010, 8);
        for (int v : x) {
            to.put(v, width);
        }
    }

    /** A file of one frame with channels as they are coded. */
    private static byte[] file(int code, int bits, Channel how, int[]... channels) {
        Bits head = new Bits().put(0x664c6143, 32).put(0x80, 8).put(34, 24).put(16, 16).put(16, 16).put(0, 48)
                .put(44100, 20).put(channels.length - 1, 3).put(bits - 1, 5).put(channels[0].length, 36).put(0, 64)
                .put(0, 64);
        Bits frame = new Bits().put(0xfff8, 16).put(6, 4).put(0, 4).put(code, 4).put(0, 3).put(0, 1).put(0, 8)
                .put(channels[0].length - 1, 8).put(0, 8);
        for (int c = 0; c < channels.length; c++) {
            boolean side = (code == 8 && c == 1) || (code == 9 && c == 0) || (code == 10 && c == 1);
            how.write(frame, channels[c], side ? bits + 1 : bits);
        }
        byte[] body = frame.align().done();
        int sum = 0;
        for (byte b : body) {
            sum ^= (b & 0xff) << 8;
            for (int k = 0; k < 8; k++) {
                sum = (sum & 0x8000) == 0 ? sum << 1 : (sum << 1) ^ 0x8005;
            }
            sum &= 0xffff;
        }
        byte[] all = Arrays.copyOf(head.done(), head.done().length + body.length + 2);
        System.arraycopy(body, 0, all, head.done().length, body.length);
        all[all.length - 2] = (byte) (sum >> 8);
        all[all.length - 1] = (byte) sum;
        return all;
    }

    private static int[] both(java.util.function.IntBinaryOperator f) {
        int[] out = new int[LEFT.length];
        Arrays.setAll(out, i -> f.applyAsInt(LEFT[i], RIGHT[i]));
        return out;
    }

    @Test
    void channelsAreAveragedHoweverTheyAreCoded() throws MalformedFileException {
        float[] expected = new float[LEFT.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (float) ((LEFT[i] + RIGHT[i]) / 65536.0);
        }
        int[] side = both((l, r) -> l - r);
        int[] mid = both((l, r) -> (l + r) >> 1);
        Channel plain = FlacFileTest::verbatim;
        Waveform read = SoundFile.fromBytes(file(1, 16, plain, LEFT, RIGHT), "x.flac");
        assertEquals(44100, read.sampleRate());
        assertArrayEquals(expected, read.samples(), "independent");
        assertArrayEquals(expected, SoundFile.fromBytes(file(8, 16, plain, LEFT, side), "x").samples(),
                "left and side");
        assertArrayEquals(expected, SoundFile.fromBytes(file(9, 16, plain, side, RIGHT), "x").samples(),
                "side and right");
        assertArrayEquals(expected, SoundFile.fromBytes(file(10, 16, plain, mid, side), "x").samples(), "mid and side");
    }

    @Test
    void constantsPolynomialsUnusedBitsAndPlainResidualsAreRead() throws MalformedFileException {
        assertArrayEquals(new float[]{0.5f, 0.5f, 0.5f}, SoundFile.fromBytes(file(0, 8, (to, x, width) -> to.put(0, 8)
                .put(64, width), new int[]{64, 64, 64}), "x").samples(), "a constant");
        int[] ramp = {3, 5, 7, 9, 10};
        // order 2: x0, x1, then residuals 0, 0, −1 in Rice's code with k = 0
        Channel polynomial = (to, x, width) -> to.put(10 << 1, 8).put(3, width).put(5, width).put(0, 2).put(0, 4)
                .put(0, 4)
                .put(1, 1).put(1, 1).put(0b01, 2);
        float[] expected = {3 / 128f, 5 / 128f, 7 / 128f, 9 / 128f, 10 / 128f};
        assertArrayEquals(expected, SoundFile.fromBytes(file(0, 8, polynomial, ramp), "x").samples(), "order 2");
        Channel escaped = (to, x, width) -> {
            to.put(8 << 1, 8).put(0, 2).put(0, 4).put(15, 4).put(6, 5);
            for (int v : x) {
                to.put(v, 6);
            }
        };
        assertArrayEquals(expected, SoundFile.fromBytes(file(0, 8, escaped, ramp), "x").samples(),
                "order 0, 6 bits each");
        Channel wasted = (to, x, width) -> to.put(0b0000_0011, 8).put(0b01, 2).put(1, width - 2).put(-1, width - 2);
        assertArrayEquals(new float[]{4 / 128f, -4 / 128f},
                SoundFile.fromBytes(file(0, 8, wasted, new int[]{4, -4}), "x")
                        .samples(),
                "two unused bits");
    }

    @Test
    void damageIsNamed() throws MalformedFileException {
        byte[] good = file(1, 16, FlacFileTest::verbatim, LEFT, RIGHT);
        byte[] bad = good.clone();
        bad[bad.length - 6] ^= 1;
        assertFails(MalformedFileException.class, () -> SoundFile.fromBytes(bad, "x.flac"), "x.flac: flac",
                "checksum is wrong");
        assertFails(MalformedFileException.class, () -> SoundFile.fromBytes(Arrays.copyOf(good, 60), "x.flac"),
                "an end after 60 bytes");
        assertFails(MalformedFileException.class, () -> SoundFile.fromBytes(Arrays.copyOf(good, 42), "x.flac"),
                "0 of 5 samples");
    }

    @Test
    void damagedFilesAreReadOrRefusedAndCostLittle() {
        byte[] good = file(1, 16, FlacFileTest::verbatim, LEFT, RIGHT);
        for (int seed = 0; seed < MUTATIONS; seed++) {
            java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
            byte[] bad = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bad[4 + random.nextInt(bad.length - 4)] = (byte) random.nextInt();
            }
            byte[] cut = random.nextInt(4) == 0 ? Arrays.copyOf(bad, 4 + random.nextInt(bad.length - 4)) : bad;
            int n = seed;
            long cost = s4j.testkit.Hostile.allocated(() -> s4j.testkit.Hostile.refused(MalformedFileException.class,
                    "seed " + n, () -> SoundFile.fromBytes(cut, "x")));
            assertEquals(0, cost / (8 << 20), "seed " + seed + " allocated " + cost);
        }
    }
}
