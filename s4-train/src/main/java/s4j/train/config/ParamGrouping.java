package s4j.train.config;

/**
 * Which parameters decay that usually do not ({@code train.optimizer_param_grouping.*}).
 *
 * @param biasWeightDecay biases and embeddings decay as weights do
 * @param normalizationWeightDecay the weights and biases of norms decay too
 */
public record ParamGrouping(boolean biasWeightDecay, boolean normalizationWeightDecay) {
    public static final ParamGrouping DEFAULTS = new ParamGrouping(false, false);
}
