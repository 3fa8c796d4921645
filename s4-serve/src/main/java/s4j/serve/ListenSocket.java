package s4j.serve;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import io.helidon.websocket.WsUpgradeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.predict.Spotter;

/**
 * Words in live sound at {@code /v1/models/NAME/listen}: the first message tells sample rate and names, then each binary message of
 * little-endian float32 samples is answered with the probabilities after it and with the words that it completed.
 */
final class ListenSocket implements WsListener {
    private static final int POLICY = 1008;
    private static final int MOST = 1 << 18;

    private final ModelShelf models;
    private final Guard guard;
    private final Semaphore places;
    private @Nullable Spotter spotter;
    private Spotter.@Nullable Stream stream;
    private float[] probabilities = new float[0];
    private byte[] bytes = new byte[0];
    private boolean held;

    ListenSocket(ModelShelf models, Guard guard, Semaphore places) {
        this.models = models;
        this.guard = guard;
        this.places = places;
    }

    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) throws WsUpgradeException {
        try {
            guard.check(headers, prologue.query().first("token").orElse(null));
            String[] path = prologue.uriPath().path().split("/", -1);
            Served served = models.get(path[path.length - 2]);
            spotter = served.spotter();
            if (spotter == null) {
                throw Problem.badRequest("model " + served.name()
                        + " does not listen; expected a causal classifier of sound");
            }
            if (!places.tryAcquire()) {
                throw Problem.tooMany("as many listen as the server allows; try again later");
            }
            held = true;
        } catch (Problem e) {
            throw new WsUpgradeException(e.status() + " " + e.reason());
        }
        return Optional.empty();
    }

    @Override
    public void onOpen(WsSession session) {
        Spotter s = java.util.Objects.requireNonNull(spotter);
        Spotter.Stream own = s.stream();
        own.watch(p -> probabilities = p.clone());
        stream = own;
        session.send(Json.print(Map.of("sample_rate", s.sampleRate(), "names", s.names())), true);
    }

    @Override
    public void onMessage(WsSession session, BufferData part, boolean last) {
        byte[] more = part.readBytes();
        if (bytes.length + more.length > MOST) {
            session.close(POLICY, "a message of more than " + MOST + " bytes");
            return;
        }
        byte[] joined = java.util.Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, joined, bytes.length, more.length);
        bytes = joined;
        if (last) {
            bytes = new byte[0];
            try {
                session.send(Json.print(heard(joined)), true);
            } catch (Problem e) {
                session.send(Json.print(Api.error(e)), true);
            } catch (RuntimeException e) { // what the network cannot take ends it
                session.send(Json.print(Api.error(Problem.badRequest(String.valueOf(e.getMessage())))), true);
                session.close(POLICY, "the stream is no more");
            }
        }
    }

    private Map<String, @Nullable Object> heard(byte[] message) {
        if (message.length == 0 || message.length % Float.BYTES != 0) {
            throw Problem.badRequest("%,d bytes; expected float32 samples of 4 bytes".formatted(message.length));
        }
        float[] samples = new float[message.length / Float.BYTES];
        ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(samples);
        for (float v : samples) {
            if (!(Math.abs(v) <= 16)) {
                throw Problem.badRequest("a sample of " + v + "; expected values within −1 and 1");
            }
        }
        List<Object> words = new ArrayList<>();
        java.util.Objects.requireNonNull(stream).accept(samples, 0, samples.length, e -> words
                .add(Map.of("word", e.word(), "seconds", e.seconds(), "probability", e.probability())));
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        List<Float> now = new ArrayList<>();
        for (float p : probabilities) {
            now.add(p);
        }
        out.put("probabilities", now);
        out.put("heard", words);
        return out;
    }

    @Override
    public void onClose(WsSession session, int status, String reason) { ended(); }

    @Override
    public void onError(WsSession session, Throwable t) { ended(); }

    private void ended() {
        if (held) {
            places.release();
            held = false;
        }
    }
}
