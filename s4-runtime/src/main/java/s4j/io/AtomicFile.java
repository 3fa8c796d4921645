package s4j.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a file so that it is either the old one or the whole new one, also after a crash or on a full disk: a temporary file in
 * the same directory, its bytes forced to the disk, then renamed. The old file's permissions stay; a symbolic link stays and what
 * it points to is replaced; a device or pipe is written to as it is.
 */
public final class AtomicFile {
    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        /** Writes all bytes to the channel, whose {@code write} takes the whole buffer or fails. */
        void writeTo(WritableByteChannel out) throws IOException;
    }

    /**
     * Replaces {@code file} by the content; on any failure the old file stays and no temporary one is left.
     *
     * @throws UnwritableException when no file can be made there; any other {@code IOException} when it cannot be written to its end
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = target(file);
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new UnwritableException(file, "its directory does not exist. Create it first", null);
        }
        try {
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                through(target, content);
            } else {
                Leftovers.remove(directory);
                beside(directory, target, content);
            }
        } catch (FileSystemException e) { // its message is the temporary file's name, which means nothing to the user
            if (full(e)) {
                throw new IOException("cannot write " + file + ": " + reason(e), e);
            }
            throw new UnwritableException(file, reason(e) + ". Choose another place", e);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + reason(e), e);
        }
    }

    /** The same of a text in UTF-8. */
    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    /** Copies a file. */
    public static void copy(Path from, Path to) throws IOException {
        write(to, out -> {
            try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ)) {
                for (long at = 0, size = in.size(); at < size;) {
                    long n = in.transferTo(at, size - at, out);
                    if (n <= 0) {
                        throw new IOException(from + " ended at " + at + " of " + size + " bytes");
                    }
                    at += n;
                }
            }
        });
    }

    /**
     * Refuses an output that is the input itself.
     *
     * @param option e.g. {@code --out}
     * @throws IllegalArgumentException naming both
     */
    public static void requireOther(String option, Path out, Path in) throws IOException {
        if (Files.isRegularFile(in) && Files.exists(out) && Files.isSameFile(in, out)) {
            throw new IllegalArgumentException("%s %s is the file that is read; expected another".formatted(option,
                    out));
        }
    }

    private static void through(Path device, Content content) throws IOException {
        if (Files.isDirectory(device)) {
            throw new FileSystemException(device.toString(), null, "it is a directory; expected a file");
        }
        try (FileChannel out = FileChannel.open(device, StandardOpenOption.WRITE)) {
            content.writeTo(new Whole(out));
        }
    }

    private static void beside(Path directory, Path target, Content content) throws IOException {
        Path temporary = directory.resolve("." + target.getFileName() + "." + tag() + Leftovers.SUFFIX);
        boolean done = false;
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE_NEW); var _ = Leftovers.held(out)) {
                content.writeTo(new Whole(out));
                if (Files.exists(target)) {
                    keepMode(target, temporary);
                }
                out.force(true);
                move(temporary, target);
            }
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
        forceDirectory(directory);
    }

    private static Path target(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(absolute) && links < 40; links++) {
            Path to = Files.readSymbolicLink(absolute);
            absolute = absolute.resolveSibling(to).toAbsolutePath();
        }
        return absolute;
    }

    private static void keepMode(Path old, Path now) throws IOException {
        if (old.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(now, Files.getPosixFilePermissions(old, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** A place that could be written to as soon as something is deleted; there is no class of exceptions for it. */
    private static boolean full(FileSystemException e) {
        String reason = reason(e);
        return reason.contains("No space left") || reason.contains("quota");
    }

    private static String reason(IOException e) {
        String reason = switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException none -> "no file can be made there";
            case FileSystemException f -> f.getReason();
            default -> e.getMessage();
        };
        return reason == null ? e.toString() : reason;
    }

    /** A channel may take less than it is given and say so; here it is asked again, and less than all is an error. */
    private record Whole(FileChannel to) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int size = bytes.remaining();
            while (bytes.hasRemaining()) {
                if (to.write(bytes) <= 0) {
                    throw new IOException("the disk takes no more bytes");
                }
            }
            return size;
        }

        @Override
        public boolean isOpen() { return to.isOpen(); }

        @Override
        public void close() throws IOException { to.close(); }
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
