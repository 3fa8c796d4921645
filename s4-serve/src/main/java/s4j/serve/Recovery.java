package s4j.serve;

import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Streams of the process before: each as the store has it, and what the journal says it was given since.
 *
 * @param models the served models
 * @param open where streams are put
 * @param resting a stream of the store; null: it has none of this id
 */
record Recovery(ModelShelf models, Map<String, OpenStream> open, Function<String, @Nullable OpenStream> resting) {
    private static final long ENDED = Kept.ENDED;

    /** Reads the whole journal; a stream that cannot go on is told of and left out. */
    void replay(Journal journal, ServerLog log) throws IOException {
        journal.replay((id, model, first, x) -> {
            if (first == ENDED) {
                open.remove(id);
                return;
            }
            try {
                entry(id, model, first, x);
            } catch (IOException | RuntimeException e) {
                open.remove(id);
                log.tell("stream lost", "stream %s is lost: %s".formatted(ServerLog.shown(id), e.getMessage()),
                        "stream",
                        ServerLog.shown(id), "model", model);
            }
        });
        if (!open.isEmpty()) {
            log.tell("recovered", "%,d streams of the process before go on".formatted(open.size()), "streams",
                    open.size());
        }
    }

    private void entry(String id, String model, long first, float[] x) throws IOException {
        OpenStream s = open.get(id);
        if (s == null) {
            OpenStream found = resting.apply(id);
            s = found != null ? found : new OpenStream(id, models.get(model), models.get(model).model().newState());
            open.put(id, s);
        }
        if (first > s.state.steps()) {
            throw new IOException("its step %,d is missing".formatted(s.state.steps() + 1));
        }
        if (first == s.state.steps() && x.length > 0) {
            s.served.model().forwardChunk(s.state, x);
        }
    }
}
