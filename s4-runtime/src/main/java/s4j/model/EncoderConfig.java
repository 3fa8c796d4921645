package s4j.model;

import s4j.config.Key;

/**
 * From data to features ({@code encoder}).
 *
 * @param name {@code linear}: a projection to d_model; {@code id}: none; {@code embedding}: a table over tokens
 */
public record EncoderConfig(@Key("_name_") Kind name) {
    public static final EncoderConfig DEFAULTS = new EncoderConfig(Kind.LINEAR);

    /** Kinds of encoder. */
    public enum Kind {
        ID, LINEAR, EMBEDDING
    }
}
