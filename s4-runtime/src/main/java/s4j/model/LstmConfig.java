package s4j.model;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * A long short-term memory of as many cells as the model has features.
 *
 * <pre>
 *   i, f, o = σ(W x + b + U h + c)   g = tanh(W x + b + U h + c)   c' = f c + i g   h' = o tanh(c')
 * </pre>
 *
 * <p>Source: Hochreiter, Schmidhuber (1997), with the forget gate of Gers et al. (2000); order of gates and both biases as in
 * PyTorch's {@code nn.LSTM}.
 *
 * @param name {@code lstm}
 * @param dropout of the input, never of the recurrence (Zaremba et al. 2014); null: the model's
 */
public record LstmConfig(@Key("_name_") @Default("lstm") String name,
        @Range(min = 0, max = 0.999) @Nullable Double dropout) implements LayerConfig {
    public static final LstmConfig DEFAULTS = Defaults.of(LstmConfig.class);

    @Override
    public String title() { return "LSTM"; }
}
