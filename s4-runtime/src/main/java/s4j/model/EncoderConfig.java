package s4j.model;

import java.util.List;
import s4j.config.Key;
import s4j.config.Range;

/**
 * From data to features ({@code encoder}).
 *
 * @param name {@code linear}: a projection to d_model; {@code id}: none; {@code embedding}: a table over tokens; {@code adaptive}:
 *     tables of clusters, wide for frequent tokens and narrow for rare ones ({@link Clusters})
 * @param cutoffs of adaptive: where a cluster ends
 * @param divVal of adaptive: each cluster is so many times narrower than the one before
 */
public record EncoderConfig(@Key("_name_") Kind name, @Range(min = 1) List<Integer> cutoffs,
        @Range(min = 1, max = 64) int divVal) {
    public static final EncoderConfig DEFAULTS = new EncoderConfig(Kind.LINEAR);

    /** One that has no clusters. */
    public EncoderConfig(Kind name) { this(name, List.of(), 1); }

    /** Keeps a copy. */
    public EncoderConfig {
        cutoffs = List.copyOf(cutoffs);
        if (name != Kind.ADAPTIVE && !cutoffs.isEmpty()) {
            throw new IllegalArgumentException("cutoffs: got " + cutoffs + " for encoder "
                    + name.name().toLowerCase(java.util.Locale.ROOT) + "; expected none. Write encoder=adaptive");
        }
    }

    /** Whether steps are tokens. */
    public boolean tokens() { return name == Kind.EMBEDDING || name == Kind.ADAPTIVE; }

    /** Kinds of encoder. */
    public enum Kind {
        ID, LINEAR, EMBEDDING, ADAPTIVE
    }
}
