package s4j.serve;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import io.helidon.websocket.WsUpgradeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import s4j.io.Json;

/**
 * A WebSocket of a model at {@code /v1/models/NAME/…}: who may open it, its binary messages of little-endian float32, what a mistake is
 * answered, its end however it comes. A peer that gives no sign of life is closed.
 */
abstract class LiveSocket implements WsListener {
    private static final int POLICY = 1008;
    private static final int FAULT = 1011;

    private final ModelShelf models;
    private final Guard guard;
    private final long most;
    private byte[] bytes = new byte[0];

    /**
     * Of the models that may be asked.
     *
     * @param most bytes of a message
     */
    LiveSocket(ModelShelf models, Guard guard, long most) {
        this.models = models;
        this.guard = guard;
        this.most = most;
    }

    /** Agrees to a model, or throws. */
    abstract void agree(Served served, HttpPrologue asked);

    /** The first message. */
    abstract Object hello();

    /** The answer to a binary message. */
    abstract void answer(WsSession session, byte[] message);

    /** It was closed, or its line has broken. */
    abstract void ended();

    @Override
    public final Optional<Headers> onHttpUpgrade(HttpPrologue asked, Headers headers) throws WsUpgradeException {
        try {
            guard.check(headers, asked.query().first("token").orElse(null));
            String[] path = asked.uriPath().path().split("/", -1);
            agree(models.get(path[path.length - 2]), asked);
            Line.current().atEnd(this::ended); // a line that breaks is told to nobody else
        } catch (Problem e) {
            throw new WsUpgradeException(e.status() + " " + e.reason());
        }
        return Optional.empty();
    }

    @Override
    public final void onOpen(WsSession session) {
        Line.current().live(() -> session.ping(BufferData.create(new byte[0])));
        guarded(session, () -> session.send(Json.print(hello()), true));
    }

    @Override
    public final void onMessage(WsSession session, BufferData part, boolean last) {
        guarded(session, () -> {
            byte[] more = part.readBytes();
            byte[] joined = more;
            if (bytes.length > 0) {
                joined = java.util.Arrays.copyOf(bytes, bytes.length + more.length);
                System.arraycopy(more, 0, joined, bytes.length, more.length);
            }
            if (joined.length > most) {
                bytes = new byte[0];
                throw tooLong();
            }
            bytes = last ? new byte[0] : joined;
            if (last) {
                answer(session, joined);
            }
        });
    }

    @Override
    public final void onPing(WsSession session, BufferData buffer) { guarded(session, () -> session.pong(buffer)); }

    @Override
    public final void onPong(WsSession session, BufferData buffer) { Line.current().quiet(); }

    /** Refuses the text of a message that becomes too long. */
    final void require(StringBuilder text, String more) {
        if ((long) text.length() + more.length() > most) {
            text.setLength(0);
            throw tooLong();
        }
    }

    private Problem tooLong() { return Problem.tooLarge("a message of more than %,d bytes".formatted(most)); }

    /** The numbers of a binary message. */
    static float[] floats(byte[] message) {
        if (message.length % Float.BYTES != 0) {
            throw Problem.badRequest(
                    "a message of %,d bytes; expected float32 values of 4 bytes".formatted(message.length));
        }
        float[] x = new float[message.length / Float.BYTES];
        ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(x);
        return x;
    }

    /** A mistake is answered and the stream goes on; what is no longer a stream closes. */
    final void guarded(WsSession session, Runnable work) {
        Line line = Line.current();
        line.working();
        try {
            work.run();
        } catch (Problem e) {
            session.send(Json.print(Answers.error(e)), true);
            if (e.ends()) {
                session.close(POLICY, "the stream is no more");
            }
        } catch (io.helidon.webserver.CloseConnectionException e) {
            throw e; // nobody is there any more
        } catch (RuntimeException e) {
            session.close(FAULT, "the server failed");
        } finally {
            line.quiet();
        }
    }
}
