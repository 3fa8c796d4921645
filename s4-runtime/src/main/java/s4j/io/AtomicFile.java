package s4j.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a file so that it is either the old one or the whole new one, also after a crash: a temporary file in the same
 * directory, its bytes forced to the disk, then renamed.
 */
public final class AtomicFile {
    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        /** Writes all bytes to the channel. */
        void writeTo(WritableByteChannel out) throws IOException;
    }

    /** Replaces {@code file} by the content; on any failure the old file stays and no temporary one is left. */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("cannot write " + file + ": its directory does not exist. Create it first");
        }
        Path temporary = directory.resolve("." + target.getFileName() + "." + tag() + ".tmp");
        boolean done = false;
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE_NEW)) {
                content.writeTo(out);
                out.force(true);
            }
            move(temporary, target);
            done = true;
        } catch (FileSystemException e) { // its message is the temporary file's name, which means nothing to the user
            String reason = e instanceof AccessDeniedException ? "permission denied" : e.toString();
            throw new IOException("cannot write " + file + ": " + reason, e);
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
        forceDirectory(directory);
    }

    /** Renames over {@code target}, atomically wherever the file system can. */
    public static void move(Path source, Path target) throws IOException {
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The rename itself reaches the disk with the directory; Windows opens no directories and needs none of this. */
    private static void forceDirectory(Path directory) {
        try (FileChannel d = FileChannel.open(directory, StandardOpenOption.READ)) {
            d.force(true);
        } catch (IOException e) {
            // the content is safe; only the moment at which the new name is durable is the system's choice
            return;
        }
    }

    /** A name no other process uses; not seeded, because it must differ between runs. */
    private static String tag() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private AtomicFile() {}
}
