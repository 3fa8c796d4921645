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

    /** Normalisations over features (layer), over batch and time (batch), or over time (instance). */
    public enum Norm {
        LAYER, BATCH, INSTANCE, NONE
    }

    /** Residual connections. */
    public enum Residual {
        @Key("R")
        R, NONE
    }
}
