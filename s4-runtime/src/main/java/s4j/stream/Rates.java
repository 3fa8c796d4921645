package s4j.stream;

import java.util.List;

/**
 * A model at two sampling rates, and states that go from the one to the other: a state space model's own answer to readings that come late. A step
 * at rate g is one over g times the time, x' = exp(g dt A) x + B̄(g) u with u held, instead of g steps. Only models all of whose memory is in
 * state space models have it.
 *
 * <p>{@link #carry} makes no objects. Not for use by two threads at once.
 */
public final class Rates {
    private final S4Model from;
    private final S4Model to;
    private final List<Build.Recurrence> before;
    private final List<Build.Recurrence> now;
    /** What the states of each layer stand for, {@code [tile, n, (re, im), TILE]}. */
    private final double[][] states;

    private Rates(S4Model from, S4Model to, List<Build.Recurrence> before, List<Build.Recurrence> now) {
        this.from = from;
        this.to = to;
        this.before = before;
        this.now = now;
        this.states = before.stream().map(r -> new double[r.steps().numbers()]).toArray(double[][]::new);
    }

    /**
     * From one rate of a model to another.
     *
     * @throws IllegalArgumentException when the models are not the same but for the rate, or remember more than state space models do
     */
    public static Rates of(S4Model from, S4Model to) {
        List<Build.Recurrence> before = from.build().recurrencesAlone();
        List<Build.Recurrence> now = to.build().recurrencesAlone();
        if (before == null || now == null || !from.config().equals(to.config())) {
            throw new IllegalArgumentException("a state at another rate: "
                    + (before == null ? "layers beside the state space models remember something" : "the models differ")
                    + "; expected one model at two rates, whose memory is in state space models alone");
        }
        return new Rates(from, to, before, now);
    }

    /**
     * A state as another rate of the same model keeps it.
     *
     * @param state of {@code from}, unchanged
     * @return of {@code to}; steps are counted on
     * @throws IllegalArgumentException as {@link #of} and {@link #carry} throw it
     */
    public static StreamState carried(StreamState state, S4Model from, S4Model to) {
        requireOf(from, state);
        Rates rates = of(from, to);
        StreamState out = to.newState();
        rates.carry(state, out);
        return out;
    }

    /**
     * Makes a state what another one is at the other rate.
     *
     * @param state of the model that is left, unchanged
     * @param out of the other one; whatever it was, it becomes that state, steps counted on
     * @throws IllegalArgumentException when a state belongs to another model
     */
    public void carry(StreamState state, StreamState out) {
        requireOf(from, state);
        requireOf(to, out);
        for (int i = 0; i < states.length; i++) {
            before.get(i).steps().states(state.values, before.get(i).at(), states[i]);
            now.get(i).steps().keep(states[i], out.values, now.get(i).at());
        }
        System.arraycopy(state.sums, 0, out.sums, 0, state.sums.length);
        out.steps = state.steps;
        out.failed = state.failed; // what was wrong with the state that stood there is gone with it
        out.failed = state.failed;
    }

    private static void requireOf(S4Model model, StreamState state) {
        if (!state.model.equals(model.fingerprint())) {
            throw new IllegalArgumentException("the state belongs to the model " + state.model + "; expected " + model
                    .fingerprint());
        }
    }
}
