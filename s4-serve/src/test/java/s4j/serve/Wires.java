package s4j.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Many streams over WebSockets, driven by one thread that speaks their frames itself, so that as much of the machine as possible is
 * left for the server. Every answer is compared with the stream's own.
 */
final class Wires implements AutoCloseable {
    private static final int WIDEST = 4096;

    private final Deck deck;
    private final Selector selector = Selector.open();
    private final List<Wire> wires = new ArrayList<>();
    private long[] nanos = new long[1 << 20];
    private int measured;
    private long wrong;
    private boolean counting;
    private boolean paced;

    /** What was seen in a time: steps a second, latencies in nanoseconds, answers that were not the stream's own. */
    record Seen(double rate, long[] sorted, long wrong) {
        /** A latency in milliseconds; NaN: there is none. */
        double quantile(double q) {
            return sorted.length == 0 ? Double.NaN : sorted[(int) (q * (sorted.length - 1))] / 1e6;
        }
    }

    /** Opens so many streams of a model. */
    Wires(URI server, String model, int streams, Deck deck) throws IOException {
        this.deck = deck;
        for (int i = 0; i < streams; i++) {
            wires.add(new Wire(server, model, i));
        }
    }

    /** One stream. */
    private final class Wire {
        private final int index;
        private final SocketChannel socket;
        private final ByteBuffer in = ByteBuffer.allocate(WIDEST);
        private final ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        private int sent;
        private int answered;
        private long since;
        /** When its next step was due, while the one before is still on its way; 0: none is due. */
        private long due;

        Wire(URI server, String model, int index) throws IOException {
            this.index = index;
            socket = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.write(ByteBuffer.wrap("""
                    GET /v1/models/%s/stream HTTP/1.1
                    Host: localhost
                    Connection: Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                    """.formatted(model).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII)));
            StringBuilder hello = new StringBuilder();
            while (!hello.toString().contains("\"steps\":0}")) {
                in.clear();
                if (socket.read(in) < 0) {
                    throw new IOException("closed: " + hello);
                }
                hello.append(StandardCharsets.ISO_8859_1.decode(in.flip()));
            }
            in.clear();
            socket.configureBlocking(false);
            socket.register(selector, SelectionKey.OP_READ, this);
        }

        boolean idle() { return sent == answered; }

        /** Sends the next step, which was due at a time. */
        void send(long when) throws IOException {
            if (sent == deck.steps()) {
                return;
            }
            since = when;
            out.clear();
            out.put((byte) 0x82).put((byte) (0x80 | Float.BYTES)).putInt(0).putFloat(deck.input(index, sent)).flip();
            write();
            sent++;
        }

        private void write() throws IOException {
            while (out.hasRemaining()) { // a few bytes: they fit
                socket.write(out);
            }
        }

        void read(long now) throws IOException {
            if (socket.read(in) < 0) {
                throw new IOException("stream %d was closed after %,d steps".formatted(index, answered));
            }
            in.flip();
            while (in.remaining() >= 2) {
                int length = in.get(in.position() + 1) & 0x7f;
                if (length > 125) {
                    throw new IOException("a frame of more than 125 bytes");
                }
                if (in.remaining() < 2 + length) {
                    break;
                }
                int opcode = in.get(in.position()) & 0xf;
                in.position(in.position() + 2);
                take(opcode, length, now);
            }
            in.compact();
        }

        private void take(int opcode, int length, long now) throws IOException {
            if (opcode == 2) {
                byte[] expected = deck.answer(index, answered);
                boolean right = length == expected.length
                        && ByteBuffer.wrap(expected).equals(in.slice(in.position(), length));
                wrong += right ? 0 : 1;
                answered++;
                measure(now - since);
            } else if (opcode == 9) {
                out.clear();
                out.put((byte) 0x8a).put((byte) 0x80).putInt(0).flip();
                write();
            } else {
                wrong++;
            }
            in.position(in.position() + length);
        }
    }

    private void measure(long took) {
        if (!counting) {
            return;
        }
        if (measured == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * measured);
        }
        nanos[measured++] = took;
    }

    /** As fast as the server answers: every stream keeps one step on its way. */
    Seen fastest(Duration warm, Duration time) throws IOException {
        paced = false;
        long now = System.nanoTime();
        for (Wire w : wires) {
            w.send(now);
        }
        run(warm, 0);
        return count(time, 0);
    }

    /**
     * At a steady rate, stream by stream. A latency begins when the step was due, whether or not the stream was free to send it, so that
     * a server that stands still is not measured less often.
     */
    Seen steady(double rate, Duration warm, Duration time) throws IOException {
        paced = true;
        run(warm, rate);
        return count(time, rate);
    }

    private Seen count(Duration time, double rate) throws IOException {
        measured = 0;
        counting = true;
        long before = System.nanoTime();
        run(time, rate);
        double seconds = (System.nanoTime() - before) / 1e9;
        counting = false;
        long[] sorted = Arrays.copyOf(nanos, measured);
        Arrays.sort(sorted);
        settle();
        return new Seen(measured / seconds, sorted, wrong);
    }

    private void run(Duration time, double rate) throws IOException {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        long due = 0; // steps since the start
        for (long now = start; now < end; now = System.nanoTime()) {
            for (; paced && due < (now - start) * rate / 1e9; due++) {
                Wire w = wires.get((int) (due % wires.size()));
                long when = start + (long) (due / rate * 1e9);
                if (w.idle()) {
                    w.send(when);
                } else if (w.due == 0) {
                    w.due = when;
                }
            }
            if (paced) {
                selector.select(this::ready, 1);
            } else {
                selector.select(this::ready, 10);
            }
        }
    }

    private void ready(SelectionKey key) {
        try {
            Wire w = (Wire) key.attachment();
            long now = System.nanoTime();
            w.read(now);
            if (w.idle() && !paced) {
                w.send(now);
            } else if (w.idle() && w.due != 0) {
                long when = w.due;
                w.due = 0;
                w.send(when);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Waits for what is still on its way. */
    private void settle() throws IOException {
        paced = true;
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (wires.stream().anyMatch(w -> !w.idle() || w.due != 0)) {
            selector.select(this::ready, 10);
            if (System.nanoTime() > end) {
                throw new IOException("streams are still waiting for an answer after 30 s");
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Wire w : wires) {
            w.socket.close();
        }
        selector.close();
    }
}
