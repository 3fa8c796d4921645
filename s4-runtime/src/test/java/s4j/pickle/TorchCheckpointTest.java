package s4j.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.testkit.TorchFile;
import s4j.testkit.TorchFile.Foreign;
import s4j.testkit.TorchFile.Tensor;

/** Archives of torch.save: what is read, what stays inert, what is refused. */
final class TorchCheckpointTest {
    @TempDir
    Path directory = Path.of("");

    private Path file(byte[] content) throws IOException {
        Path file = directory.resolve("c.pt");
        Files.write(file, content);
        return file;
    }

    private TorchCheckpoint open(Object root) throws IOException {
        return TorchCheckpoint.open(file(TorchFile.of(root)));
    }

    private static Object value(TorchCheckpoint checkpoint, String key) {
        Map<?, ?> root = assertInstanceOf(Map.class, checkpoint.root());
        return assertInstanceOf(Object.class, root.get(key));
    }

    private static TensorData tensor(TorchCheckpoint checkpoint, String key) throws IOException {
        return checkpoint.read(assertInstanceOf(StoredTensor.class, value(checkpoint, key)));
    }

    private static byte[] little(int bytes, java.util.function.Consumer<ByteBuffer> fill) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        fill.accept(buffer);
        return buffer.array();
    }

    @Test
    void everyElementTypeIsRead() throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("f32", Tensor.floats(new float[]{1.5f, -2}, 2));
        root.put("f64", Tensor.of("DoubleStorage", little(8, b -> b.putDouble(0.1)), 8, 1));
        root.put("f16", Tensor.of("HalfStorage", little(2, b -> b.putShort(Float.floatToFloat16(0.5f))), 2, 1));
        root.put("bf16", Tensor.of("BFloat16Storage", little(2, b -> b.putShort((short) 0x3fc0)), 2, 1));
        root.put("c64", Tensor.of("ComplexFloatStorage", little(8, b -> b.putFloat(3).putFloat(4)), 8, 1));
        root.put("c128", Tensor.of("ComplexDoubleStorage", little(16, b -> b.putDouble(3).putDouble(4)), 16));
        root.put("i64", Tensor.longs(new long[]{1L << 40}));
        root.put("i32", Tensor.of("IntStorage", little(4, b -> b.putInt(-7)), 4, 1));
        root.put("u8", Tensor.of("ByteStorage", new byte[]{-1}, 1, 1));
        root.put("bool", Tensor.of("BoolStorage", new byte[]{1, 0}, 1, 2));
        try (TorchCheckpoint c = open(root)) {
            assertArrayEquals(new double[]{1.5, -2}, tensor(c, "f32").toDoubles());
            assertArrayEquals(new double[]{0.1}, tensor(c, "f64").toDoubles());
            assertEquals(0.5, tensor(c, "f16").get(0));
            assertEquals(1.5, tensor(c, "bf16").get(0));
            assertArrayEquals(new long[]{1, 2}, tensor(c, "c64").shape());
            assertArrayEquals(new double[]{3, 4}, tensor(c, "c64").toDoubles());
            assertArrayEquals(new long[]{2}, tensor(c, "c128").shape());
            assertArrayEquals(new double[]{3, 4}, tensor(c, "c128").toDoubles());
            assertArrayEquals(new long[]{1L << 40}, tensor(c, "i64").toLongs());
            assertEquals(0, tensor(c, "i64").shape().length);
            assertEquals(-7, tensor(c, "i32").get(0));
            assertEquals(255, tensor(c, "u8").get(0));
            assertArrayEquals(new double[]{1, 0}, tensor(c, "bool").toDoubles());
        }
    }

    @Test
    void viewsOfOneStorageAreGathered() throws IOException {
        byte[] shared = little(24, b -> {
            for (int i = 0; i < 6; i++) {
                b.putFloat(i);
            }
        });
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("rows", Tensor.of("FloatStorage", shared, 4, 2, 3));
        root.put("columns", new Tensor("FloatStorage", shared, 4, 0, new long[]{3, 2}, new long[]{1, 3}));
        root.put("tail", new Tensor("FloatStorage", shared, 4, 4, new long[]{2}, new long[]{1}));
        root.put("expanded", new Tensor("FloatStorage", shared, 4, 1, new long[]{2, 2}, new long[]{0, 2}));
        try (TorchCheckpoint c = open(root)) {
            assertArrayEquals(new double[]{0, 1, 2, 3, 4, 5}, tensor(c, "rows").toDoubles());
            assertArrayEquals(new double[]{0, 3, 1, 4, 2, 5}, tensor(c, "columns").toDoubles());
            assertArrayEquals(new double[]{4, 5}, tensor(c, "tail").toDoubles());
            assertArrayEquals(new double[]{1, 3, 1, 3}, tensor(c, "expanded").toDoubles());
        }
    }

    @Test
    void unknownClassesBecomeInertPlaceholders() throws IOException {
        Map<String, Object> state = Map.of("_content", Map.of("lr", 0.5));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("hyper_parameters", new Foreign("omegaconf.dictconfig", "DictConfig", List.of(), state));
        root.put("callback", new Foreign("os", "system", List.of("touch /tmp/never"), null));
        root.put("weight", Tensor.floats(new float[]{1}, 1));
        root.put("parameter", new Foreign("torch._utils", "_rebuild_parameter",
                List.of(Tensor.floats(new float[]{7}, 1), true, Map.of()), null));
        try (TorchCheckpoint c = open(root)) {
            Placeholder config = assertInstanceOf(Placeholder.class, value(c, "hyper_parameters"));
            assertEquals("an object of omegaconf.dictconfig.DictConfig", config.toString());
            assertInstanceOf(Map.class, config.state());
            Placeholder call = assertInstanceOf(Placeholder.class, value(c, "callback"));
            assertEquals(new Global("os", "system"), call.type());
            assertEquals(List.of("touch /tmp/never"), call.arguments());
            assertEquals(1, tensor(c, "weight").get(0));
            assertEquals(7, tensor(c, "parameter").get(0));
        }
    }

    @Test
    void viewsBeyondTheirStorageAreRefused() throws IOException {
        byte[] four = new byte[16];
        for (Tensor t : List.of(new Tensor("FloatStorage", four, 4, 0, new long[]{5}, new long[]{1}),
                new Tensor("FloatStorage", four, 4, 1, new long[]{4}, new long[]{1}),
                new Tensor("FloatStorage", four, 4, -1, new long[]{1}, new long[]{1}),
                new Tensor("FloatStorage", four, 4, 0, new long[]{2}, new long[]{-1}),
                new Tensor("FloatStorage", four, 4, 0, new long[]{-2}, new long[]{1}),
                new Tensor("FloatStorage", four, 4, 0, new long[]{1L << 62, 1L << 62}, new long[]{0, 0}),
                new Tensor("FloatStorage", four, 4, 0, new long[]{2, 2}, new long[]{1L << 62, 1L << 62}),
                new Tensor("FloatStorage", four, 4, 0, new long[]{1}, new long[]{}),
                new Tensor("FloatStorage", four, 4, 0, new long[40], new long[40]))) {
            assertFails(MalformedFileException.class, () -> open(Map.of("t", t)), "a tensor");
        }
        Tensor huge = new Tensor("FloatStorage", four, 4, 0, new long[]{1L << 31}, new long[]{0});
        try (TorchCheckpoint c = open(Map.of("t", huge))) {
            assertFails(MalformedFileException.class, () -> tensor(c, "t"), "larger than a file of this size can hold");
        }
    }

    @ParameterizedTest
    @CsvSource({"archive/data.pkl,no entry data.pkl", "archive/data/0,no entry archive/data/0"})
    void missingEntriesAreNamed(String entry, String reason) {
        Map<String, byte[]> entries = TorchFile.entries(Map.of("t", Tensor.floats(new float[]{1}, 1)));
        entries.remove(entry);
        assertFails(MalformedFileException.class, () -> {
            try (TorchCheckpoint c = TorchCheckpoint.open(file(TorchFile.zip(entries)))) {
                tensor(c, "t");
            }
        }, reason);
    }

    @Test
    void wrongArchivesAreRefused() throws IOException {
        Map<String, Object> root = Map.of("t", Tensor.floats(new float[]{1, 2}, 2));
        Map<String, byte[]> big = TorchFile.entries(root);
        big.put("archive/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
        openFails(TorchFile.zip(big), "byte order big; expected little");
        Map<String, byte[]> two = TorchFile.entries(root);
        two.put("other/data.pkl", new byte[0]);
        openFails(TorchFile.zip(two), "two entries data.pkl");
        byte[] twice = new String(TorchFile.zip(two), StandardCharsets.ISO_8859_1)
                .replace("other/data.pkl", "archive/byt.pk").replace("archive/version", "archive/byteord")
                .getBytes(StandardCharsets.ISO_8859_1);
        openFails(new String(twice, StandardCharsets.ISO_8859_1).replace("archive/byteord", "archive/data/0x")
                .replace("archive/byt.pk", "archive/data/0").getBytes(StandardCharsets.ISO_8859_1),
                "two entries archive/data/0");
        openFails(new byte[]{(byte) 0x80, 2, (byte) 0x8a, 10}, "got a value of 10 bytes");
        openFails("hello".getBytes(StandardCharsets.US_ASCII), "no checkpoint: it begins with 68656c6c");
        openFails(new byte[0], "the file is empty");
        openFails(Arrays.copyOf(TorchFile.of(root), 100), "not a whole zip archive");
        Map<String, byte[]> longer = TorchFile.entries(root);
        longer.put("archive/data/0", new byte[9]);
        try (TorchCheckpoint c = TorchCheckpoint.open(file(TorchFile.zip(longer)))) {
            assertFails(MalformedFileException.class, () -> tensor(c, "t"), "of 9 bytes; expected 8 (2 of FLOAT)");
        }
    }

    private void openFails(byte[] content, String... reasons) throws IOException {
        Path file = file(content);
        assertFails(MalformedFileException.class, () -> TorchCheckpoint.open(file), reasons);
    }

    @Test
    void zipBombsAreRefusedUnread() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(new byte[10_000_000]);
            zip.closeEntry();
        }
        openFails(out.toByteArray(), "unpacks to more than 64 times its size");
        out.reset();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            for (int i = 0; i < 20; i++) {
                zip.write(new byte[1_000_000]);
            }
            zip.closeEntry();
        }
        openFails(out.toByteArray(), "of 20000000 bytes; expected at most 16777216");
    }

    @Test
    void theFormatsBeforePyTorch16HoldTheSame() throws IOException {
        byte[] shared = little(24, b -> {
            for (int i = 0; i < 6; i++) {
                b.putFloat(i);
            }
        });
        Map<String, Tensor> named = new LinkedHashMap<>();
        named.put("rows", Tensor.of("FloatStorage", shared, 4, 2, 3));
        named.put("columns", new Tensor("FloatStorage", shared, 4, 0, new long[]{3, 2}, new long[]{1, 3}));
        named.put("count", Tensor.longs(new long[]{1L << 40}));
        Map<String, byte[]> files = Map.of("zip", TorchFile.of(named), "stream", TorchFile.stream(named), "tar",
                TorchFile.tar(named));
        for (Map.Entry<String, byte[]> e : files.entrySet()) {
            try (TorchCheckpoint c = TorchCheckpoint.open(file(e.getValue()))) {
                assertArrayEquals(new double[]{0, 1, 2, 3, 4, 5}, tensor(c, "rows").toDoubles(), e.getKey());
                assertArrayEquals(new double[]{0, 3, 1, 4, 2, 5}, tensor(c, "columns").toDoubles(), e.getKey());
                assertArrayEquals(new long[]{1L << 40}, tensor(c, "count").toLongs(), e.getKey());
            }
        }
        byte[] stream = TorchFile.stream(named);
        openFails(Arrays.copyOf(stream, stream.length - 1), "the file's end; it is cut");
        byte[] tar = TorchFile.tar(named);
        openFails(Arrays.copyOf(tar, tar.length - 1600), "storages");
    }

    @Test
    void anOrderedDictionaryOfPython2IsRead() throws IOException {
        Object root = new Foreign("collections", "OrderedDict", List.of(List.of(List.of("w", Tensor.floats(
                new float[]{3}, 1)))), null);
        try (TorchCheckpoint c = open(root)) {
            assertEquals(3, tensor(c, "w").get(0));
        }
    }
}
