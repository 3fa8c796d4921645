package s4j.model;

import s4j.config.Range;

/**
 * A whole network: what stands in every model file and what torch and runtime build from.
 *
 * @param dInput values per step, or tokens of an embedding
 * @param dOutput outputs, e.g. classes
 * @param lMax sequence length of the training data
 * @param encoder from data to features
 * @param model the backbone
 * @param decoder from features to outputs
 */
public record NetworkConfig(@Range(min = 1) int dInput, @Range(min = 1) int dOutput, @Range(min = 1) int lMax,
        EncoderConfig encoder, ModelConfig model, DecoderConfig decoder) {
    public static final NetworkConfig DEFAULTS = new NetworkConfig(1, 10, 784, EncoderConfig.DEFAULTS,
            BackboneConfig.DEFAULTS, DecoderConfig.DEFAULTS);
    /** Short sequences are padded to fill the usual pools. */
    private static final int SHORT = 64;

    /** Refuses pools that no sequence fills. */
    public NetworkConfig {
        if (decoder.steps() > 0 && (dOutput % decoder.steps() != 0 || decoder.steps() > lMax)) {
            throw new IllegalArgumentException(
                    "decoder.l_output: got %d; expected a divisor of the %d outputs, and at most the %d steps (l_max)"
                            .formatted(decoder.steps(), dOutput, lMax));
        }
        boolean adaptive = decoder.name() == DecoderConfig.Kind.ADAPTIVE;
        if (adaptive && (encoder.name() != EncoderConfig.Kind.ADAPTIVE || decoder.mode() != DecoderConfig.Mode.STEP
                || dInput != dOutput)) {
            throw new IllegalArgumentException("decoder: got adaptive in mode "
                    + decoder.mode().name().toLowerCase(java.util.Locale.ROOT)
                    + "; expected mode step behind an adaptive encoder of as many tokens. Write encoder=adaptive"
                    + " decoder=adaptive");
        }
        if (decoder.pairs() && (encoder.name() != EncoderConfig.Kind.EMBEDDING
                || decoder.mode() == DecoderConfig.Mode.STEP
                || !(model instanceof BackboneConfig b && b.pool() == null))) {
            throw new IllegalArgumentException("decoder: got retrieval in mode "
                    + decoder.mode().name().toLowerCase(java.util.Locale.ROOT) + " behind encoder "
                    + encoder.name().name().toLowerCase(java.util.Locale.ROOT)
                    + "; expected an embedding of tokens, a backbone without pools and a mode that pools time, e.g."
                    + " encoder=embedding decoder=retrieval");
        }
        boolean tokens = encoder.name() == EncoderConfig.Kind.EMBEDDING
                && decoder.name() == DecoderConfig.Kind.SEQUENCE;
        if (decoder.tied() && (!tokens || dInput != dOutput || decoder.zeroInit())) {
            throw new IllegalArgumentException(
                    "decoder.tied: got true; expected an embedding of as many tokens as there are outputs (%d and %d), and no zero_init"
                            .formatted(dInput, dOutput));
        }
        double pooled = switch (model) {
            case SashimiConfig s -> s.pool().stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
            case BackboneConfig b -> b.pool() == null ? 1 : Math.pow(b.pool().stride(), b.nLayers());
        };
        if (pooled > Math.max(lMax, SHORT)) {
            throw new IllegalArgumentException(
                    "model.pool: %.0f steps become one; expected at most the %d of a sequence (l_max)".formatted(pooled,
                            lMax));
        }
    }

    /** Steps of the longest sequence that the layers see. */
    public int layerLength() {
        return decoder.pairs() ? Math.ceilDiv(lMax, 2) : lMax;
    }

    /** The clusters of an adaptive encoder. */
    public Clusters clusters() {
        return new Clusters(dInput, encoder.cutoffs(), encoder.divVal(), model.dModel());
    }
}
