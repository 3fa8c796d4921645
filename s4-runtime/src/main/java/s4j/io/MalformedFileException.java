package s4j.io;

import java.io.IOException;

/**
 * A file is not what its format says. The message names the file, what is wrong, the value got and what was expected;
 * it is meant for the user.
 */
public final class MalformedFileException extends IOException {
    private static final long serialVersionUID = 1;

    /** With a message for the user. */
    public MalformedFileException(String message) { super(message); }

    /** With a message for the user and what led to it. */
    public MalformedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
