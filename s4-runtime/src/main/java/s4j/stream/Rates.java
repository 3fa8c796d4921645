package s4j.stream;

import java.util.List;

/**
 * One model at several sampling rates, and states that go from one to another: a state space model's own answer to readings that come late. A step
 * at rate g is one over g times the time, x' = exp(g dt A) x + B̄(g) u with u held, instead of g steps. Only models all of whose memory is in
 * state space models have it.
 */
public final class Rates {
    private Rates() {}

    /**
     * A state as another rate of the same model keeps it.
     *
     * @param state of {@code from}, unchanged
     * @return of {@code to}; steps are counted on
     * @throws IllegalArgumentException when the models are not the same but for the rate, or remember more than state space models do
     */
    public static StreamState carried(StreamState state, S4Model from, S4Model to) {
        List<Build.Recurrence> before = from.build().recurrencesAlone();
        List<Build.Recurrence> now = to.build().recurrencesAlone();
        if (!state.model.equals(from.fingerprint())) {
            throw new IllegalArgumentException("the state belongs to the model " + state.model + "; expected " + from
                    .fingerprint());
        }
        if (before == null || now == null || !from.config().equals(to.config())) {
            throw new IllegalArgumentException("a state at another rate: "
                    + (before == null ? "layers beside the state space models remember something" : "the models differ")
                    + "; expected one model at two rates, whose memory is in state space models alone");
        }
        StreamState out = new StreamState(to.fingerprint(), new float[to.build().stateSize()], state.sums.clone(),
                new Cache[0], state.steps);
        out.failed = state.failed;
        for (int i = 0; i < now.size(); i++) {
            double[] states = before.get(i).steps().states(state.values, before.get(i).at());
            now.get(i).steps().keep(states, out.values, now.get(i).at());
        }
        return out;
    }
}
