package s4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;
import s4j.stream.NotFiniteException;
import s4j.predict.ClassProbabilities;
import s4j.predict.InputTransform;
import s4j.stream.Session;

/**
 * Steps in, predictions out. What is known is written before anything is waited for, so each prediction leaves at once, yet
 * steps that arrive together leave together.
 */
final class StepPipe {
    private static final int READ = 1 << 16;
    /** Bytes of output that are written even while more input is at hand. */
    private static final int WRITE = 1 << 16;
    /** Characters of one value, generously. */
    private static final int VALUE = 64;
    private static final long PATIENCE_SECONDS = 5;

    private final Session session;
    private final InputTransform transform;
    private final Pipes pipes;
    private final boolean token;
    private final float[] x;
    private final float[] outputs;
    /** What is written: the outputs, or the probabilities of the classes. */
    private final float[] y;
    private final @Nullable ClassProbabilities classes;
    private final byte[] input = new byte[READ];
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private long step;
    private volatile boolean closed;
    /** Held while a step is taken and while outputs are written. */
    private final ReentrantLock working = new ReentrantLock();

    StepPipe(Session session, InputTransform transform, Pipes pipes, @Nullable ClassProbabilities classes) {
        this.classes = classes;
        this.session = session;
        this.transform = transform;
        this.pipes = pipes;
        this.token = session.model().config().encoder().tokens();
        this.x = new float[session.model().dInput()];
        this.outputs = new float[session.model().dOutput()];
        this.y = classes == null ? outputs : new float[classes.names().size()];
    }

