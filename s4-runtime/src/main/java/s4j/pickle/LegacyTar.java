package s4j.pickle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * What {@code torch.save} wrote before 0.1.9: a tar archive of {@code storages} (key, place and type of each as a pickle, its
 * number of elements, the elements), {@code tensors} (key, storage and type as a pickle, then axes, sizes, strides and offset) and
 * {@code pickle}, which names tensors by their keys.
 *
 * <p>Source: PyTorch, {@code torch/serialization.py}, {@code legacy_load}.
 */
final class LegacyTar implements TorchFileFormat {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int SIZE = 124;
    private static final int SIZE_DIGITS = 12;
    private static final int MOST = 10_000_000;
    /** A pickle of three names is read from so many bytes. */
    private static final int SMALL = 4096;

    /** One file of the archive. */
    private record Entry(long at, long size) {
        long end() { return at + size; }
    }

    private final LegacyFile file;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Storage> storages = new HashMap<>();
    private final Map<String, Long> places = new HashMap<>();
    private final Map<String, Object> tensors = new HashMap<>();
    private final @Nullable Object root;

    LegacyTar(Path path) throws IOException {
        this.file = new LegacyFile(path);
        try {
            list();
            readStorages(entry("storages"));
            readTensors(entry("tensors"));
            Entry pickle = entry("pickle");
            this.root = PickleMachine.run(new PickleInput(file.pickles(pickle.at, pickle.end()), file.name()),
                    tensors);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Whether a file begins like one: with the name of an entry, and a size in octal digits. */
    static boolean begins(byte[] block) {
        String name = name(block);
        return block.length == BLOCK && (name.equals("sys_info") || name.equals("pickle") || name.equals("storages")
                || name.equals("tensors"));
    }

    private static String name(byte[] block) {
        int end = 0;
        while (end < Math.min(NAME, block.length) && block[end] != 0) {
            end++;
        }
        String name = new String(block, 0, end, StandardCharsets.US_ASCII);
        return name.startsWith("./") ? name.substring(2) : name;
    }

    private void list() throws IOException {
        for (long at = 0; at + BLOCK <= file.size();) {
            byte[] block = file.bytes(at, BLOCK, "tar header");
            String name = name(block);
            if (name.isEmpty()) {
                return;
            }
            long size = 0;
            for (int i = SIZE; i < SIZE + SIZE_DIGITS; i++) {
                size = block[i] >= '0' && block[i] <= '7' ? 8 * size + block[i] - '0' : size;
            }
            if (size > file.size() - at - BLOCK) {
                throw file.malformed("tar entry " + Texts.shortened(name) + " of " + size
                        + " bytes beyond the file's end; it is cut");
            }
            if (entries.put(name, new Entry(at + BLOCK, size)) != null) {
                throw file.malformed("two tar entries " + Texts.shortened(name) + "; expected each name once");
            }
            at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
        }
    }

    private Entry entry(String name) throws MalformedFileException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw file.malformed("no tar entry " + name + "; expected a checkpoint that torch.save wrote");
        }
        return entry;
    }

    private PickleInput pickles(long at, Entry of) throws IOException {
        return new PickleInput(file.pickles(at, Math.min(of.end(), at + SMALL)), file.name());
    }

    private long count(PickleInput in, String what) throws MalformedFileException {
        if (!(PickleMachine.run(in) instanceof Long count) || count < 0 || count > MOST) {
            throw file.malformed("no number of " + what);
        }
        return count;
    }

    private void readStorages(Entry of) throws IOException {
        PickleInput first = pickles(of.at, of);
        long count = count(first, "storages");
        long at = of.at + first.position();
        for (long i = 0; i < count; i++) {
            PickleInput in = pickles(at, of);
            if (!(PickleMachine.run(in) instanceof List<?> id) || id.size() != 3 || !(id.get(2) instanceof Global type)
                    || ElementType.named(type) == null) {
                throw file.malformed("a storage without key, place and type");
            }
            at += in.position();
            ElementType kind = java.util.Objects.requireNonNull(ElementType.named(type));
            long elements = file.number(at, "a storage's size");
            at += Long.BYTES;
            long bytes = file.bytes(elements, kind);
            if (bytes > of.end() - at) {
                throw file.malformed("storage " + i + " of " + elements + " elements beyond its entry's end");
            }
            String key = String.valueOf(id.get(0));
            storages.put(key, new Storage(kind, key, elements));
            places.put(key, at);
            at += bytes;
        }
        if (!(PickleMachine.run(pickles(at, of)) instanceof List<?> views) || !views.isEmpty()) {
            throw file.malformed("views of storages, which are not read; save plain tensors");
        }
    }

    private void readTensors(Entry of) throws IOException {
        PickleInput first = pickles(of.at, of);
        long count = count(first, "tensors");
        long at = of.at + first.position();
        for (long i = 0; i < count; i++) {
            PickleInput in = pickles(at, of);
            if (!(PickleMachine.run(in) instanceof List<?> id) || id.size() != 3) {
                throw file.malformed("a tensor without key, storage and type");
            }
            at += in.position();
            Storage storage = storages.get(String.valueOf(id.get(1)));
            long axes = file.number(at, "a tensor's axes") & 0xffffffffL;
            if (storage == null || axes > StoredTensor.MAX_AXES) {
                throw file.malformed("a tensor of " + axes + " axes without its storage");
            }
            ByteBuffer numbers = ByteBuffer.wrap(file.bytes(at + 8, 16 * axes + 8, "a tensor's sizes"))
                    .order(ByteOrder.LITTLE_ENDIAN);
            at += 16 + 16 * axes;
            long[] shape = longs(numbers, (int) axes);
            long[] strides = longs(numbers, (int) axes);
            try {
                tensors.put(String.valueOf(id.get(0)), new StoredTensor(storage, numbers.getLong(), shape, strides));
            } catch (IllegalArgumentException e) {
                throw file.malformed(String.valueOf(e.getMessage()));
            }
        }
    }

    private static long[] longs(ByteBuffer from, int n) {
        long[] out = new long[n];
        for (int i = 0; i < n; i++) {
            out[i] = from.getLong();
        }
        return out;
    }

    @Override
    public @Nullable Object root() { return root; }

    @Override
    public byte[] storage(Storage storage) throws IOException {
        Long at = places.get(storage.key());
        if (at == null) {
            throw file.malformed("no storage " + Texts.shortened(storage.key()));
        }
        return file.bytes(at, file.bytes(storage.elements(), storage.type()), "storage");
    }

    @Override
    public void close() throws IOException { file.close(); }
}
