package s4j.model;

import java.util.List;
import s4j.config.Key;

/**
 * From data to features ({@code encoder}).
 *
 * @param name {@code linear}: a projection to d_model; {@code id}: none; {@code embedding}: a table over tokens
 * @param classes what a sequence of tokens may be told to be, each with a row that is added to the features of every step: the token
 *     k of class c is the number k + d_input · c. The data set says them; none: sequences are told nothing
 */
public record EncoderConfig(@Key("_name_") Kind name, List<String> classes) {
    public static final EncoderConfig DEFAULTS = new EncoderConfig(Kind.LINEAR);

    /** Without classes. */
    public EncoderConfig(Kind name) { this(name, List.of()); }

    /** Classes are of tokens. */
    public EncoderConfig {
        classes = List.copyOf(classes);
        if (!classes.isEmpty() && name != Kind.EMBEDDING) {
            throw new IllegalArgumentException(
                    "encoder.classes: got " + classes + "; expected encoder=embedding, or none");
        }
    }

    /** Kinds of encoder. */
    public enum Kind {
        ID, LINEAR, EMBEDDING
    }
}