    /** One step a line until input ends, or nobody reads the output. */
    void lines(boolean header) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long number = 0;
        for (int n = read(); n >= 0 && !closed; n = read()) {
            for (int i = 0; i < n && !closed; i++) {
                if (input[i] != '\n') {
                    append(line, input[i], number + 1);
                } else {
                    line(line, ++number, header);
                }
            }
        }
        if (line.size() > 0 && !closed) {
            line(line, ++number, header); // the last line need not end
        }
        flush();
    }

    private void append(ByteArrayOutputStream line, byte b, long number) throws IOException {
        if (line.size() >= 4096 + (long) VALUE * x.length) {
            throw refused("line " + number + ": longer than " + line.size() + " bytes", columns());
        }
        line.write(b);
    }

    private void line(ByteArrayOutputStream bytes, long number, boolean header) throws IOException {
        working.lock();
        try {
            if (!closed) {
                answer(bytes, number, header);
            }
        } finally {
            working.unlock();
        }
    }

    private void answer(ByteArrayOutputStream bytes, long number, boolean header) throws IOException {
        String text = bytes.toString(StandardCharsets.UTF_8).strip();
        bytes.reset();
        if (header && number == 1) {
            output(CsvLine.of(classes != null
                    ? classes.names()
                    : IntStream.rangeClosed(1, y.length).mapToObj(i -> "y" + i).toList()));
        } else if (!text.isEmpty()) {
            parse(text, number);
            predict("line " + number);
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < y.length; i++) {
                out.append(i == 0 ? "" : ",").append(y[i]);
            }
            output(out.append('\n').toString());
        }
    }

    private void parse(String text, long number) throws IOException {
        String[] columns = text.split(",", -1);
        if (columns.length != x.length) {
            throw refused("line " + number + ": got " + columns.length + " columns", columns());
        }
        for (int i = 0; i < x.length; i++) {
            x[i] = number(columns[i].strip());
            if (!Float.isFinite(x[i])) {
                String shown = columns[i].length() > 40 ? columns[i].substring(0, 40) + "…" : columns[i];
                throw refused("line " + number + ", column " + (i + 1) + ": got '" + shown.strip() + "'",
                        "a finite number" + (number == 1 ? ". Is it a header? Use --header" : ""));
            }
        }
    }

    /** NaN: no number. */
    private static float number(String text) {
        return decimal(text) ? Float.parseFloat(text) : Float.NaN;
    }

    /** {@code [+-] digits [. digits] [e [+-] 1 to 4 digits]} in one pass: a regular expression would look back at every digit. */
    static boolean decimal(String text) {
        int at = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
        int whole = digits(text, at);
        int point = at + whole;
        boolean pointed = point < text.length() && text.charAt(point) == '.';
        int part = pointed ? digits(text, point + 1) : 0;
        int end = point + (pointed ? 1 : 0) + part;
        if (whole + part == 0 || end == text.length()) {
            return whole + part > 0;
        }
        if ((text.charAt(end) | 0x20) != 'e') {
            return false;
        }
        int sign = end + 1 < text.length() && (text.charAt(end + 1) == '+' || text.charAt(end + 1) == '-') ? 1 : 0;
        int power = digits(text, end + 1 + sign);
        return power >= 1 && power <= 4 && end + 1 + sign + power == text.length();
    }

    private static int digits(String text, int from) {
        int to = from;
        while (to < text.length() && text.charAt(to) >= '0' && text.charAt(to) <= '9') {
            to++;
        }
        return to - from;
    }

    /** Binary steps until input ends, or nobody reads the output. */
    void binary(StreamCommand.Raw kind) throws IOException {
        int width = kind == StreamCommand.Raw.f32 ? Float.BYTES : Short.BYTES;
        ByteBuffer frame = ByteBuffer.allocate(width * x.length).order(ByteOrder.LITTLE_ENDIAN);
        byte[] out = new byte[Float.BYTES * y.length];
        for (int n = read(); n >= 0 && !closed; n = read()) {
            for (int at = 0; at < n && !closed;) {
                int part = Math.min(frame.remaining(), n - at);
                frame.put(input, at, part);
                at += part;
                if (!frame.hasRemaining()) {
                    answer(frame, kind, out);
                }
            }
        }
        flush();
        if (frame.position() > 0 && !closed) {
            throw refused("input ends with " + frame.position() + " bytes after step " + step,
                    "steps of " + frame.capacity() + " bytes (" + x.length + " values of " + kind + ")");
        }
    }

    private void answer(ByteBuffer frame, StreamCommand.Raw kind, byte[] out) throws IOException {
        working.lock();
        try {
            if (!closed) {
                frame(frame.flip(), kind);
                frame.clear();
                ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(y);
                output.write(out, 0, out.length);
                flushWhenLarge();
            }
        } finally {
            working.unlock();
        }
    }

    /**
     * Takes no further step and writes the answers so far.
     *
     * @return whether they are written: the state is then that of what was answered
     */
    boolean stop() throws IOException {
        try {
            if (!working.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return false; // nobody takes the output: what was answered is not known
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            flush();
            closed = true;
            return true;
        } finally {
            working.unlock();
        }
    }

    private void frame(ByteBuffer frame, StreamCommand.Raw kind) throws IOException {
        for (int i = 0; i < x.length; i++) {
            x[i] = switch (kind) {
                case f32 -> frame.getFloat();
                case s16 -> token ? frame.getShort() : frame.getShort() / 32768f;
            };
            if (!Float.isFinite(x[i])) {
                throw refused("step " + (step + 1) + ", value " + (i + 1) + ": got " + x[i], "a finite number");
            }
        }
        predict("step " + (step + 1));
    }

    private void predict(String where) throws IOException {
        transform.step(x);
        try {
            session.step(x, outputs);
        } catch (IllegalArgumentException | NotFiniteException e) { // what the model cannot take, or answer
            flush();
            throw new MalformedFileException("standard input, " + where + ": " + e.getMessage(), e);
        }
        step++;
        if (classes != null) {
            double[] p = classes.of(outputs);
            for (int i = 0; i < p.length; i++) {
                y[i] = (float) p[i];
            }
        }
    }

    private void output(String text) throws IOException {
        output.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        flushWhenLarge();
    }

    private void flushWhenLarge() throws IOException {
        if (output.size() >= WRITE) {
            flush();
        }
    }

    /** Waits for input, after everything known has been written. */
    private int read() throws IOException {
        flush();
        return closed ? -1 : pipes.in().read(input);
    }

    private void flush() throws IOException {
        working.lock();
        try {
            write();
        } finally {
            working.unlock();
        }
    }

    private void write() throws IOException {
        if (closed || output.size() == 0) {
            return;
        }
        try {
            output.writeTo(pipes.out());
            pipes.out().flush();
        } catch (IOException e) {
            if (!Pipes.closed(e)) {
                throw e;
            }
            closed = true;
        }
        output.reset();
    }

    private String columns() {
        return x.length + (token ? " token" : x.length == 1 ? " number" : " numbers with commas between") + " a line";
    }

    private MalformedFileException refused(String got, String expected) throws IOException {
        flush();
        return new MalformedFileException("standard input, " + got + "; expected " + expected);
    }
}
