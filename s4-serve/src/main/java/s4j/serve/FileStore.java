package s4j.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import s4j.io.AtomicFile;

/** A file for each stream in a directory: the model's name with its length, then the state. */
public final class FileStore implements StateStore {
    private static final String SUFFIX = ".stream";

    private final Path directory;

    /** Of a directory, which is made where it is missing. */
    public FileStore(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    private Path file(String id) {
        if (!StreamId.valid(id)) { // it could be a path
            throw new IllegalArgumentException("stream id " + id + "; expected one the server made");
        }
        return directory.resolve(id + SUFFIX);
    }

    @Override
    public void put(String id, Resting stream) throws IOException {
        byte[] name = stream.model().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(4 + name.length + stream.state().length);
        bytes.putInt(name.length).put(name).put(stream.state()).flip();
        AtomicFile.write(file(id), channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    @Override
    public @Nullable Resting get(String id) throws IOException {
        byte[] all;
        try {
            all = Files.readAllBytes(file(id));
        } catch (NoSuchFileException e) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(all);
        int length = bytes.remaining() < 4 ? -1 : bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw new IOException(file(id) + " is damaged: it ends within the name of its model");
        }
        byte[] name = new byte[length];
        byte[] state = new byte[bytes.remaining() - length];
        bytes.get(name).get(state);
        return new Resting(new String(name, StandardCharsets.UTF_8), state);
    }

    @Override
    public void remove(String id) throws IOException { Files.deleteIfExists(file(id)); }

    @Override
    public long size() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(SUFFIX)).count();
        }
    }

    @Override
    public void close() {}
}
