package s4j.model;

import java.util.List;
import s4j.config.Key;
import s4j.config.Range;

/**
 * From data to features ({@code encoder}).
 *
 * @param name {@code linear}: a projection to d_model; {@code id}: none; {@code embedding}: a table over tokens; {@code adaptive}:
 *     tables of clusters, wide for frequent tokens and narrow for rare ones ({@link Clusters})
 * @param classes what a sequence of tokens may be told to be, each with a row that is added to the features of every step: the token
 *     k of class c is the number k + d_input · c. The data set says them; none: sequences are told nothing
 * @param parts how many equal parts of a sequence have such a row of their own, for each class: part p of class c is the row c · parts + p
 * @param cutoffs of adaptive: where a cluster ends
 * @param divVal of adaptive: each cluster is so many times narrower than the one before
 */
public record EncoderConfig(@Key("_name_") Kind name, List<String> classes, @Range(min = 1, max = 1024) int parts,
        @Range(min = 1) List<Integer> cutoffs, @Range(min = 1, max = 64) int divVal) {
    public static final EncoderConfig DEFAULTS = new EncoderConfig(Kind.LINEAR);

    /** Without classes and clusters. */
    public EncoderConfig(Kind name) { this(name, List.of(), 1, List.of(), 1); }

    /** Classes are of tokens, clusters of the adaptive tables. */
    public EncoderConfig {
        classes = List.copyOf(classes);
        cutoffs = List.copyOf(cutoffs);
        if (!classes.isEmpty() && name != Kind.EMBEDDING) {
            throw new IllegalArgumentException(
                    "encoder.classes: got " + classes + "; expected encoder=embedding, or none");
        }
        if (name != Kind.ADAPTIVE && !cutoffs.isEmpty()) {
            throw new IllegalArgumentException("cutoffs: got " + cutoffs + " for encoder "
                    + name.name().toLowerCase(java.util.Locale.ROOT) + "; expected none. Write encoder=adaptive");
        }
    }

    /** The same, told these classes in so many parts. */
    public EncoderConfig told(List<String> others, int inParts) {
        return new EncoderConfig(name, others, inParts, cutoffs, divVal);
    }

    /** Rows of the table of classes. */
    public int rows() { return classes.size() * parts; }

    /** The row of a class at step t of {@code steps}, the last part's behind them. */
    public static int row(int of, int parts, long t, long steps) {
        return of * parts + (int) Math.min(parts - 1, parts * t / steps);
    }

    /** Whether steps are tokens. */
    public boolean tokens() { return name == Kind.EMBEDDING || name == Kind.ADAPTIVE; }

    /** Kinds of encoder. */
    public enum Kind {
        ID, LINEAR, EMBEDDING, ADAPTIVE
    }
}
