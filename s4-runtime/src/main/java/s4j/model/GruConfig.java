package s4j.model;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * A gated recurrent unit of as many cells as the model has features.
 *
 * <pre>
 *   r, z = σ(W x + b + U h + c)   n = tanh(W x + b + r (U h + c))   h' = (1 − z) n + z h
 * </pre>
 *
 * <p>Source: Cho et al. (2014) in the form of PyTorch's {@code nn.GRU}: r multiplies after U.
 *
 * @param name {@code gru}
 * @param dropout of the input, never of the recurrence (Zaremba et al. 2014); null: the model's
 */
public record GruConfig(@Key("_name_") @Default("gru") String name,
        @Range(min = 0, max = 0.999) @Nullable Double dropout) implements LayerConfig {
    public static final GruConfig DEFAULTS = Defaults.of(GruConfig.class);

    @Override
    public String title() { return "GRU"; }
}
