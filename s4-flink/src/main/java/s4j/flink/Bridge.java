package s4j.flink;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.stream.NotFiniteException;
import s4j.stream.Rates;
import s4j.stream.S4Model;
import s4j.stream.StreamState;

/** What streams do where readings are missing, before the next one is stepped. For one subtask. */
final class Bridge {
    private final StreamModel model;
    private final Gap.ByKey gaps;
    private final Map<Long, Crossing> crossings = new HashMap<>();

    /**
     * For streams of a model.
     *
     * @param gaps the rule of each key
     */
    Bridge(StreamModel model, Gap.ByKey gaps) {
        this.model = model;
        this.gaps = gaps;
    }

    /** A gap of one size: to the model at its rate and back, over a state that no key keeps. */
    private record Crossing(S4Model wide, Rates there, Rates back, StreamState state) {
        static Crossing of(S4Model one, S4Model wide) {
            return new Crossing(wide, Rates.of(one, wide), Rates.of(wide, one), wide.newState());
        }
    }

    /** A reading that was stepped over a gap: its outputs, and whether they are finite. */
    @SuppressWarnings("ArrayRecordComponent") // filled once, then read
    record Scaled(float[] y, boolean finite) {}

    /** Does what the key's rule says; where that is a step of the reading itself, gives its outputs, else null. */
    @Nullable
    Scaled over(LiveStream s, Reading r) {
        Gap gap = gaps.of(Objects.requireNonNull(r.key()));
        long missing = s.begun() ? gap.missing(s.time, r.time()) : 0;
        if (missing == 0) {
            return null;
        }
        switch (gap.rule()) {
            case SCALE -> {
                return scaled(s, r, Math.min(missing, gap.most()));
            }
            case RESET -> {
                if (missing >= gap.most()) {
                    s.state.reset();
                }
            }
            case HOLD -> hold(s, Math.min(missing, gap.most()));
            case NONE -> {
            }
        }
        return null;
    }

    private void hold(LiveStream s, long steps) {
        float[] x = new float[model.network().dInput()];
        float[] y = new float[model.network().dOutput()];
        model.input(s.last, x, 0);
        try {
            for (long i = 0; i < steps; i++) {
                model.network().step(s.state, x, y);
            }
        } catch (NotFiniteException e) {
            s.state.reset(); // nothing is left to go on from
        }
    }

    private @Nullable Scaled scaled(LiveStream s, Reading r, long missing) {
        if (missing == 0) {
            return null;
        }
        S4Model one = model.network();
        Crossing over = crossings.computeIfAbsent(missing + 1, g -> Crossing.of(one, model.at(g)));
        over.there.carry(s.state, over.state);
        float[] x = new float[one.dInput()];
        float[] y = new float[one.dOutput()];
        model.input(Objects.requireNonNull(r.values()), x, 0);
        boolean finite = true;
        try {
            over.wide.step(over.state, x, y);
        } catch (NotFiniteException e) {
            finite = false;
        }
        over.back.carry(over.state, s.state);
        return new Scaled(y, finite);
    }
}
