package s4j.serve;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import io.helidon.websocket.WsUpgradeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.io.MalformedFileException;

/**
 * A stream over a WebSocket at {@code /v1/models/NAME/stream}: the first message tells its id; then each message is the next steps,
 * as JSON {@code [[...], ...]} or as binary little-endian float32, and is answered alike with what the model says. With {@code
 * ?stream=ID} an open stream goes on; a stream that was begun here ends with the connection unless {@code ?keep=true}.
 */
final class StreamSocket implements WsListener {
    private static final int POLICY = 1008;
    private static final int FAULT = 1011;

    private final Api api;
    private final ModelShelf models;
    private final OpenStreams streams;
    private final Guard guard;
    private final ServerConfig.Limits limits;
    private String name = "";
    private String id = "";
    private boolean own;
    private final StringBuilder text = new StringBuilder();
    private byte[] bytes = new byte[0];

    StreamSocket(Api api, ModelShelf models, OpenStreams streams, Guard guard, ServerConfig.Limits limits) {
        this.api = api;
        this.models = models;
        this.streams = streams;
        this.guard = guard;
        this.limits = limits;
    }

    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) throws WsUpgradeException {
        try {
            guard.check(headers, prologue.query().first("token").orElse(null));
            String[] path = prologue.uriPath().path().split("/", -1);
            name = path[path.length - 2];
            models.get(name);
            id = prologue.query().first("stream").orElse("");
            own = id.isEmpty() && !prologue.query().first("keep").orElse("false").equals("true");
        } catch (Problem e) {
            throw new WsUpgradeException(e.status() + " " + e.reason());
        }
        return Optional.empty();
    }

    @Override
    public void onOpen(WsSession session) {
        guarded(session, () -> {
            if (id.isEmpty()) {
                id = streams.begin(models.get(name), null).id;
            }
            Map<String, @Nullable Object> hello = new LinkedHashMap<>();
            hello.put("stream", id);
            hello.put("model", streams.with(id, s -> s.served.name()));
            hello.put("steps", streams.with(id, s -> s.state.steps()));
            session.send(Json.print(hello), true);
        });
    }

    @Override
    public void onMessage(WsSession session, String part, boolean last) {
        guarded(session, () -> {
            require(text.length() + part.length());
            text.append(part);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                session.send(Json.print(Map.of("outputs",
                        Values.list(api.step(id, Values.of(parsed(whole)))))), true);
            }
        });
    }

    private static @Nullable Object parsed(String json) {
        try {
            return Json.parse(json, "message");
        } catch (MalformedFileException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void onMessage(WsSession session, BufferData part, boolean last) {
        guarded(session, () -> {
            byte[] more = part.readBytes();
            require(bytes.length + more.length);
            byte[] joined = java.util.Arrays.copyOf(bytes, bytes.length + more.length);
            System.arraycopy(more, 0, joined, bytes.length, more.length);
            bytes = joined;
            if (last) {
                byte[] whole = bytes;
                bytes = new byte[0];
                session.send(BufferData.create(binary(whole)), true);
            }
        });
    }

    private byte[] binary(byte[] whole) {
        if (whole.length % Float.BYTES != 0) {
            throw Problem
                    .badRequest("a message of %,d bytes; expected float32 values of 4 bytes".formatted(whole.length));
        }
        float[] x = new float[whole.length / Float.BYTES];
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(x);
        double[][] said = api.step(id, x);
        int each = said[0].length;
        ByteBuffer out = ByteBuffer.allocate(Float.BYTES * said.length * each).order(ByteOrder.LITTLE_ENDIAN);
        for (double[] row : said) {
            for (double v : row) {
                out.putFloat((float) v);
            }
        }
        return out.array();
    }

    private void require(long size) {
        if (size > limits.body()) {
            throw Problem.tooLarge("a message of more than %,d bytes".formatted(limits.body()));
        }
    }

    /** A mistake is answered and the stream goes on; what is no longer a stream closes. */
    private void guarded(WsSession session, Runnable work) {
        try {
            work.run();
        } catch (Problem e) {
            session.send(Json.print(Api.error(e)), true);
            if (e.ends()) {
                session.close(POLICY, "the stream is no more");
            }
        } catch (RuntimeException e) {
            session.close(FAULT, "the server failed");
        }
    }

    @Override
    public void onClose(WsSession session, int status, String reason) { ended(); }

    @Override
    public void onError(WsSession session, Throwable t) { ended(); }

    private void ended() {
        if (own && !id.isEmpty()) {
            try {
                streams.end(id);
            } catch (Problem e) {
                // it was ended already
            }
            own = false;
        }
    }
}
