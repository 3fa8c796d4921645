package s4j.model;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Multi-head attention: softmax(q kᵀ / √d) v of each head, d = features / heads. With a norm before it and a feed-forward
 * layer behind it ({@code layer: [attention, ff]}, {@code model=transformer}) it is the pre-norm Transformer.
 *
 * <p>Source: Vaswani et al. (2017); rotary positions: Su et al. (2021), halves of a head rotated against each other, base
 * 10,000, positions times the sampling rate.
 *
 * @param name {@code attention}
 * @param nHeads heads; they divide the features
 * @param causal whether a step sees itself and earlier ones alone; else it cannot stream
 * @param positions how a step knows where it is
 * @param lMax rows of a learned table, hence the longest sequence; null: the data set's length
 * @param window causal: steps that are seen, the newest among them, which bounds memory and time of a streamed step; null: all
 * @param dropout of the weights; null: the model's
 */
public record AttentionConfig(@Key("_name_") @Default("attention") String name,
        @Default("4") @Range(min = 1, max = 1024) int nHeads, @Default("true") boolean causal,
        @Default("rotary") Positions positions, @Range(min = 1, max = 1 << 24) @Nullable Integer lMax,
        @Range(min = 1, max = 1 << 24) @Nullable Integer window,
        @Range(min = 0, max = 0.999) @Nullable Double dropout) implements LayerConfig {
    public static final AttentionConfig DEFAULTS = Defaults.of(AttentionConfig.class);
    /** Base of the rotary angles: the i-th pair of d/2 turns by base^(−2i/d) a step. */
    public static final double BASE = 10_000;

    /** Rotations of queries and keys, a learned row added to the layer's input, or nothing. */
    public enum Positions {
        ROTARY, LEARNED, NONE
    }

    /** A window is of the past. */
    public AttentionConfig {
        if (window != null && !causal) {
            throw new IllegalArgumentException("window: got " + window
                    + " with causal false; expected null, or causal true");
        }
    }

    /** Features of one head; refuses heads that do not divide the features, and odd ones that cannot be rotated. */
    public int headOf(int features) {
        if (features % nHeads != 0) {
            throw new IllegalArgumentException(
                    "n_heads: got %d; expected a divisor of the %d features".formatted(nHeads, features));
        }
        int head = features / nHeads;
        if (positions == Positions.ROTARY && head % 2 != 0) {
            throw new IllegalArgumentException(
                    "n_heads: got %d, heads of %d features; expected an even number to rotate, or positions learned or none"
                            .formatted(nHeads, head));
        }
        return head;
    }

    @Override
    public String title() { return "Attention"; }
}
