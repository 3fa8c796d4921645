package s4j.pickle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import s4j.io.MalformedFileException;

/** A file of the formats before PyTorch 1.6, read at places; every size is checked against the file's first. */
final class LegacyFile implements AutoCloseable {
    private final FileChannel channel;
    private final String name;
    private final long size;

    LegacyFile(Path file) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.name = file.toString();
        this.size = channel.size();
    }

    String name() { return name; }

    long size() { return size; }

    /** Bytes from a place on. */
    byte[] bytes(long at, long count, String what) throws IOException {
        if (at < 0 || count < 0 || count > size - at || count > Integer.MAX_VALUE - 8) {
            throw malformed("%s of %s bytes at %s; the file has %d".formatted(what, Long.toUnsignedString(count),
                    Long.toUnsignedString(at), size));
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw malformed(what + " ended early; was the file cut while being read?");
            }
        }
        return buffer.array();
    }

    /** A whole number of 64 bits. */
    long number(long at, String what) throws IOException {
        return ByteBuffer.wrap(bytes(at, 8, what)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** What stands at a place and may be pickles: the rest of the file up to so many bytes. */
    byte[] pickles(long at, long end) throws IOException {
        return bytes(at, Math.min(end - at, TorchFileFormat.MAX_PICKLE), "pickles");
    }

    /** Bytes of so many elements. */
    long bytes(long elements, ElementType type) throws MalformedFileException {
        if (elements < 0 || elements > size / type.bytes()) {
            throw malformed("a storage of " + elements + " elements; the file has " + size + " bytes");
        }
        return elements * type.bytes();
    }

    MalformedFileException malformed(String got) { return new MalformedFileException(name + ": got " + got); }

    @Override
    public void close() throws IOException { channel.close(); }
}
