package s4j.serve;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HttpPrologue;
import io.helidon.websocket.WsSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.io.MalformedFileException;

/**
 * A stream over a WebSocket at {@code /v1/models/NAME/stream}: the first message tells its id; then each message is the next steps,
 * as JSON {@code [[...], ...]} or as binary little-endian float32, and is answered alike with what the model says. With {@code
 * ?stream=ID} an open stream goes on; a stream that was begun here ends with the connection unless {@code ?keep=true}.
 */
final class StreamSocket extends LiveSocket {
    private final Stepping stepping;
    private final OpenStreams streams;
    private @Nullable Served served;
    private String id = "";
    private boolean own;
    private final StringBuilder text = new StringBuilder();

    StreamSocket(ModelShelf models, Guard guard, OpenStreams streams, Stepping stepping, long most) {
        super(models, guard, most);
        this.stepping = stepping;
        this.streams = streams;
    }

    @Override
    void agree(Served model, HttpPrologue asked) {
        served = model;
        id = asked.query().first("stream").orElse("");
        own = id.isEmpty() && !asked.query().first("keep").orElse("false").equals("true");
    }

    @Override
    Object hello() {
        if (id.isEmpty()) {
            id = streams.begin(Objects.requireNonNull(served), null).id;
        }
        Map<String, @Nullable Object> hello = new LinkedHashMap<>();
        hello.put("stream", id);
        hello.put("model", streams.with(id, s -> s.served.name()));
        hello.put("steps", streams.with(id, s -> s.state.steps()));
        return hello;
    }

    @Override
    public void onMessage(WsSession session, String part, boolean last) {
        guarded(session, () -> {
            require(text, part);
            text.append(part);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                session.send(Json.print(Map.of("outputs",
                        Values.list(stepping.next(id, Values.of(parsed(whole)))))), true);
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
    void answer(WsSession session, byte[] message) {
        double[][] said = stepping.next(id, floats(message));
        int each = said[0].length;
        ByteBuffer out = ByteBuffer.allocate(Float.BYTES * said.length * each).order(ByteOrder.LITTLE_ENDIAN);
        for (double[] row : said) {
            for (double v : row) {
                out.putFloat((float) v);
            }
        }
        session.send(BufferData.create(out.array()), true);
    }

    @Override
    void ended() {
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
