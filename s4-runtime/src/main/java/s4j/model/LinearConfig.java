package s4j.model;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;
import s4j.model.S4LayerConfig.Activation;

/**
 * One linear map a step, y = f(W dropout(x) + b), each step by itself: the least that a layer can be.
 *
 * @param name {@code linear}
 * @param activation f; null: none
 * @param dropout of the input; null: the model's
 */
public record LinearConfig(@Key("_name_") @Default("linear") String name, @Nullable Activation activation,
        @Range(min = 0, max = 0.999) @Nullable Double dropout) implements LayerConfig {
    public static final LinearConfig DEFAULTS = Defaults.of(LinearConfig.class);

    /** Refuses what would halve the features. */
    public LinearConfig {
        if (activation == Activation.GLU) {
            throw new IllegalArgumentException("activation: got glu, which halves the features; expected another");
        }
    }

    @Override
    public String title() { return "Linear"; }
}
