package s4j.serve;

import io.helidon.http.HttpPrologue;
import io.helidon.websocket.WsSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.predict.Spotter;

/**
 * Words in live sound at {@code /v1/models/NAME/listen}: the first message tells sample rate and names, then each binary message of
 * little-endian float32 samples is answered with the probabilities after it and with the words that it completed.
 */
final class ListenSocket extends LiveSocket {
    private static final int MOST = 1 << 18;

    private final Semaphore places;
    private @Nullable Spotter spotter;
    private Spotter.@Nullable Stream stream;
    private float[] probabilities = new float[0];
    private boolean held;

    ListenSocket(ModelShelf models, Guard guard, Semaphore places) {
        super(models, guard, MOST);
        this.places = places;
    }

    @Override
    void agree(Served served, HttpPrologue asked) {
        spotter = served.spotter();
        if (spotter == null) {
            throw Problem.badRequest("model " + served.name()
                    + " does not listen; expected a causal classifier of sound");
        }
        if (!places.tryAcquire()) {
            throw Problem.tooMany("as many listen as the server allows; try again later");
        }
        held = true;
    }

    @Override
    Object hello() {
        Spotter s = Objects.requireNonNull(spotter);
        Spotter.Stream own = s.stream();
        own.watch(p -> probabilities = p.clone());
        stream = own;
        return Map.of("sample_rate", s.sampleRate(), "names", s.names());
    }

    @Override
    void answer(WsSession session, byte[] message) {
        float[] samples = floats(message);
        if (samples.length == 0) {
            throw Problem.badRequest("0 bytes; expected float32 samples of 4 bytes");
        }
        for (float v : samples) {
            if (!(Math.abs(v) <= 16)) {
                throw Problem.badRequest("a sample of " + v + "; expected values within −1 and 1");
            }
        }
        session.send(Json.print(heard(samples)), true);
    }

    private Map<String, @Nullable Object> heard(float[] samples) {
        List<Object> words = new ArrayList<>();
        try {
            Objects.requireNonNull(stream).accept(samples, 0, samples.length, e -> words
                    .add(Map.of("word", e.word(), "seconds", e.seconds(), "probability", e.probability())));
        } catch (IllegalArgumentException | IllegalStateException e) { // what the network cannot take ends it
            throw Problem.badRequest(String.valueOf(e.getMessage())).ending("the stream is no more");
        }
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
    void ended() {
        if (held) {
            places.release();
            held = false;
        }
    }
}
