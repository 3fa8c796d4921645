package s4j.pickle;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.InputFile;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;

/**
 * A checkpoint of PyTorch ({@code .pt}, {@code .pth}, {@code .ckpt}): what {@code torch.save} was given, as plain values,
 * and the numbers of its tensors.
 */
public final class TorchCheckpoint implements AutoCloseable {
    /** Tensors may share storages (tied weights): together they may be this many times as large as the file. */
    private static final int SHARING = 8;
    private static final long SMALL = 1L << 24;

    private final TorchFileFormat archive;
    private final String name;
    private final @Nullable Object root;
    private final Map<Storage, byte[]> storages = new HashMap<>();
    private long budget;
    private long work;

    private TorchCheckpoint(TorchFileFormat archive, Path file) throws IOException {
        this.archive = archive;
        this.name = file.toString();
        this.budget = Math.addExact(Math.multiplyExact(Files.size(file), SHARING), SMALL);
        this.work = Math.multiplyExact(budget, SHARING);
        this.root = archive.root();
    }

    /**
     * Opens a file and runs its pickle through the restricted machine.
     *
     * @throws MalformedFileException when it is no checkpoint, damaged, or of a format that is not read
     */
    public static TorchCheckpoint open(Path file) throws IOException {
        TorchFileFormat archive = format(file);
        try {
            return new TorchCheckpoint(archive, file);
        } catch (IOException e) {
            archive.close();
            throw e;
        }
    }

    private static TorchFileFormat format(Path file) throws IOException {
        InputFile.requireFile(file);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        byte[] start;
        try (InputStream in = InputFile.open(file)) {
            start = in.readNBytes(512);
        }
        if (start.length == 0) {
            throw new MalformedFileException(file + ": the file is empty; expected a checkpoint that torch.save wrote");
        }
        if (start.length >= 4 && start[0] == 'P' && start[1] == 'K') {
            return TorchArchive.open(file);
        }
        if (start.length >= 2 && (start[0] & 0xff) == 0x80 && start[1] <= 5) {
            return new LegacyStream(file);
        }
        if (LegacyTar.begins(start)) {
            return new LegacyTar(file);
        }
        throw new MalformedFileException(file + ": no checkpoint: it begins with " + HexFormat.of().formatHex(start, 0,
                Math.min(4, start.length)) + "; expected 504b (PK) or 8002, a checkpoint that torch.save wrote");
    }

    /** What was saved: maps, lists, texts, numbers, {@link StoredTensor}s and {@link Placeholder}s. */
    public @Nullable Object root() {
        return root;
    }

    /** A tensor's numbers, row-major; complex ones with a last axis of 2 (re, im). */
    public TensorData read(StoredTensor tensor) throws IOException {
        ElementType type = tensor.storage().type();
        long[] shape = tensor.shape();
        if (type.complex()) {
            shape = Arrays.copyOf(shape, shape.length + 1);
            shape[shape.length - 1] = 2;
        }
        long bytes = charge(tensor, type);
        MemorySegment storage = MemorySegment.ofArray(storage(tensor.storage()));
        if (tensor.contiguous()) {
            return TensorData.ofBytes(type.dtype(),
                    bytes == 0 ? storage.asSlice(0, 0) : storage.asSlice(tensor.offset() * type.bytes(), bytes), shape);
        }
        byte[] gathered = new byte[Math.toIntExact(bytes)];
        gather(tensor, storage, MemorySegment.ofArray(gathered), type.bytes());
        return TensorData.ofBytes(type.dtype(), MemorySegment.ofArray(gathered), shape);
    }

    /** Counts what is read against what a file of this size may hold. */
    private long charge(StoredTensor tensor, ElementType type) throws MalformedFileException {
        long left = budget / type.bytes();
        if (tensor.size() > left || tensor.size() > (Integer.MAX_VALUE - 8L) / type.bytes()) {
            throw new MalformedFileException(
                    name + ": got a tensor " + tensor + "; together with those before it, it is"
                            + " larger than a file of this size can hold without repeating itself");
        }
        long bytes = tensor.size() * type.bytes();
        budget -= bytes;
        return bytes;
    }

    private byte[] storage(Storage storage) throws IOException {
        byte[] bytes = storages.get(storage);
        if (bytes == null) {
            bytes = archive.storage(storage);
            work -= bytes.length;
            if (work < 0) {
                throw new MalformedFileException(
                        name + ": got tensors that take the same storages in turn, so that reading"
                                + " them would take forever; expected each storage's tensors next to each other");
            }
            storages.clear(); // neighbours share, distant tensors seldom do: one storage is kept
            storages.put(storage, bytes);
        }
        return bytes;
    }

    /** Copies a view element by element, the last axis fastest. */
    private static void gather(StoredTensor t, MemorySegment from, MemorySegment to, int width) {
        long[] index = new long[t.shape().length];
        long at = t.offset();
        long count = t.size();
        for (long i = 0; i < count; i++) {
            MemorySegment.copy(from, at * width, to, i * width, width);
            for (int axis = index.length - 1; axis >= 0; axis--) {
                at += t.strides()[axis];
                if (++index[axis] < t.shape()[axis]) {
                    break;
                }
                at -= t.strides()[axis] * t.shape()[axis];
                index[axis] = 0;
            }
        }
    }

    @Override
    public void close() throws IOException { archive.close(); }
}
