package s4j.stream;

/**
 * A stream with its state: {@code var session = model.newSession(); float[] y = session.step(x);}. One thread at a time; any
 * number of sessions may run side by side. A step allocates nothing.
 */
public final class Session {
    private final S4Model model;
    private final StreamState state;
    private final float[] y;

    Session(S4Model model, StreamState state) {
        this.model = model;
        this.state = state;
        this.y = new float[model.dOutput()];
    }

    /**
     * One step.
     *
     * @param x {@code [d_input]}, or one token
     * @return {@code [d_output]}, the session's own array: the next step overwrites it
     */
    public float[] step(float... x) {
        model.step(state, x, y);
        return y;
    }

    /** The same into an array of the caller's. */
    public void step(float[] x, float[] y) { model.step(state, x, y); }

    /**
     * Many steps at once.
     *
     * @param x {@code [l, d_input]}
     * @return {@code [l, d_output]}
     */
    public float[] chunk(float[] x) { return model.forwardChunk(state, x); }

    /** The state, which the next step changes. */
    public StreamState state() { return state; }

    /** A session that goes on from here on its own. */
    public Session fork() {
        return new Session(model, state.copy());
    }

    /** The state as bytes; see {@link StreamState#snapshot}. */
    public byte[] snapshot() { return state.snapshot(); }

    /** Whether all its outputs were finite: else it neither steps nor has a snapshot. */
    public boolean sound() {
        return state.failed == 0;
    }

    /** The model. */
    public S4Model model() { return model; }
}
