package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;
import s4j.io.Shown;
import s4j.io.UnwritableException;
import s4j.stream.InputException;
import s4j.stream.NotFiniteException;
import s4j.torch.distributed.PeerException;
import s4j.torch.distributed.WorldException;
import s4j.train.DivergedException;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;

/**
 * From exceptions to messages and exit codes: 2 for what the user can mend (a message, no stack trace), 1 for a run or
 * a check that failed, and for a fault of ours.
 */
final class Failures {
    /** A run or a check failed. */
    static final int FAILED = 1;
    /** The user can mend it. */
    static final int USER = 2;
    /** Characters of a message. */
    private static final int LONGEST = 2_000;

    /** Prints the message, and the stack trace when asked for or when the fault is ours. */
    static int report(Exception e, PrintWriter err, boolean stacktrace) {
        Throwable cause = e instanceof UncheckedIOException u && u.getCause() != null ? u.getCause() : e;
        int code = switch (cause) {
            case ConfigException x -> say(err, x.getMessage(), USER);
            case RunException x -> say(err, x.getMessage(), USER);
            case MalformedFileException x -> say(err, x.getMessage(), USER);
            case NoSuchFileException x -> say(err, "no file " + x.getFile() + "; expected one that exists", USER);
            case AccessDeniedException x -> say(err, "permission denied: " + x.getFile(), USER);
            case FileSystemException x -> say(err, x.getFile() + ": " + RunDirectory.reason(x), USER);
            case UnwritableException x -> say(err, x.getMessage(), USER);
            case java.nio.file.InvalidPathException x -> say(err, "no path: " + x.getMessage(), USER);
            case WorldException x -> say(err, x.getMessage(), USER);
            case PeerException x -> say(err, x.getMessage(), FAILED);
            case InputException x -> say(err, x.getMessage(), USER);
            case NotFiniteException x -> say(err, x.getMessage(), FAILED);
            case DivergedException x -> say(err, x.getMessage(), FAILED);
            case BindException x -> say(err, x.getMessage(), USER);
            case IOException x -> say(err, "input or output failed: " + x.getMessage(), FAILED);
            default -> {
                say(err, "a fault in s4j: " + cause, FAILED);
                cause.printStackTrace(err);
                yield FAILED;
            }
        };
        if (stacktrace) {
            e.printStackTrace(err);
        }
        err.flush();
        return code;
    }

    /** Memory or stack is at its end. */
    static int exhausted(String what, PrintWriter err) {
        int code = say(err, "out of " + what, USER);
        err.flush();
        return code;
    }

    private static int say(PrintWriter err, @Nullable String message, int code) {
        String text = String.valueOf(message);
        // a key or a value may be as long as its file: its beginning tells which, the message's end what to do
        String part = text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST / 2) + " … " + text.substring(text.length() - LONGEST / 2);
        err.println("s4: " + Shown.text(part));
        return code;
    }

    private Failures() {}
}
