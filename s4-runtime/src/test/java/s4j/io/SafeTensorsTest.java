package s4j.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Model files: round trips, and every way a file can be wrong. */
class SafeTensorsTest {
    @TempDir
    Path directory = Path.of("");

    static SafeTensors sample() {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("z.first", TensorData.of(new byte[]{1, 2, 3}, 3));
        tensors.put("a \"quoted\" ü", TensorData.of(new double[]{1, 2, 3, 4, 5, 6}, 2, 3));
        tensors.put("empty", TensorData.of(new float[0], 0, 7));
        tensors.put("scalar", TensorData.of(new long[]{-5}));
        return new SafeTensors(tensors, Map.of("s4j.format", "1"));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = directory.resolve("m.safetensors");
        sample().write(file);
        SafeTensors read = SafeTensors.read(file);
        assertEquals(sample(), read);
        assertEquals(List.copyOf(sample().tensors().keySet()), List.copyOf(read.tensors().keySet()));
        assertArrayEquals(sample().toBytes(), Files.readAllBytes(file));
        assertEquals(read, SafeTensors.fromBytes(read.toBytes(), "memory"));
    }

    @Test
    void dataStartsAtAMultipleOfEight() {
        byte[] bytes = sample().toBytes();
        assertEquals(0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
    }

    @Test
    void failedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = directory.resolve("m.safetensors");
        sample().write(file);
        var e = assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            out.write(ByteBuffer.wrap(new byte[10]));
            throw new IOException("disk full");
        }));
        assertEquals("cannot write " + file + ": disk full", e.getMessage());
        assertEquals(sample(), SafeTensors.read(file));
        try (var files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void whatCannotBeWrittenNamesTheFileTheUserKnows() throws IOException {
        assertFails(UnwritableException.class, () -> sample().write(directory.resolve("none/m.safetensors")),
                "cannot write",
                "m.safetensors: its directory does not exist");
        Path taken = Files.createDirectories(directory.resolve("m.safetensors/inside")).resolve("..").normalize();
        assertFails(UnwritableException.class, () -> sample().write(taken), "cannot write " + taken + ": ");
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] bytes = sample().toBytes();
        for (int n = 0; n < bytes.length; n++) {
            byte[] cut = Arrays.copyOf(bytes, n);
            assertFails(MalformedFileException.class, () -> SafeTensors.fromBytes(cut, "cut.safetensors"),
                    "cut.safetensors: ");
        }
        assertThrows(MalformedFileException.class,
                () -> SafeTensors.fromBytes(Arrays.copyOf(bytes, bytes.length + 1), "long"));
    }

    private static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(UTF_8);
        return ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length)
                .put(json).array();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[]|0|expected '{'", "{\"a\":1}|0|tensor a: got VALUE_NUMBER_INT", "{\"|0|not valid JSON", "{} x|0|JSON",
            "{}{}|0|text after", "{}|4|file has 4",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|8|uplicate",
            "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}|4|dtype F31; expected one of [F64",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|4|whole numbers >= 0",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}|4|whole numbers >= 0",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}|4|2^63",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}|4|JSON",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,5]}}|5|4 for F32[1]",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}|4|begin <= end",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|8|hole",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}|6|overlap",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|4|need 8 bytes",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}|4|incomplete",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}|4|the key x",
            "{\"__metadata__\":{\"a\":1}}|0|__metadata__.a",
            "{\"__metadata__\":null}|0|__metadata__"})
    void wrongHeaderIsRefusedWithItsReason(String header, int dataBytes, String reason) {
        assertFails(MalformedFileException.class,
                () -> SafeTensors.fromBytes(file(header, dataBytes), "bad.safetensors"), "bad.safetensors: ", reason);
    }

    @Test
    void deepNestingAndInvalidUtf8AreRefused() {
        byte[] deep = file("{\"a\":" + "[".repeat(100_000) + "}", 0);
        assertThrows(MalformedFileException.class, () -> SafeTensors.fromBytes(deep, "deep"));
        byte[] utf = file("{\"aa\":{}}", 0);
        utf[8 + 2] = (byte) 0xc0;
        utf[8 + 3] = (byte) 0x80;
        var e = assertThrows(MalformedFileException.class, () -> SafeTensors.fromBytes(utf, "utf"));
        assertEquals("utf: header is not valid UTF-8", e.getMessage());
    }

    @Test
    void headerLengthIsCheckedBeforeAnythingIsAllocated() {
        for (long length : new long[]{-1, 0, 1, Long.MAX_VALUE, Integer.MAX_VALUE, 100_000_001, 25}) {
            byte[] bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
            assertFails(MalformedFileException.class, () -> SafeTensors.fromBytes(bytes, "huge"),
                    "huge: header length: got");
        }
    }

    /** 20,000 damaged files: each is read or refused, nothing else, and none costs memory beyond its own size. */
    @Test
    void damagedFilesAreReadOrRefused() {
        byte[] good = sample().toBytes();
        int refused = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            byte[] bad = damage(good, new SplittableRandom(seed));
            try {
                SafeTensors read = SafeTensors.fromBytes(bad, "seed " + seed);
                long bytes = read.tensors().values().stream().mapToLong(TensorData::byteSize).sum();
                assertTrue(bytes <= bad.length, "seed " + seed);
            } catch (MalformedFileException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(refused > 10_000, "refused " + refused + " of 20000: is anything checked?");
    }

    private static byte[] damage(byte[] good, SplittableRandom random) {
        byte[] bad = good.clone();
        int changes = random.nextInt(1, 4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(random.nextBoolean() ? bad.length : Math.min(bad.length, 400));
            switch (random.nextInt(4)) {
                case 0 -> bad[at] = (byte) random.nextInt(256);
                case 1 -> bad[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bad[at] = (byte) "0123456789{}[],:\"-e. ".charAt(random.nextInt(21));
                default -> {
                    int from = random.nextInt(bad.length);
                    int n = Math.min(random.nextInt(16), bad.length - Math.max(at, from));
                    System.arraycopy(good, from, bad, at, n);
                }
            }
        }
        return bad;
    }
}
