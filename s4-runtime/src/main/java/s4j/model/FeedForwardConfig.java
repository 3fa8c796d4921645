package s4j.model;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;
import s4j.model.S4LayerConfig.Activation;

/**
 * A position-wise feed-forward layer: y = W₂ dropout(f(W₁ x + b₁)) + b₂, each step by itself; {@code ffn} of the official
 * SequenceModel, and what SaShiMi has behind every S4 layer.
 *
 * @param name {@code ff}
 * @param expand width of the middle, as a factor of the model's
 * @param activation f; {@code glu} halves, so W₁ is twice as wide; null: none
 * @param dropout of the middle; null: the model's
 * @param tieDropout one mask for the whole sequence
 */
public record FeedForwardConfig(@Key("_name_") @Default("ff") String name,
        @Default("2") @Range(min = 1, max = 64) int expand, @Default("gelu") @Nullable Activation activation,
        @Range(min = 0, max = 0.999) @Nullable Double dropout, @Default("false") boolean tieDropout)
        implements
            LayerConfig {
    public static final FeedForwardConfig DEFAULTS = Defaults.of(FeedForwardConfig.class);

    /** Where the official code has W₁: a linear map alone, or one with its activation behind it. */
    public String inner() {
        return activation == null ? "ff.0" : "ff.0.0";
    }

    @Override
    public String title() { return "FF"; }
}
