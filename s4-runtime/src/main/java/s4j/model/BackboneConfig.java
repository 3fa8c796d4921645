package s4j.model;

import org.jspecify.annotations.Nullable;
import s4j.config.Key;
import s4j.config.Range;

/**
 * The isotropic residual backbone ({@code model.*}).
 *
 * @param name {@code model}, the isotropic backbone
 * @param dModel features H
 * @param nLayers residual blocks
 * @param prenorm norm before the layer (true) or after the residual sum
 * @param norm kind of norm; null or {@code none}: no norm
 * @param finalNorm with prenorm, one more norm after the last block (the official backbone has it)
 * @param dropout of every residual branch, and of layers that name none
 * @param tieDropout one mask for the whole sequence
 * @param dropinp dropout of the input
 * @param residual {@code R} adds the input; null: no residual
 * @param nRepeat blocks before each pooling
 * @param pool pooling after every nRepeat blocks; null: none
 * @param layer the layer in each block
 */
public record BackboneConfig(@Key("_name_") String name, @Range(min = 1, max = 65536) int dModel,
        @Range(min = 1, max = 1024) int nLayers, boolean prenorm, @Nullable Norm norm, boolean finalNorm,
        @Range(min = 0, max = 0.999) double dropout, boolean tieDropout, @Range(min = 0, max = 0.999) double dropinp,
        @Nullable Residual residual, @Range(min = 1) int nRepeat, @Nullable PoolConfig pool, S4LayerConfig layer)
        implements
            ModelConfig {

    public static final BackboneConfig DEFAULTS = new BackboneConfig("model", 64, 4, true, Norm.LAYER, true, 0.0, false,
            0.0, Residual.R, 1, null, S4LayerConfig.DEFAULTS);

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
