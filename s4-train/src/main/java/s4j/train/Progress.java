package s4j.train;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import s4j.model.SequenceBatch;
import s4j.train.run.Position;
import s4j.train.task.Task;

/**
 * Shows how far an epoch is: one line that is written over again on a terminal, now and then a line of its own
 * elsewhere (logs, pipes). Other threads may have lines to say.
 */
final class Progress {
    /** Fits into 80 columns: a line that wraps cannot be written over. */
    private static final String TERMINAL = "%s %s %d/%d %s lr %.1e %.0f %s/s ETA %s";
    private static final String PLAIN = "epoch %s %s %d/%d  %s  lr %.2e  %.0f %s/s  ETA %s";
    private static final int BAR = 10;
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 15_000_000_000L;

    private final PrintWriter out;
    private final boolean terminal;
    private final RunLength length;
    private final Task task;
    private final long runStart = System.nanoTime();
    private long epochStart = runStart;
    private int firstBatch;
    private long sequences;
    private long steps;
    private long lastShown = runStart;
    private int width;

    /** The task says how its metrics are told and what is counted. */
    Progress(PrintWriter out, boolean terminal, RunLength length, Task task) {
        this.out = out;
        this.terminal = terminal;
        this.length = length;
        this.task = task;
    }

    /** An epoch starts, at {@code batch} when it is continued. */
    synchronized void start(int batch) {
        epochStart = System.nanoTime();
        firstBatch = batch;
        sequences = 0;
        steps = 0;
    }

    /** A batch is done: its parts here, and as many at the other workers. */
    synchronized void step(Position p, List<SequenceBatch> parts, int workers, double lr) {
        for (SequenceBatch part : parts) {
            sequences += (long) workers * part.size();
            steps += workers * part.realSteps();
        }
        long now = System.nanoTime();
        if (now - lastShown < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        lastShown = now;
        int perEpoch = Math.max(1, p.batch() - firstBatch);
        double secondsPerBatch = (now - epochStart) / 1e9 / perEpoch;
        String words = terminal ? TERMINAL : PLAIN;
        Map<String, Double> metrics = task.ofTraining(p.epochSums());
        String told = terminal ? task.shortWords(metrics) : task.words("train", metrics);
        String unit = task.countsSteps() ? "steps" : terminal ? "seq" : "sequences";
        String line = String.format(Locale.ROOT, words, length.words(p, p.epoch() + 1), bar(p.batch()), p.batch(),
                length.batches(), told,
                lr,
                task.countsSteps() ? rate() * steps / sequences : rate(), unit,
                duration((long) length.left(p, secondsPerBatch)));
        if (terminal) {
            out.print('\r' + line + " ".repeat(Math.max(0, width - line.length())));
            width = line.length();
            out.flush();
        } else {
            out.println(line);
            out.flush();
        }
    }

    /** Something else runs over batches: validation, test. */
    synchronized void note(String what) {
        if (terminal) {
            out.print('\r' + what + " ".repeat(Math.max(0, width - what.length())));
            width = what.length();
            out.flush();
        }
    }

    /** A line that stays. */
    synchronized void line(String text) {
        if (terminal && width > 0) {
            out.print('\r' + " ".repeat(width) + '\r');
            width = 0;
        }
        out.println(text);
        out.flush();
    }

    /** Sequences per second in this epoch. */
    synchronized double rate() {
        return sequences / Math.max(1e-9, (System.nanoTime() - epochStart) / 1e9);
    }

    /** Seconds since the run began or was continued. */
    double seconds() {
        return (System.nanoTime() - runStart) / 1e9;
    }

    static String duration(long seconds) {
        return seconds >= 3600
                ? "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60)
                : "%d:%02d".formatted(seconds / 60, seconds % 60);
    }

    private String bar(int done) {
        if (!terminal) {
            return String.format(Locale.ROOT, "%3d %%", 100 * done / length.batches());
        }
        int full = BAR * done / length.batches();
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
    }
}
