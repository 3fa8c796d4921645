package s4j.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints as {@code torch.save} writes them (a zip archive, pickle protocol 2), for tests: maps become dictionaries,
 * lists tuples, {@link Tensor}s tensors, {@link Foreign} objects of any class.
 */
public final class TorchFile {
    /**
     * A tensor over a storage of its own, or over another one's.
     *
     * @param storage e.g. {@code FloatStorage}
     * @param data the storage's bytes; tensors with the same array share it
     * @param width bytes of an element
     * @param offset in elements
     * @param shape sizes
     * @param strides in elements
     */
    public record Tensor(String storage, byte[] data, int width, long offset, long[] shape, long[] strides) {
        /** Contiguous float32. */
        public static Tensor floats(float[] values, long... shape) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            for (float v : values) {
                bytes.putFloat(v);
            }
            return of("FloatStorage", bytes.array(), 4, shape);
        }

        /** Contiguous int64. */
        public static Tensor longs(long[] values, long... shape) {
            ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            for (long v : values) {
                bytes.putLong(v);
            }
            return of("LongStorage", bytes.array(), 8, shape);
        }

        /** Contiguous, of any type. */
        public static Tensor of(String storage, byte[] data, int width, long... shape) {
            long[] strides = new long[shape.length];
            long step = 1;
            for (int i = shape.length - 1; i >= 0; i--) {
                strides[i] = step;
                step *= shape[i];
            }
            return new Tensor(storage, data, width, 0, shape, strides);
        }
    }

    /**
     * An object of a class: called with arguments, then given a state.
     *
     * @param module of the class
     * @param name of the class
     * @param arguments of the call
     * @param state null: none
     */
    public record Foreign(String module, String name, List<?> arguments, @Nullable Object state) {}

    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final List<byte[]> storages = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();

    private TorchFile() {}

    /** The whole archive. */
    public static byte[] of(@Nullable Object root) { return zip(entries(root)); }

    /** Its entries, which may be changed before they are zipped. */
    public static Map<String, byte[]> entries(@Nullable Object root) {
        TorchFile file = new TorchFile();
        file.pickle.writeBytes(new byte[]{(byte) 0x80, 2});
        file.put(root);
        file.pickle.write('.');
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", file.pickle.toByteArray());
        entries.put("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < file.storages.size(); i++) {
            entries.put("archive/data/" + i, file.storages.get(i));
        }
        entries.put("archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        return entries;
    }

    /** The same as PyTorch 0.1.9 to 1.5 wrote it: pickles, then the storages one after the other. */
    public static byte[] stream(@Nullable Object root) {
        TorchFile file = new TorchFile();
        file.pickle.writeBytes(
                new byte[]{(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9,
                        0x20, 0x6a, (byte) 0xa8, 0x50, 0x19, '.', (byte) 0x80, 2, 'M', (byte) 0xe9, 3, '.'});
        for (Object part : new Object[]{Map.of("little_endian", true), root == null ? Map.of() : root}) {
            file.pickle.writeBytes(new byte[]{(byte) 0x80, 2});
            file.put(part);
            file.pickle.write('.');
        }
        file.pickle.writeBytes(new byte[]{(byte) 0x80, 2});
        file.put(java.util.stream.IntStream.range(0, file.storages.size()).mapToObj(Integer::toString).toList());
        file.pickle.write('.');
        for (int i = 0; i < file.storages.size(); i++) {
            file.pickle.writeBytes(longs(file.storages.get(i).length / file.widths.get(i)));
            file.pickle.writeBytes(file.storages.get(i));
        }
        return file.pickle.toByteArray();
    }

    private static byte[] longs(long... values) {
        ByteBuffer out = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long v : values) {
            out.putLong(v);
        }
        return out.array();
    }

    /** Tensors under their names as PyTorch before 0.1.9 wrote them, a tar archive. */
    public static byte[] tar(Map<String, Tensor> named) {
        TorchFile storages = new TorchFile();
        TorchFile tensors = new TorchFile();
        TorchFile root = new TorchFile();
        storages.pickled((long) named.size());
        tensors.pickled((long) named.size());
        root.pickle.writeBytes(new byte[]{(byte) 0x80, 2, '}'});
        long key = 0;
        for (Map.Entry<String, Tensor> e : named.entrySet()) {
            Tensor t = e.getValue();
            storages.type(100 + key, "cpu", t.storage());
            storages.pickle.writeBytes(longs(t.data().length / t.width()));
            storages.pickle.writeBytes(t.data());
            tensors.type(200 + key, 100 + key, "FloatTensor");
            tensors.pickle.writeBytes(longs(t.shape().length));
            tensors.pickle.writeBytes(longs(t.shape()));
            tensors.pickle.writeBytes(longs(t.strides()));
            tensors.pickle.writeBytes(longs(t.offset()));
            root.text(e.getKey());
            root.text(Long.toString(200 + key++));
            root.pickle.writeBytes(new byte[]{'Q', 's'});
        }
        storages.pickled(List.of());
        root.pickle.write('.');
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entry(out, "sys_info", new byte[]{(byte) 0x80, 2, '}', '.'});
        entry(out, "pickle", root.pickle.toByteArray());
        entry(out, "tensors", tensors.pickle.toByteArray());
        entry(out, "storages", storages.pickle.toByteArray());
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    private void pickled(Object value) {
        pickle.writeBytes(new byte[]{(byte) 0x80, 2});
        put(value);
        pickle.write('.');
    }

    private void type(long key, Object second, String type) {
        pickle.writeBytes(new byte[]{(byte) 0x80, 2, '('});
        put(key);
        put(second);
        global("torch", type);
        pickle.writeBytes(new byte[]{'t', '.'});
    }

    private static void entry(ByteArrayOutputStream out, String name, byte[] content) {
        byte[] header = new byte[512];
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, 0, ascii.length);
        byte[] size = "%011o".formatted(content.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[(512 - content.length % 512) % 512]);
    }

    /** A zip archive without compression, as torch makes it. */
    public static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> e : entries.entrySet()) {
                CRC32 sum = new CRC32();
                sum.update(e.getValue());
                ZipEntry entry = new ZipEntry(e.getKey());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(e.getValue().length);
                entry.setCrc(sum.getValue());
                zip.putNextEntry(entry);
                zip.write(e.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void put(@Nullable Object value) {
        switch (value) {
            case null -> pickle.write('N');
            case Boolean b -> pickle.write(b ? 0x88 : 0x89);
            case Integer i -> number(i);
            case Long l -> number(l);
            case Double d -> {
                pickle.write('G');
                pickle.writeBytes(ByteBuffer.allocate(8).putDouble(d).array());
            }
            case String s -> text(s);
            case List<?> list -> {
                pickle.write('(');
                list.forEach(this::put);
                pickle.write('t');
            }
            case Map<?, ?> map -> map(map);
            case Tensor t -> tensor(t);
            case Foreign f -> {
                call(f.module(), f.name(), f.arguments());
                if (f.state() != null) {
                    put(f.state());
                    pickle.write('b');
                }
            }
            default -> throw new IllegalArgumentException("no pickle of " + value.getClass());
        }
    }

    private void number(long value) {
        pickle.write(0x8a);
        pickle.write(8);
        pickle.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    private void text(String s) {
        byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
        pickle.write('X');
        pickle.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length).array());
        pickle.writeBytes(utf8);
    }

    private void map(Map<?, ?> map) {
        call("collections", "OrderedDict", List.of());
        pickle.write('(');
        map.forEach((k, v) -> {
            put(k);
            put(v);
        });
        pickle.write('u');
    }

    private void global(String module, String name) {
        pickle.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void call(String module, String name, List<?> arguments) {
        global(module, name);
        put(arguments);
        pickle.write('R');
    }

    private void tensor(Tensor t) {
        int index = 0;
        while (index < storages.size() && storages.get(index) != t.data()) {
            index++;
        }
        if (index == storages.size()) {
            storages.add(t.data());
            widths.add(t.width());
        }
        global("torch._utils", "_rebuild_tensor_v2");
        pickle.write('(');
        pickle.write('(');
        text("storage");
        global("torch", t.storage());
        text(Integer.toString(index));
        text("cpu");
        number(t.data().length / t.width());
        pickle.writeBytes(new byte[]{'t', 'Q'});
        number(t.offset());
        put(java.util.Arrays.stream(t.shape()).boxed().toList());
        put(java.util.Arrays.stream(t.strides()).boxed().toList());
        put(false);
        put(Map.of());
        pickle.writeBytes(new byte[]{'t', 'R'});
    }
}
