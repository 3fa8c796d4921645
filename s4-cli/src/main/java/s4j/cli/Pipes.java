package s4j.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Standard input and output as bytes, for commands that stand in a pipe; tests put in their own.
 *
 * @param in what comes in
 * @param out what goes out; not buffered, and failures are told, which {@code System.out} keeps to itself
 */
record Pipes(InputStream in, OutputStream out) {
    /** Of this process. */
    static Pipes standard() {
        return new Pipes(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
    }

    /** Whether who reads the output has gone, which is no failure of ours: {@code | head} does that. */
    static boolean closed(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("pipe") || message.contains("connection reset");
    }

    /** Whether standard error is a terminal: the console says so of standard output alone. */
    static boolean errorIsTerminal() {
        Path link = Path.of("/proc/self/fd/2");
        try {
            return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).toString().matches("/dev/(pts/|tty).*");
        } catch (IOException e) {
            return false; // then nothing is written over: right everywhere
        }
    }
}
