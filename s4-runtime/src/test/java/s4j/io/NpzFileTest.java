package s4j.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives for NumPy, against the description of its format. */
class NpzFileTest {
    @TempDir
    Path directory = Path.of("");

    private static byte[] entry(ZipFile zip, String name) throws IOException {
        try (InputStream in = zip.getInputStream(new ZipEntry(name))) {
            return in.readAllBytes();
        }
    }

    @Test
    void everyTensorIsAnArrayOfItsTypeAndShape() throws IOException {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", TensorData.of(new float[]{1, 2, 3, 4, 5, 6}, 2, 3));
        tensors.put("count", TensorData.of(new long[]{-5}));
        tensors.put("row", TensorData.of(new double[]{0.5}, 1));
        tensors.put("short", TensorData.ofBytes(DType.BF16,
                MemorySegment.ofArray(new byte[]{(byte) 0xc0, 0x3f}), 1)); // 1.5
        Path file = directory.resolve("w.npz");
        NpzFile.write(file, tensors);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertEquals(4, zip.size());
            byte[] weight = entry(zip, "a.weight.npy");
            assertArrayEquals(new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0},
                    Arrays.copyOf(weight, 10));
            String header = new String(weight, 10, 118, ISO_8859_1);
            assertTrue(header.startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } "), header);
            assertTrue(header.endsWith(" \n"), header);
            ByteBuffer values = ByteBuffer.wrap(weight, 128, 24).slice().order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(6, values.getFloat(20));
            assertTrue(new String(entry(zip, "count.npy"), ISO_8859_1)
                    .contains("'<i8', 'fortran_order': False, 'shape': ()"));
            assertTrue(new String(entry(zip, "row.npy"), ISO_8859_1).contains("'shape': (1,)"));
            byte[] widened = entry(zip, "short.npy");
            assertTrue(new String(widened, ISO_8859_1).contains("'<f4'"));
            assertEquals(1.5f, ByteBuffer.wrap(widened).order(ByteOrder.LITTLE_ENDIAN).getFloat(128));
        }
        byte[] first = Files.readAllBytes(file);
        NpzFile.write(file, tensors);
        assertArrayEquals(first, Files.readAllBytes(file));
    }
}
