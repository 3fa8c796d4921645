package s4j.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;
import s4j.model.S4LayerConfig.Activation;

/**
 * A temporal convolutional network: dilated causal convolutions one after the other, each with a residual.
 *
 * <pre>
 *   z ← z + dropout(f(b + Σ_j W_j z_(t − (k−1−j) d)))   for each dilation d
 * </pre>
 *
 * <p>It sees 1 + (k − 1) Σ d steps: 256 with the defaults. Source: WaveNet (van den Oord et al. 2016); Bai et al. (2018),
 * here with the backbone's norm instead of weight norm.
 *
 * @param name {@code tcn}
 * @param kernelSize k, steps that one convolution sees
 * @param dilations d of each convolution
 * @param activation f; null: none
 * @param dropout of every convolution's output; null: the model's
 */
public record TcnConfig(@Key("_name_") @Default("tcn") String name,
        @Default("4") @Range(min = 1, max = 1024) int kernelSize,
        @Default("[1, 4, 16, 64]") @Range(min = 1, max = 65536) List<Integer> dilations,
        @Default("relu") @Nullable Activation activation, @Range(min = 0, max = 0.999) @Nullable Double dropout)
        implements
            LayerConfig {
    public static final TcnConfig DEFAULTS = Defaults.of(TcnConfig.class);

    /** Refuses what would halve the features, and a network of nothing. */
    public TcnConfig {
        if (activation == Activation.GLU) {
            throw new IllegalArgumentException("activation: got glu, which halves the features; expected another");
        }
        if (dilations.isEmpty()) {
            throw new IllegalArgumentException("dilations: got []; expected one or more, e.g. [1, 4, 16, 64]");
        }
        dilations = List.copyOf(dilations);
    }

    /** Earlier steps that the i-th convolution looks at: (k − 1) d. */
    public int past(int i) {
        return Math.multiplyExact(kernelSize - 1, dilations.get(i));
    }

    @Override
    public String title() { return "TCN"; }
}
