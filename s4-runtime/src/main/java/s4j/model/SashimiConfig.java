package s4j.model;

import java.util.List;
import java.util.Locale;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * SaShiMi ({@code model._name_: sashimi}): S4 blocks and feed-forward blocks at several resolutions. Each stage of
 * {@code pool} divides the length and multiplies the width by {@code expand}; on the way up the length returns, shifted one
 * pooled step to the right so that no output sees a later input.
 *
 * <p>Source: Goel, Gu, Donahue, Ré, It's Raw! Audio Generation with State-Space Models (2022), section 4.
 *
 * @param name {@code sashimi}
 * @param dModel features H of the first stage
 * @param nLayers S4 blocks, each followed by a feed-forward block, per stage
 * @param pool factor of the length, stage by stage; empty: one resolution
 * @param expand factor of the width at each pooling
 * @param ff width of the feed-forward blocks' middle, as a factor of the stage's; 0: no feed-forward blocks
 * @param norm before each block: {@code layer}, as in the official models/sashimi, or {@code scalar_layer}, as in the
 *     official src/; the last norm is a layer norm in both
 * @param unet S4 and feed-forward blocks also on the way down
 * @param dropout of every residual branch, and of layers that name none
 * @param dropinp dropout of the input
 * @param layer the S4 layer in each block
 */
public record SashimiConfig(@Key("_name_") @Default("sashimi") String name,
        @Default("64") @Range(min = 1, max = 65536) int dModel, @Default("8") @Range(min = 1, max = 1024) int nLayers,
        @Default("[4, 4]") @Range(min = 2, max = 65536) List<Integer> pool,
        @Default("2") @Range(min = 1, max = 64) int expand, @Default("2") @Range(min = 0, max = 64) int ff,
        @Default("layer") BackboneConfig.Norm norm, @Default("false") boolean unet,
        @Default("0") @Range(min = 0, max = 0.999) double dropout,
        @Default("0") @Range(min = 0, max = 0.999) double dropinp, S4LayerConfig layer) implements ModelConfig {
    public static final SashimiConfig DEFAULTS = Defaults.of(SashimiConfig.class);

    /** Keeps a copy of the list; norms that look at other steps have no place in the stages. */
    public SashimiConfig {
        if (norm != BackboneConfig.Norm.LAYER && norm != BackboneConfig.Norm.SCALAR_LAYER) {
            throw new IllegalArgumentException("norm: got " + norm.name().toLowerCase(Locale.ROOT)
                    + "; SaShiMi's blocks have layer or scalar_layer");
        }
        pool = List.copyOf(pool);
    }

    /** Steps that one step of the innermost stage stands for; chunks of any size are allowed, whole sequences are padded. */
    public int totalPool() {
        return pool.stream().reduce(1, Math::multiplyExact);
    }

    @Override
    public List<LayerConfig> layers() {
        return ff == 0
                ? List.of(layer)
                : List.of(layer, new FeedForwardConfig("ff", ff, S4LayerConfig.Activation.GELU, null, false));
    }

    @Override
    public String title() { return "SaShiMi" + (unet ? " U-Net" : "") + " of " + layer.title(); }

    @Override
    public String word() { return name; }
}
