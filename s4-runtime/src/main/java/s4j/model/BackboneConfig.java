package s4j.model;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * The isotropic residual backbone ({@code model.*}).
 *
 * @param name {@code model}, the isotropic backbone
 * @param dModel features H
 * @param nLayers how often the layers are repeated, each in a residual block of its own
 * @param prenorm norm before the layer (true) or after the residual sum
 * @param norm kind of norm; null or {@code none}: no norm
 * @param finalNorm with prenorm, one more norm after the last block (the official backbone has it)
 * @param dropout of every residual branch, and of layers that name none
 * @param tieDropout one mask for the whole sequence
 * @param dropinp dropout of the input
 * @param residual {@code R} adds the input; null: no residual
 * @param nRepeat blocks before each pooling
 * @param pool pooling after every nRepeat blocks; null: none
 * @param layer the layers that are repeated, one or more: {@code layer: [s4, s4, ff]}
 */
public record BackboneConfig(@Key("_name_") @Default("model") String name,
        @Default("64") @Range(min = 1, max = 65536) int dModel, @Default("4") @Range(min = 1, max = 1024) int nLayers,
        @Default("true") boolean prenorm, @Default("layer") @Nullable Norm norm, @Default("true") boolean finalNorm,
        @Default("0") @Range(min = 0, max = 0.999) double dropout, @Default("false") boolean tieDropout,
        @Default("0") @Range(min = 0, max = 0.999) double dropinp, @Default("R") @Nullable Residual residual,
        @Default("1") @Range(min = 1) int nRepeat, @Nullable PoolConfig pool, List<LayerConfig> layer)
        implements
            ModelConfig {

    public static final BackboneConfig DEFAULTS = Defaults.of(BackboneConfig.class);

    /** Keeps a copy of the list, which must not be empty. */
    public BackboneConfig {
        if (layer.isEmpty()) {
            throw new IllegalArgumentException("layer: got []; expected one or more, e.g. [s4, s4, ff]");
        }
        layer = List.copyOf(layer);
    }

    @Override
    public List<LayerConfig> layers() { return layer; }

    /** Blocks of the whole stack: the layers, repeated n_layers · n_repeat times. */
    public int blocks() {
        return Math.multiplyExact(Math.multiplyExact(nLayers, nRepeat), layer.size());
    }

    /** The layer of the i-th block. */
    public LayerConfig layer(int i) { return layer.get(i % layer.size()); }

    @Override
    public String title() { return ModelConfig.join(layer, " + "); }

    @Override
    public String word() { return ModelConfig.join(layer, "-").toLowerCase(Locale.ROOT); }

    /**
     * Normalisations over features (layer, scalar_layer), over batch and time (batch), or over time (instance).
     *
     * <p>{@code scalar_layer} has one shift m and one scale s for all features: y = s (x − μ + m) / σ, σ and μ over the
     * features of a step, nothing added to σ but a least value of 1e-6. With m = 0 it is a layer norm whose weights are all s,
     * without its 1e-5 below the root. It is what the official src/ makes of {@code norm: layer} with {@code transposed:
     * true} (TransposedLN). It has a word of its own because {@code transposed} says there how arrays lie, which means
     * nothing here, changes no other norm, and makes an ordinary layer norm in the official models/sashimi.
     */
    public enum Norm {
        LAYER, BATCH, INSTANCE, NONE, SCALAR_LAYER
    }

    /** Residual connections. */
    public enum Residual {
        @Key("R")
        R, NONE
    }
}
