package s4j.flink;

import java.io.Serializable;

/**
 * What a stream does where readings are missing between two: their number is the time between them in steps, rounded, less one.
 *
 * @param rule what to do
 * @param step milliseconds between two readings
 * @param most of HOLD and SCALE: missing readings that count at most, so that a year's silence costs no year's steps, and models of few rates are kept;
 *     of RESET: missing readings from which on it forgets
 */
public record Gap(Rule rule, long step, int most) implements Serializable {
    /** Readings come when they come: nothing is ever missing. */
    public static final Gap NONE = new Gap(Rule.NONE, 1, 0);

    /** What to do. */
    public enum Rule {
        /** Nothing. */
        NONE,
        /** Takes the last reading again for each that is missing. */
        HOLD,
        /**
         * Takes the next reading with dt scaled by the time since the last one: the state space model's own answer, one step however long the gap is.
         * Only for models all of whose memory is in state space models.
         */
        SCALE,
        /** Begins anew after a long gap. */
        RESET
    }

    /** Checks the numbers. */
    public Gap {
        if (step < 1 || most < 0) {
            throw new IllegalArgumentException(
                    "gap: step %d ms, most %d; expected a step of at least 1, and none below 0"
                            .formatted(step, most));
        }
    }

    /** Readings that are missing between two times. */
    long missing(long before, long now) {
        return rule == Rule.NONE ? 0 : Math.max(0, Math.round((double) (now - before) / step) - 1);
    }

    /** The rule of each key. */
    @FunctionalInterface
    public interface ByKey extends Serializable {
        /** Of this key. */
        Gap of(String key);
    }
}
