package s4j.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import s4j.generate.AudioCode;
import s4j.generate.Generator;

/** How far a generation is: one line written over again, on a terminal only. */
final class GenerateProgress {
    private static final long EVERY_NANOS = 200_000_000L;
    private static final int BAR = 20;

    private final PrintWriter err;
    private final boolean terminal;
    private final Generator.Request request;
    private final @Nullable AudioCode audio;
    private final long start = System.nanoTime();
    private long shown = start;
    private int width;

    GenerateProgress(PrintWriter err, boolean terminal, Generator.Request request, @Nullable AudioCode audio) {
        this.err = err;
        this.terminal = terminal;
        this.request = request;
        this.audio = audio;
    }

    /** Step t is done. */
    void step(int t) {
        long now = System.nanoTime();
        if (!terminal || now - shown < EVERY_NANOS) {
            return;
        }
        shown = now;
        int full = (int) (BAR * (t + 1L) / request.steps());
        double rate = (t + 1.0) * request.samples() / ((now - start) / 1e9);
        String line = String.format(Locale.ROOT, "[%s%s] %,d/%,d %,.0f %s/s", "#".repeat(full), ".".repeat(BAR - full),
                t + 1, request.steps(), rate, audio == null ? "tokens" : "samples")
                + (audio == null ? "" : String.format(Locale.ROOT, ", %.2f × real time", rate / audio.sampleRate()));
        err.print('\r' + line + " ".repeat(Math.max(0, width - line.length())));
        width = line.length();
        err.flush();
    }

    /** Takes the line away. */
    void end() {
        if (width > 0) {
            err.print('\r' + " ".repeat(width) + '\r');
            width = 0;
            err.flush();
        }
    }
}
