package s4j.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.io.MalformedFileException;

class WavFileTest {
    private static final double[] STEREO = {0.5, -0.5, 0.25, 0.75, -1, -1, 0.125, 0.125};
    private static final int MUTATIONS = Integer.getInteger("s4j.mutations", 40_000);
    private static final int[] EXTREMES = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xFFFF, 0x10000};
    private static final long SEED = 20_260_101;

    @TempDir
    Path temp = Path.of("");

    @ParameterizedTest
    @CsvSource({"1,8", "1,16", "1,24", "1,32", "3,32", "3,64"})
    void everyDepthIsReadAndChannelsAreAveraged(int format, int bits) throws IOException {
        for (boolean extensible : new boolean[]{false, true}) {
            Waveform wave = WavFile.fromBytes(WavBytes.of(format, bits, 2, 44_100, extensible, STEREO), "test");
            assertEquals(44_100, wave.sampleRate());
            assertArrayEquals(new float[]{0, 0.5f, -1, 0.125f}, wave.samples());
            assertArrayEquals(new float[]{0.5f, -0.5f, 0.25f, 0.75f, -1, -1, 0.125f, 0.125f},
                    WavFile.fromBytes(WavBytes.of(format, bits, 1, 100, extensible, STEREO), "test").samples());
        }
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        float[] samples = {0, 0.5f, -1, 32767 / 32768f, 3, -3};
        Path file = temp.resolve("a.wav");
        WavFile.write(file, new Waveform(8000, samples));
        Waveform read = WavFile.read(file);
        assertEquals(8000, read.sampleRate());
        assertArrayEquals(new float[]{0, 0.5f, -1, 32767 / 32768f, 32767 / 32768f, -1}, read.samples());
        assertEquals(44 + 12, Files.size(file));
    }

    @Test
    void aStreamedFileEndsWithTheFile() throws IOException {
        byte[] bytes = WavFile.toBytes(new Waveform(8000, new float[]{0.5f, 0.25f}));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(40, -1);
        assertArrayEquals(new float[]{0.5f, 0.25f}, WavFile.fromBytes(bytes, "streamed").samples());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"20|3|chunk 'fmt ' of 3 bytes",
            "20|2000000000|chunk 'fmt ' says 2000000000 bytes",
            "22|0|0 channels; expected 1 to 1024", "24|0|0 samples per second", "24|-1|4294967295 samples per second",
            "34|12|12 bits per sample; expected 8, 16, 24 or 32", "20|16|", "32|7|frames of 7 bytes; expected 2",
            "40|2000000000|chunk 'data' says 2000000000 bytes, the file has 4 more; expected a whole file. It is cut"})
    void absurdSizesAreExplained(int at, int value, @Nullable String message) {
        byte[] bytes = WavFile.toBytes(new Waveform(8000, new float[]{0.5f, 0.25f}));
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (at == 22 || at == 32 || at == 34) {
            buffer.putShort(at, (short) value);
        } else {
            buffer.putInt(at == 20 ? 16 : at, value); // the size of fmt stands at 16
        }
        if (message != null) {
            assertFails(MalformedFileException.class, () -> WavFile.fromBytes(bytes, "x.wav"), "x.wav: wav: got",
                    message);
        }
    }

    @Test
    void whatIsNoSoundIsExplained() {
        assertFails(MalformedFileException.class, () -> WavFile.fromBytes(new byte[3], "x"), "needs 12 bytes",
                "It is cut");
        assertFails(MalformedFileException.class, () -> WavFile.fromBytes(new byte[64], "x"), "begins with '????'");
        assertFails(MalformedFileException.class,
                () -> WavFile.fromBytes(WavBytes.of(3, 32, 1, 8000, false, 0, Double.NaN), "x"), "sample 1 is NaN");
        assertFails(MalformedFileException.class,
                () -> WavFile.fromBytes(WavBytes.of(2, 8, 1, 8000, false, 0), "x"), "format 2", "Convert it");
        byte[] whole = WavBytes.of(1, 16, 1, 8000, false, 0, 0);
        assertFails(MalformedFileException.class,
                () -> WavFile.fromBytes(Arrays.copyOf(whole, whole.length - 12), "x"), "no chunk 'data'");
    }

    /**
     * Bytes changed, cut, doubled: each time sound or a message, and never more samples than bytes. {@code
     * -Ds4j.mutations=100000} runs a longer campaign.
     */
    @Test
    void mutatedFilesAreReadOrExplained() {
        byte[][] seeds = {WavBytes.of(1, 16, 2, 44_100, false, STEREO), WavBytes.of(3, 32, 1, 8000, true, STEREO),
                WavBytes.of(1, 24, 1, 16_000, true, STEREO), WavBytes.of(1, 8, 4, 8000, false, STEREO)};
        SplittableRandom random = new SplittableRandom(SEED);
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = mutated(seeds[i % seeds.length], random);
            read += readOrExplained(bytes, i) ? 1 : 0;
        }
        assertTrue(read > MUTATIONS / 20 && read < MUTATIONS * 19 / 20, read + " of " + MUTATIONS + " were read");
    }

    private static boolean readOrExplained(byte[] bytes, int i) {
        FutureTask<Waveform> task = new FutureTask<>(() -> WavFile.fromBytes(bytes, "fuzz"));
        task.run();
        if (task.state() == Future.State.FAILED) {
            Throwable refused = task.exceptionNow();
            assertEquals(MalformedFileException.class, refused.getClass(), () -> "mutation " + i + ": " + refused);
            assertTrue(String.valueOf(refused.getMessage()).startsWith("fuzz: wav: got "), refused::getMessage);
            return false;
        }
        int samples = task.resultNow().samples().length;
        assertTrue(samples <= bytes.length, () -> "mutation " + i + ": " + samples + " samples");
        return true;
    }

    private static byte[] mutated(byte[] seed, SplittableRandom random) {
        byte[] bytes = seed.clone();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 3 -> ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(Math.max(0, Math.min(at, bytes.length - 4)) % Math.max(1, bytes.length - 3),
                                EXTREMES[random.nextInt(EXTREMES.length)]);
                default -> bytes = inserted(bytes, at, random.nextInt(1, 9));
            }
            if (bytes.length < 4) {
                return bytes;
            }
        }
        return bytes;
    }

    private static byte[] inserted(byte[] bytes, int at, int n) {
        byte[] out = new byte[bytes.length + n];
        System.arraycopy(bytes, 0, out, 0, at);
        System.arraycopy(bytes, at, out, at + n, bytes.length - at);
        return out;
    }

    @Test
    void lawsOfTelephonyAreThoseOfG711() throws MalformedFileException {
        // the table's values: codes of silence, of the least and of the largest, in 16 bits
        int[][] mu = {{0xff, 0}, {0x7f, 0}, {0xfe, 8}, {0x7e, -8}, {0x80, 32124}, {0x00, -32124}, {0xef, 132}};
        int[][] a = {{0xd5, 8}, {0x55, -8}, {0xaa, 32256}, {0x2a, -32256}, {0xc5, 264}, {0xd4, 24}};
        for (int[] pair : mu) {
            assertEquals(pair[1] / 32768.0, WavFormat.muLaw((byte) pair[0]), "mu-law " + pair[0]);
        }
        for (int[] pair : a) {
            assertEquals(pair[1] / 32768.0, WavFormat.aLaw((byte) pair[0]), "A-law " + pair[0]);
        }
        byte[] bytes = WavBytes.of(7, 8, 1, 8000, false, 0, 0);
        bytes[bytes.length - 2] = 0;
        bytes[bytes.length - 1] = (byte) 0x80;
        assertArrayEquals(new float[]{-32124 / 32768f, 32124 / 32768f}, WavFile.fromBytes(bytes, "x").samples());
    }

    /** The whole tables: CRC-32 of the 256 values as 16-bit numbers that Python 3.11's audioop.ulaw2lin and alaw2lin give. */
    @Test
    void allCodesOfG711AreThoseOfAnotherProgram() {
        assertEquals(0x0c847a9fL, checksum(WavFormat::muLaw), "mu-law");
        assertEquals(0x9d764657L, checksum(WavFormat::aLaw), "A-law");
    }

    private interface Law {
        double of(byte code);
    }

    private static long checksum(Law law) {
        java.nio.ByteBuffer values = java.nio.ByteBuffer.allocate(512).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int code = 0; code < 256; code++) {
            values.putShort((short) (law.of((byte) code) * 32768));
        }
        java.util.zip.CRC32 sum = new java.util.zip.CRC32();
        sum.update(values.array());
        return sum.getValue();
    }

    @Test
    void sizesThatAStreamCouldNotFillInEndWithTheFile() throws MalformedFileException {
        for (int unknown : new int[]{0, -1, 0x7FFFF000}) {
            byte[] bytes = WavBytes.of(1, 16, 1, 8000, false, 0.5, 0.25);
            var buffer = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            buffer.putInt(4, unknown == 0 ? 36 : unknown).putInt(bytes.length - 8, unknown);
            assertArrayEquals(new float[]{0.5f, 0.25f}, WavFile.fromBytes(bytes, "x").samples(), "size " + unknown);
        }
        byte[] empty = WavBytes.of(1, 16, 1, 8000, false);
        assertEquals(0, WavFile.fromBytes(empty, "x").samples().length);
    }

    @Test
    void rf64HasItsSizeInAChunkOfItsOwn() throws MalformedFileException {
        byte[] plain = WavBytes.of(1, 16, 1, 8000, false, 0.5, 0.25);
        var out = java.nio.ByteBuffer.allocate(plain.length + 36 + 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        out.put(plain, 0, 12).put("ds64".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).putInt(28)
                .putLong(out.capacity() - 8).putLong(4).putLong(2).putInt(0).put(plain, 12, plain.length - 12)
                .put("LIST".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).putInt(0);
        out.put(0, "RF64".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).putInt(4, -1)
                .putInt(plain.length + 36 - 8, -1);
        assertArrayEquals(new float[]{0.5f, 0.25f}, WavFile.fromBytes(out.array(), "x").samples());
    }
}
