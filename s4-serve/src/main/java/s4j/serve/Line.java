package s4j.serve;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.CloseConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection: what it does now and until when. A client has {@link ServerConfig.Lines#transfer} from the first byte of a request, or
 * of a frame, to its last, as long to take what is sent to it, and {@link ServerConfig.Lines#quiet} between requests; a WebSocket is
 * asked for a sign of life instead. When the time is over the thread of the connection is interrupted wherever it waits for its socket,
 * which closes that, also during TLS's handshake. While a request is computed there is no such deadline.
 */
final class Line {
    private static final ScopedValue<Line> CURRENT = ScopedValue.newInstance();
    private static final long NEVER = Long.MAX_VALUE;
    private static final long EPOCH = System.nanoTime();
    /** Signs of life are asked for this often in the time they may take. */
    private static final int ASKED = 3;

    private enum Phase {
        QUIET, ARRIVING, WORKING
    }

    private final ServerConfig.Lines limits;
    private final String client;
    private final List<Runnable> ends = new ArrayList<>();
    private Phase phase = Phase.ARRIVING; // a connection is made for a request
    private long due;
    private long sent = NEVER;
    private long asked;
    private boolean late;
    private @Nullable Thread thread;
    private @Nullable Thread asking;
    private @Nullable Runnable ping;

    Line(ServerConfig.Lines limits, String client) {
        this.limits = limits;
        this.client = client;
        this.due = now() + limits.transfer().toNanos();
    }

    /** Where its other end is. */
    String client() { return client; }

    private static long now() { return System.nanoTime() - EPOCH; }

    /** That of the thread that asks, which serves it. */
    static Line current() { return CURRENT.get(); }

    /** Serves it in this thread; whatever was to be ended with it is. */
    void serve(Serving serving) throws InterruptedException {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        try {
            ScopedValue.where(CURRENT, this).<Line, InterruptedException>call(() -> {
                serving.run();
                return this;
            });
        } finally {
            synchronized (this) {
                thread = null;
            }
            Thread.interrupted(); // which has done its work: what follows is not to be interrupted
            ends.forEach(Runnable::run);
        }
    }

    /** What serves a connection until it ends. */
    @FunctionalInterface
    interface Serving {
        void run() throws InterruptedException;
    }

    /** Does this when the connection ends, however it does. */
    void atEnd(Runnable end) { ends.add(end); }

    /** From now on a WebSocket, which may be quiet for ever while it answers this. */
    synchronized void live(Runnable sign) {
        ping = sign;
        quiet();
    }

    /** Bytes of the socket; the first one after quiet begins a request. */
    byte @Nullable [] read(Supplier<byte @Nullable []> socket) {
        byte[] bytes = socket.get();
        synchronized (this) {
            if (phase == Phase.QUIET) {
                arriving();
            }
        }
        return bytes;
    }

    /** A request begins. */
    synchronized void arriving() {
        phase = Phase.ARRIVING;
        due = now() + limits.transfer().toNanos();
    }

    /** A request is whole: what follows is for the server to do. */
    synchronized void working() {
        if (late) {
            throw new CloseConnectionException("the request came too late");
        }
        phase = Phase.WORKING;
        due = NEVER;
    }

    /** A request was answered, or a frame taken. */
    synchronized void quiet() {
        phase = Phase.QUIET;
        asked = now();
        due = asked + (ping == null ? limits.quiet() : limits.transfer()).toNanos();
    }

    /** The same unless its rest is still to come. */
    synchronized void answered() {
        if (phase == Phase.WORKING) {
            quiet();
        }
    }

    private void writing(Runnable write) {
        if (thread != Thread.currentThread()) { // a sign of life: what follows from it has its own deadline
            write.run();
            return;
        }
        synchronized (this) {
            sent = now() + limits.transfer().toNanos();
        }
        try {
            write.run();
        } finally {
            synchronized (this) {
                sent = NEVER;
            }
        }
    }

    /** Closes the connection if its time is over, and says why for the first time; asks for a sign of life where that is due. */
    synchronized String look() {
        long now = now();
        if (thread == null) {
            return "";
        }
        if (now >= due || now >= sent) {
            String why = late
                    ? ""
                    : now >= sent ? "nobody reads the answer" : phase == Phase.QUIET ? "quiet" : "half a request";
            late = true;
            thread.interrupt();
            if (asking != null) {
                asking.interrupt();
            }
            return why;
        }
        if (ping != null && phase != Phase.WORKING && asking == null
                && now - asked >= limits.transfer().toNanos() / ASKED) {
            Runnable sign = ping;
            asked = now;
            asking = Thread.startVirtualThread(() -> ask(sign));
        }
        return "";
    }

    private void ask(Runnable sign) {
        try {
            sign.run();
        } catch (RuntimeException e) {
            // the connection ends; whoever reads it is told
        } finally {
            synchronized (this) {
                asking = null;
            }
        }
    }

    /** A writer whose writes have a deadline. */
    DataWriter watched(DataWriter to) {
        return new DataWriter() {
            @Override
            public void write(BufferData... buffers) { writing(() -> to.write(buffers)); }

            @Override
            public void write(BufferData buffer) { writing(() -> to.write(buffer)); }

            @Override
            public void writeNow(BufferData... buffers) { writing(() -> to.writeNow(buffers)); }

            @Override
            public void writeNow(BufferData buffer) { writing(() -> to.writeNow(buffer)); }

            @Override
            public void flush() { writing(to::flush); }

            @Override
            public void close() { to.close(); }
        };
    }
}
