package s4j.data.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.io.MalformedFileException;
import s4j.testkit.Hostile;

/** Arrays as NumPy writes them: every type, order and version, and headers that promise what is not there. */
final class NpyArrayTest {
    @TempDir
    Path dir = Path.of("");

    /** A file of a version with a header and these bytes. */
    private static byte[] npy(int version, String descr, String shape, byte[] values) {
        byte[] header = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n".formatted(descr, shape)
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(12 + header.length + values.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
        if (version == 1) {
            out.putShort((short) header.length);
        } else {
            out.putInt(header.length);
        }
        out.put(header).put(values);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static NpyArray read(byte[] file) throws IOException {
        return NpyArray.read(new ByteArrayInputStream(file), "x.npz, array x");
    }

    private static byte[] encoded(String order, String type, double... values) {
        byte[] all = new byte[8 * values.length];
        ByteBuffer out = ByteBuffer.wrap(all).order(order.equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        for (double v : values) {
            switch (type) {
                case "f8" -> out.putDouble(v);
                case "f4" -> out.putFloat((float) v);
                case "f2" -> out.putShort(Float.floatToFloat16((float) v));
                case "i8", "u8" -> out.putLong((long) v);
                case "i4", "u4" -> out.putInt((int) (long) v);
                case "i2", "u2" -> out.putShort((short) (long) v);
                default -> out.put((byte) (long) v);
            }
        }
        return Arrays.copyOf(all, out.position());
    }

    @ParameterizedTest
    @CsvSource({"f8,-1.5,1e300", "f4,-1.5,65536", "f2,-1.5,65504", "i8,-5,4503599627370496", "i4,-5,2147483647",
            "i2,-5,32767", "i1,-5,127", "u8,5,4503599627370496", "u4,5,4294967295", "u2,5,65535", "u1,5,255", "b1,0,1"})
    void everyTypeIsReadInEitherOrderOfBytes(String type, double small, double large) throws IOException {
        for (String order : new String[]{"<", ">", "=", "|"}) {
            NpyArray array = read(npy(1, order + type, "2,", encoded(order, type, small, large)));
            assertArrayEquals(new double[]{small, large}, array.numbers, order + type);
            assertEquals(!type.startsWith("f"), array.whole, "whole numbers are classes");
            assertArrayEquals(new int[]{2}, array.shape);
        }
    }

    @ParameterizedTest
    @CsvSource({"<U3,UTF-32LE", ">U3,UTF-32BE"})
    void textsEndAtTheirFirstZero(String descr, String charset) throws IOException {
        byte[] values = "ab\0äöü\0\0\0".getBytes(Charset.forName(charset));
        assertArrayEquals(new String[]{"ab", "äöü", ""}, read(npy(2, descr, "3,", values)).texts);
        byte[] plain = "ab\0abc\0\0\0".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(new String[]{"ab", "abc", ""}, read(npy(3, "|S3", "3,", plain)).texts);
    }

    @Test
    void manyTextsAreReadInPieces() throws IOException {
        int n = 70_000;
        byte[] values = new byte[2 * n];
        for (int i = 0; i < n; i++) {
            values[2 * i] = (byte) ('a' + i % 26);
        }
        NpyArray array = read(npy(1, "|S2", n + ",", values));
        assertEquals(n, assertNotNullTexts(array).length);
        assertEquals(String.valueOf((char) ('a' + (n - 1) % 26)), assertNotNullTexts(array)[n - 1]);
        NpyArray numbers = read(npy(1, "|u1", n + ",2", Arrays.copyOf(values, 2 * n)));
        assertNotNull(numbers.numbers);
        assertEquals('a' + (n - 1) % 26, numbers.numbers[2 * n - 2]);
    }

    private static String[] assertNotNullTexts(NpyArray array) {
        assertNotNull(array.texts);
        return array.texts;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"<c8 | values of type c8; expected floats, integers or texts",
            "<f16 | values of type f16", "<f0 | values of type f0", "<i3 | values of type i3",
            "=O8 | values of type O8",
            "=M8 | values of type M8", "=b2 | values of type b2", "<U0 | values of type U0", "=S0 | values of type S0",
            "x | expected an array of numbers or texts in C order"})
    void otherTypesAreRefusedByName(String descr, String message) {
        assertFails(MalformedFileException.class, () -> read(npy(1, descr, "1,", new byte[64])), "x.npz, array x",
                message);
    }

    @Test
    void aHeaderThatPromisesTooMuchCostsNothing() {
        for (String shape : new String[]{"2147483647,", "65536, 65536", "99999999999,", "3000000000, 0"}) {
            byte[] file = npy(1, "<f8", shape, new byte[64]);
            long cost = Hostile.allocated(() -> assertFails(MalformedFileException.class, () -> read(file),
                    "x.npz, array x"));
            assertTrue(cost < 4 << 20, shape + " costs " + cost);
        }
        byte[] texts = npy(1, "<U0", "2000000000,", new byte[64]);
        long cost = Hostile.allocated(() -> assertFails(MalformedFileException.class, () -> read(texts), "U0"));
        assertTrue(cost < 4 << 20, "texts without letters cost " + cost);
    }

    @Test
    void whatIsNoArrayIsRefused() {
        byte[] good = npy(1, "<f8", "2,", new byte[16]);
        assertFails(MalformedFileException.class, () -> read(Arrays.copyOf(good, good.length - 1)),
                "the array is cut; expected all of its values");
        assertFails(MalformedFileException.class, () -> read(Arrays.copyOf(good, 5)), "the array is cut");
        assertFails(MalformedFileException.class, () -> read("no array".getBytes(StandardCharsets.US_ASCII)),
                "does not begin as an array of NumPy");
        byte[] long4 = npy(2, "<f8", "2,", new byte[16]);
        ByteBuffer.wrap(long4).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 1 << 20);
        assertFails(MalformedFileException.class, () -> read(long4), "header of 1048576 bytes; expected at most 65536");
        ByteBuffer.wrap(long4).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
        assertFails(MalformedFileException.class, () -> read(long4), "header of -1 bytes");
        byte[] fortran = new String(good, StandardCharsets.ISO_8859_1).replace("False", "True ")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertFails(MalformedFileException.class, () -> read(fortran), "C order", "numpy.ascontiguousarray(x)");
    }

    private Path npz(byte[]... arrays) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < arrays.length; i++) {
                zip.putNextEntry(new ZipEntry(i == 0 ? "x.npy" : "y.npy"));
                zip.write(arrays[i]);
                zip.closeEntry();
            }
        }
        return Files.write(dir.resolve("x.npz"), out.toByteArray());
    }

    private static SeriesTable series(Path file) throws IOException {
        return SeriesReader.read(file, SeriesOptions.FOUND);
    }

    @Test
    void targetsAreClassesOrNumbersByTheirType() throws IOException {
        byte[] x = npy(1, "<f4", "2, 3", encoded("<", "f4", 1, 2, 3, 4, 5, 6));
        SeriesTable words = series(npz(x, npy(1, "|S2", "2,", "upno".getBytes(StandardCharsets.US_ASCII))));
        assertEquals(TargetKind.CLASSES, words.found());
        assertEquals("no", words.rows().get(1).target());
        SeriesTable flags = series(npz(x, npy(1, "|b1", "2,", new byte[]{0, 1})));
        assertEquals(TargetKind.CLASSES, flags.found());
        SeriesTable numbers = series(npz(x, npy(1, "<f8", "2, 1", encoded("<", "f8", 0.25, -7))));
        assertArrayEquals(new double[]{0.25, -7}, numbers.values(), "y [n, 1] is y [n]");
        assertEquals(1, series(npz(x)).channels().size(), "without y");
    }

    @Test
    void shapesThatDoNotFitAreRefused() throws IOException {
        byte[] y = npy(1, "<i8", "2,", encoded("<", "i8", 0, 1));
        Path flat = npz(npy(1, "<f4", "6,", new byte[24]), y);
        assertFails(MalformedFileException.class, () -> series(flat), "arrays [x, y]", "x [n, l, d]");
        Path deep = npz(npy(1, "<f4", "1, 1, 1, 6", new byte[24]), y);
        assertFails(MalformedFileException.class, () -> series(deep), "x [n, l, d]");
        Path texts = npz(npy(1, "|S1", "2, 3", new byte[6]), y);
        assertFails(MalformedFileException.class, () -> series(texts), "expected numbers x");
        Path wide = npz(npy(1, "<f4", "2, 3", new byte[24]), npy(1, "<i8", "2, 2", new byte[32]));
        assertFails(MalformedFileException.class, () -> series(wide), "x [2, 3] and y [2, 2]");
        Path scalar = npz(npy(1, "<f4", "2, 3", new byte[24]), npy(1, "<i8", "", new byte[8]));
        assertFails(MalformedFileException.class, () -> series(scalar), "y []");
        Path empty = npz(npy(1, "<f4", "2, 0", new byte[0]), y);
        assertFails(MalformedFileException.class, () -> series(empty), "x [2, 0]");
    }

    @Test
    void noSeriesOfManyChannelsCostNothing() throws IOException {
        Path none = npz(npy(1, "<f4", "0, 1, 2000000000", new byte[0]));
        long cost = Hostile.allocated(() -> assertFails(MalformedFileException.class, () -> series(none),
                "got no series"));
        assertTrue(cost < 4 << 20, "costs " + cost);
    }
}
