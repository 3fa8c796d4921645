package s4j.model;

import org.jspecify.annotations.Nullable;
import s4j.config.Key;
import s4j.config.Range;

/**
 * From features to outputs ({@code decoder}): a pooling over time, then a projection.
 *
 * @param name {@code sequence}, or {@code id} for the features themselves; {@code adaptive}: the softmax over the clusters of
 *     an adaptive encoder, with its tables; {@code retrieval}: two texts, one after the other in a sequence, go through the network
 *     each for itself (two towers of the same weights); u and v pooled, the outputs are a ReLU network of [u, v, u v, u − v]
 * @param mode {@code pool} (mean over time), {@code last}, {@code first}, {@code sum}, {@code ragged} (one output at each
 *     sequence's own last step), {@code step} (one output per step)
 * @param lOutput with mode last: how many last steps have an output each, side by side in the network's; 0: the last alone; null:
 *     what the data set says, i.e. the horizon where it stands masked behind the context
 * @param zeroInit whether its weights start at 0, so that outputs start where the objective does, whatever the features are: a
 *     forecast then starts at what was taken out of its window
 * @param tied whether the projection's weights are the encoder's table of embeddings, which is then drawn with variance 1 / d and
 *     multiplied by √d where tokens come in (Press and Wolf 2017)
 */
public record DecoderConfig(@Key("_name_") Kind name, Mode mode, @Range(min = 0) @Nullable Integer lOutput,
        boolean zeroInit, boolean tied) {
    public static final DecoderConfig DEFAULTS = new DecoderConfig(Kind.SEQUENCE, Mode.POOL);

    /** Without steps that have an output each. */
    public DecoderConfig(Kind name, Mode mode) {
        this(name, mode, null, false, false);
    }

    /** Steps are the last ones. */
    public DecoderConfig {
        if (lOutput != null && lOutput > 0 && (mode != Mode.LAST || name != Kind.SEQUENCE)) {
            throw new IllegalArgumentException("decoder.l_output: got " + lOutput
                    + "; expected decoder.mode=last, as outputs are of the last steps");
        }
    }

    /** Whether a sequence is two texts, each padded with token 0 to half of it. */
    public boolean pairs() {
        return name == Kind.RETRIEVAL;
    }

    /** Last steps with an output each; 0: none. */
    public int steps() { return lOutput == null ? 0 : lOutput; }

    /** Kinds of decoder. */
    public enum Kind {
        ID, SEQUENCE, ADAPTIVE, RETRIEVAL
    }

    /** How time is pooled. */
    public enum Mode {
        POOL, LAST, FIRST, SUM, RAGGED, STEP
    }
}
