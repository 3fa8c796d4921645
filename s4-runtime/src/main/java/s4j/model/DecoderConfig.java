package s4j.model;

import s4j.config.Key;

/**
 * From features to outputs ({@code decoder}): a pooling over time, then a projection.
 *
 * @param name {@code sequence}, or {@code id} for the features themselves
 * @param mode {@code pool} (mean over time), {@code last}, {@code first}, {@code sum}, {@code ragged} (one output at each
 *     sequence's own last step), {@code step} (one output per step)
 */
public record DecoderConfig(@Key("_name_") Kind name, Mode mode) {
    public static final DecoderConfig DEFAULTS = new DecoderConfig(Kind.SEQUENCE, Mode.POOL);

    /** Kinds of decoder. */
    public enum Kind {
        ID, SEQUENCE
    }

    /** How time is pooled. */
    public enum Mode {
        POOL, LAST, FIRST, SUM, RAGGED, STEP
    }
}
