package s4j.io;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file as a value: named tensors and text metadata.
 *
 * <p>Layout: eight bytes header length n (little-endian), n bytes of JSON, then the tensors' bytes without a gap. The
 * reader is strict, because a model file comes from anywhere: every size is checked against the file's length before
 * anything is allocated, so a hostile file costs at most its own size in memory. Tensors are copied, never mapped.
 * The bytes written depend on names, values and their order alone.
 *
 * @param tensors by name, in file order
 * @param metadata the {@code __metadata__} texts
 */
public record SafeTensors(Map<String, TensorData> tensors, Map<String, String> metadata) {
    /** Largest header accepted, as in the format's reference implementation. */
    public static final int MAX_HEADER = 100_000_000;

    private static final int BUFFER = 1 << 20;

    /** Copies the maps, keeping their order. */
    public SafeTensors {
        if (tensors.containsKey(SafeTensorsHeader.METADATA)) {
            throw new IllegalArgumentException("a tensor cannot be called " + SafeTensorsHeader.METADATA);
        }
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * The tensor called {@code name}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public TensorData tensor(String name) {
        TensorData t = tensors.get(name);
        if (t == null) {
            throw new IllegalArgumentException("no tensor " + name + "; the file has " + tensors.keySet());
        }
        return t;
    }

    /**
     * Reads a file.
     *
     * @throws MalformedFileException when the content breaks the format
     */
    public static SafeTensors read(Path file) throws IOException {
        InputFile.requireFile(file);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(in, in.size(), file.toString());
        }
    }

    /**
     * Reads from memory.
     *
     * @param name what to call the source in messages
     */
    public static SafeTensors fromBytes(byte[] bytes, String name) throws MalformedFileException {
        try (ReadableByteChannel in = Channels.newChannel(new ByteArrayInputStream(bytes))) {
            return read(in, bytes.length, name);
        } catch (MalformedFileException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
    }

    private static SafeTensors read(ReadableByteChannel in, long fileSize, String name) throws IOException {
        if (fileSize < 8) {
            throw new MalformedFileException(
                    name + ": too short for a safetensors file: got " + fileSize + " bytes; expected at least 8");
        }
        ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        readFully(in, prefix, name);
        long length = prefix.flip().getLong();
        long limit = Math.min(MAX_HEADER, fileSize - 8);
        if (length < 2 || length > limit) {
            throw new MalformedFileException(name + ": header length: got " + Long.toUnsignedString(length)
                    + "; expected 2 to " + limit + " (the file has " + fileSize
                    + " bytes). Is it a safetensors file, and whole?");
        }
        ByteBuffer json = ByteBuffer.allocate((int) length);
        readFully(in, json, name);
        SafeTensorsHeader header = SafeTensorsHeader.parse(json.array(), fileSize - 8 - length, name);
        return new SafeTensors(readTensors(in, header, name), header.metadata());
    }

    private static Map<String, TensorData> readTensors(ReadableByteChannel in, SafeTensorsHeader header, String name)
            throws IOException {
        Map<String, TensorData> byOffset = new LinkedHashMap<>();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (SafeTensorsHeader.Entry e : header.inFileOrder()) {
            byOffset.put(e.name(), TensorData.<IOException>fill(e.dtype(), e.shape(), memory -> {
                long at = 0;
                while (at < memory.byteSize()) {
                    buffer.clear().limit((int) Math.min(BUFFER, memory.byteSize() - at));
                    readFully(in, buffer, name);
                    MemorySegment.copy(MemorySegment.ofBuffer(buffer.flip()), 0, memory, at, buffer.limit());
                    at += buffer.limit();
                }
            }));
        }
        return byOffset;
    }

    private static void readFully(ReadableByteChannel in, ByteBuffer buffer, String name) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new MalformedFileException(
                        name + ": ended early: " + buffer.remaining() + " bytes missing; was it cut while being read?");
            }
        }
    }

    /** Writes the file atomically: a reader sees the old file or the whole new one. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, this::writeTo);
    }

    /** The file's bytes. */
    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writeTo(Channels.newChannel(out));
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return out.toByteArray();
    }

    private void writeTo(WritableByteChannel out) throws IOException {
        byte[] header = SafeTensorsHeader.print(this);
        ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).flip();
        writeFully(out, prefix);
        writeFully(out, ByteBuffer.wrap(header));
        byte[] buffer = new byte[BUFFER];
        for (TensorData t : tensors.values()) {
            MemorySegment data = t.data();
            for (long at = 0; at < data.byteSize(); at += BUFFER) {
                int n = (int) Math.min(BUFFER, data.byteSize() - at);
                MemorySegment.copy(data, at, MemorySegment.ofArray(buffer), 0, n);
                writeFully(out, ByteBuffer.wrap(buffer, 0, n));
            }
        }
    }

    private static void writeFully(WritableByteChannel out, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }
}
