package s4j.train.config;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Range;

/**
 * What a chunk of text goes on from in training ({@code train.state.*}, in the official words). Gradients end where a chunk
 * begins.
 *
 * @param mode {@code none}: nothing; {@code tbptt}: the states after the chunk before it; {@code reset}: the same, but anew after
 *     each n_context + 1 chunks; {@code bptt}: the n_context chunks before it are read again with the parameters of now
 * @param nContext chunks of context
 * @param nContextEval the same for validation and test; null: of tbptt all that came before, else n_context
 */
public record StateConfig(@Default("none") Mode mode, @Default("0") @Range(min = 0, max = 1_000_000) int nContext,
        @Range(min = 0, max = 1_000_000) @Nullable Integer nContextEval) {
    public static final StateConfig DEFAULTS = Defaults.of(StateConfig.class);

    /** Modes. */
    public enum Mode {
        NONE, RESET, BPTT, TBPTT
    }

    /** Refuses a context that its mode has no use for. */
    public StateConfig {
        if (nContext > 0 && (mode == Mode.NONE || mode == Mode.TBPTT)) {
            throw new IllegalArgumentException("n_context: got " + nContext + " with mode "
                    + mode.name().toLowerCase(java.util.Locale.ROOT) + "; expected 0. Write mode reset or bptt");
        }
        if (nContext == 0 && (mode == Mode.RESET || mode == Mode.BPTT)) {
            throw new IllegalArgumentException("n_context: got 0 with mode "
                    + mode.name().toLowerCase(java.util.Locale.ROOT) + "; expected 1 or more chunks");
        }
    }

    /** Whether a chunk goes on from something. */
    public boolean carries() { return mode != Mode.NONE; }
}
