package s4j.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A running child process: one line in, one line out, within a time limit. */
final class Child implements AutoCloseable {
    private static final String END = "\0";
    private static final int REASON = 160;
    private static final int POLL_SECONDS = 5;

    private final Process process;
    private final Writer in;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Path errors;

    private Child(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().start(this::read);
    }

    /** Starts the command; what it says on its error stream is kept for messages. */
    static Child start(ProcessBuilder command) throws IOException {
        Path errors = Files.createTempFile("s4-bench", ".err");
        try {
            return new Child(command.redirectError(errors.toFile()).start(), errors);
        } catch (IOException e) {
            Files.deleteIfExists(errors);
            throw e;
        }
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(END); // the pipe broke: the same as its end
            return;
        }
        lines.add(END);
    }

    /** The first line. */
    String greeting(Duration limit) throws StoppedException { return answer(limit); }

    /** Sends a line and returns what stands after the answer's first word, which must be {@code expected}. */
    String ask(String line, String expected, Duration limit) throws StoppedException {
        try {
            in.write(line + "\n");
            in.flush();
        } catch (IOException e) {
            throw new StoppedException(ended());
        }
        String answer = answer(limit);
        if (answer.startsWith("error ")) {
            throw new StoppedException(answer.substring("error ".length()));
        }
        if (!answer.startsWith(expected + " ")) {
            throw new StoppedException("answered " + shortened(answer) + "; expected " + expected + " and numbers");
        }
        return answer.substring(expected.length() + 1);
    }

    private String answer(Duration limit) throws StoppedException {
        try {
            String line = lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                close();
                throw new StoppedException("out of time");
            }
            if (line.equals(END)) {
                throw new StoppedException(ended());
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new StoppedException("interrupted");
        }
    }

    /** Why there are no more lines. 137 is SIGKILL, which on Linux is mostly the kernel short of memory. */
    private String ended() {
        try {
            if (!process.waitFor(POLL_SECONDS, TimeUnit.SECONDS)) {
                return "closed its output";
            }
            int code = process.exitValue();
            List<String> said = Files.readAllLines(errors).stream().filter(s -> !s.isBlank()).toList();
            return "ended with exit code " + code + (code == 137 ? " (killed: out of memory?)" : "")
                    + (said.isEmpty() ? "" : ": " + shortened(said.getLast()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } catch (IOException e) {
            return "ended";
        }
    }

    private static String shortened(String text) {
        return text.length() <= REASON ? text : text.substring(0, REASON) + "…";
    }

    /** Processor time so far, of all its threads; NaN: unknown. */
    double cpuMillis() {
        return process.info().totalCpuDuration().map(d -> d.toNanos() / 1e6).orElse(Double.NaN);
    }

    boolean alive() { return process.isAlive(); }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(POLL_SECONDS, TimeUnit.SECONDS);
            Files.deleteIfExists(errors);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            errors.toFile().deleteOnExit();
        }
    }
}
