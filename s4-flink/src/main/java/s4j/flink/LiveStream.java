package s4j.flink;

import s4j.io.MalformedFileException;
import s4j.stream.S4Model;
import s4j.stream.StreamState;

/** A key's stream at hand. */
final class LiveStream {
    StreamState state;
    long time;
    float[] last;
    boolean changed;

    private LiveStream(StreamState state, long time, float[] last) {
        this.state = state;
        this.time = time;
        this.last = last;
    }

    static LiveStream fresh(S4Model model) { return new LiveStream(model.newState(), Long.MIN_VALUE, new float[0]); }

    /**
     * As it stands in the state backend.
     *
     * @param reset whether a stream of another model begins anew
     */
    static LiveStream of(KeyState kept, S4Model model, boolean reset) {
        try {
            return new LiveStream(kept.memory().restored(model), kept.time(), kept.last());
        } catch (MalformedFileException e) {
            if (reset) {
                LiveStream fresh = fresh(model);
                fresh.time = kept.time();
                return fresh;
            }
            throw new IllegalStateException("a stream in the checkpoint is not the model's: " + e.getMessage(), e);
        }
    }

    KeyState kept() { return new KeyState(time, last, new KeyState.Copied(state.copy())); }

    boolean begun() { return state.steps() > 0; }
}
