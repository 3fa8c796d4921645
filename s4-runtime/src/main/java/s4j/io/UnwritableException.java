package s4j.io;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that cannot be written where it was asked for: no directory, a directory in its place, no permission, a disk that is only
 * read. The message names the file and the reason. A disk that is full is another failure.
 */
public final class UnwritableException extends IOException {
    private static final long serialVersionUID = 1;

    UnwritableException(Path file, String reason, @Nullable Throwable cause) {
        super("cannot write " + file + ": " + reason, cause);
    }
}
