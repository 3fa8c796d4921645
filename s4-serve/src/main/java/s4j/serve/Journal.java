package s4j.serve;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What streams were given since their states were last stored, so that a killed server loses nothing it answered: an entry is
 * written before the answer. Entries say at which step of the stream they begin; those that a stored state already holds are passed
 * over. Written without forcing the disk: a killed process loses nothing, a power failure may lose the last seconds.
 */
final class Journal implements AutoCloseable {
    private static final int MOST_NAME = 1024;

    private final Path directory;
    private OutputStream out;
    private long written;
    private long segment;

    /** Told of every entry. */
    @FunctionalInterface
    interface Reader {
        /** A stream of a model was given values {@code x} [n, d] from its step {@code first} on. */
        void entry(String id, String model, long first, float[] x) throws IOException;
    }

    /** Begins a new segment behind those of before. */
    Journal(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        List<Path> before = segments();
        this.segment = before.isEmpty() ? 1 : number(before.getLast()) + 1;
        this.out = open();
    }

    /** A stream that no interrupt closes: the thread of one connection must not end the journal of all. */
    private OutputStream open() throws IOException {
        return Files.newOutputStream(directory.resolve("steps-%019d.journal".formatted(segment)),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().matches("steps-\\d{19}\\.journal")).sorted().toList();
        }
    }

    private static long number(Path segment) {
        return Long.parseLong(segment.getFileName().toString().replaceAll("\\D", ""));
    }

    /** Adds an entry; returns when the system has it. */
    synchronized void add(String id, String model, long first, float[] x) throws IOException {
        byte[] name = model.getBytes(StandardCharsets.UTF_8);
        byte[] key = id.getBytes(StandardCharsets.US_ASCII);
        int length = 2 + key.length + 2 + name.length + 8 + 4 + 4 * x.length;
        ByteBuffer bytes = ByteBuffer.allocate(4 + length);
        bytes.putInt(length).putShort((short) key.length).put(key).putShort((short) name.length).put(name)
                .putLong(first).putInt(x.length);
        bytes.asFloatBuffer().put(x);
        out.write(bytes.array());
        written += bytes.capacity();
    }

    /** Bytes of the segment that is written. */
    synchronized long size() { return written; }

    /** Begins a new segment; the number of the last one before it. */
    synchronized long rotate() throws IOException {
        out.close();
        segment++;
        out = open();
        written = 0;
        return segment - 1;
    }

    /** Deletes segments up to this one: all streams in them are stored. */
    void forget(long last) throws IOException {
        for (Path s : segments()) {
            if (number(s) <= last) {
                Files.delete(s);
            }
        }
    }

    /** Reads all entries of the segments before the one that is written. An entry that the end cuts was never answered. */
    void replay(Reader reader) throws IOException {
        for (Path s : segments()) {
            if (number(s) < segment) {
                try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(s)))) {
                    replay(s, in, reader);
                }
            }
        }
    }

    private static void replay(Path file, DataInputStream in, Reader reader) throws IOException {
        long left = Files.size(file);
        while (left >= 4) {
            int length = in.readInt();
            left -= 4;
            if (length < 16 || length > left) {
                return; // cut by the end of the process
            }
            left -= length;
            ByteBuffer entry = ByteBuffer.wrap(in.readNBytes(length));
            String id = text(entry, file);
            String model = text(entry, file);
            long first = entry.getLong();
            float[] x = new float[entry.getInt()];
            if (x.length * 4L != entry.remaining()) {
                throw new EOFException(file + " is damaged: an entry of " + entry.remaining() + " bytes for " + x.length
                        + " values");
            }
            entry.asFloatBuffer().get(x);
            reader.entry(id, model, first, x);
        }
    }

    private static String text(ByteBuffer entry, Path file) throws IOException {
        int length = entry.getShort();
        if (length < 0 || length > MOST_NAME || length > entry.remaining()) {
            throw new IOException(file + " is damaged: a name of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        entry.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void close() throws IOException { out.close(); }
}
