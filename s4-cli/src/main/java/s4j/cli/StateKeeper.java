package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import s4j.io.AtomicFile;
import s4j.stream.Session;

/**
 * Saves the state of a stream once, after the last step that was answered: at the end of input, after a line that is no step, or
 * when a signal ends the process.
 */
final class StateKeeper implements AutoCloseable {
    private final Session session;
    private final @Nullable Path file;
    private final StepPipe pipe;
    private final PrintWriter err;
    private final Thread hook = new Thread(this::stopped, "s4-state");
    private boolean saved;

    private StateKeeper(Session session, @Nullable Path file, StepPipe pipe, PrintWriter err) {
        this.session = session;
        this.file = file;
        this.pipe = pipe;
        this.err = err;
    }

    /** A keeper that also listens to signals, until it is closed; without a file it does nothing. */
    static StateKeeper of(Session session, @Nullable Path file, StepPipe pipe, PrintWriter err) {
        StateKeeper keeper = new StateKeeper(session, file, pipe, err);
        if (file != null) {
            Runtime.getRuntime().addShutdownHook(keeper.hook);
        }
        return keeper;
    }

    /** All input was answered. */
    void finish() throws IOException { save(); }

    private synchronized void save() throws IOException {
        if (file != null && !saved) {
            saved = true;
            byte[] bytes = session.snapshot();
            AtomicFile.write(file, out -> out.write(ByteBuffer.wrap(bytes)));
        }
    }

    private void stopped() {
        try {
            if (pipe.stop()) {
                save();
            }
        } catch (IOException | IllegalStateException e) {
            err.println("s4: " + file + ": the state is not saved: " + e.getMessage());
            err.flush();
        }
    }

    /** Saves what was answered before a failure; a state with an output that is not finite is not saved. */
    @Override
    public void close() throws IOException {
        if (file == null) {
            return;
        }
        try {
            if (session.sound()) {
                save();
            }
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the JVM is ending: the hook has saved or finds it saved
                saved = true;
            }
        }
    }
}
