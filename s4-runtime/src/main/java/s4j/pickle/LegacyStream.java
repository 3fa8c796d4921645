package s4j.pickle;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code torch.save} wrote from 0.1.9 to 1.5: pickles of a magic number, the protocol 1001, the machine, what was saved and
 * the list of its storages' keys; then for each key the number of elements and the elements.
 *
 * <p>Source: PyTorch, {@code torch/serialization.py}, {@code _legacy_load}.
 */
final class LegacyStream implements TorchFileFormat {
    static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long PROTOCOL = 1001;

    private final LegacyFile file;
    private final @Nullable Object root;
    /** Where each storage's elements stand. */
    private final Map<String, Long> places = new HashMap<>();
    private final Map<String, Storage> storages = new HashMap<>();

    LegacyStream(Path path) throws IOException {
        this.file = new LegacyFile(path);
        try {
            PickleInput in = new PickleInput(file.pickles(0, file.size()), file.name());
            Object magic = PickleMachine.run(in);
            Object protocol = PickleMachine.run(in);
            if (!MAGIC.equals(magic) || !Long.valueOf(PROTOCOL).equals(protocol)) {
                throw file.malformed("a pickle that is no checkpoint (it begins with " + Texts.shortened(
                        String.valueOf(magic)) + "); expected one that torch.save wrote");
            }
            Object machine = PickleMachine.run(in);
            if (machine instanceof Map<?, ?> m && Boolean.FALSE.equals(m.get("little_endian"))) {
                throw file.malformed("byte order big; expected little. Save it again on a little-endian machine");
            }
            this.root = PickleMachine.run(in, storage -> {
                Storage known = storages.putIfAbsent(storage.key(), storage);
                if (known != null && !known.equals(storage)) {
                    throw in.malformed("storage " + Texts.shortened(storage.key()) + " of two types or sizes");
                }
                return storage;
            });
            place(PickleMachine.run(in), in.position());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void place(@Nullable Object keys, long start) throws IOException {
        if (!(keys instanceof List<?> list)) {
            throw file.malformed("no list of storages behind what was saved; the file is cut");
        }
        long at = start;
        for (Object key : list) {
            Storage storage = storages.get(String.valueOf(key));
            long elements = file.number(at, "a storage's size");
            at += Long.BYTES;
            if (storage == null || elements != storage.elements() || places.put(storage.key(), at) != null) {
                throw file.malformed("storage " + Texts.shortened(String.valueOf(key)) + " of " + elements
                        + " elements; expected each storage of what was saved once, as long as it says");
            }
            long bytes = file.bytes(elements, storage.type());
            if (bytes > file.size() - at) {
                throw file.malformed("storage " + Texts.shortened(storage.key()) + " beyond the file's end; it is cut");
            }
            at += bytes;
        }
    }

    @Override
    public @Nullable Object root() { return root; }

    @Override
    public byte[] storage(Storage storage) throws IOException {
        Long at = places.get(storage.key());
        if (at == null) {
            throw file.malformed("no storage " + Texts.shortened(storage.key()) + "; the checkpoint is not whole");
        }
        return file.bytes(at, file.bytes(storage.elements(), storage.type()), "storage");
    }

    @Override
    public void close() throws IOException { file.close(); }
}
