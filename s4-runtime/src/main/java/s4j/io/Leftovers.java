package s4j.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Temporary files of writers that were killed. A living writer holds a lock on its own, which ends with its process: what nobody
 * holds is removed when something is next written in the directory.
 */
final class Leftovers {
    static final String SUFFIX = ".tmp";
    private static final long JUST_MADE = 1000;
    private static final Pattern NAME = Pattern.compile("\\..+\\.[0-9a-f]{16}\\.tmp");

    /** A lock as long as the file is written; null where the file system has none. */
    static @Nullable FileLock held(FileChannel file) {
        try {
            return file.tryLock();
        } catch (IOException | OverlappingFileLockException e) {
            return null; // the file is written all the same, only cannot be told from a leftover
        }
    }

    /** Removes those of a directory that no writer holds. */
    static void remove(Path directory) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory,
                file -> NAME.matcher(String.valueOf(file.getFileName())).matches())) {
            for (Path file : all) {
                if (Files.isRegularFile(file) && abandoned(file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (java.nio.file.AccessDeniedException e) {
            return; // a directory that may be written but not listed
        }
    }

    private static boolean abandoned(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            long age = System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis();
            return lock != null && age > JUST_MADE; // a writer takes its lock just after it has made the file
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    private Leftovers() {}
}
