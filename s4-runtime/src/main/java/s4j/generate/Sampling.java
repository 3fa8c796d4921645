package s4j.generate;

/**
 * How a token is drawn from a model's scores z: p_i ∝ exp(z_i / temperature), restricted to the {@code topK} most likely
 * tokens, then to the fewest most likely ones whose probabilities sum to {@code topP}. Of equally likely tokens the lower
 * comes first.
 *
 * @param temperature 1: the model's distribution; less is more certain; 0: always the most likely token
 * @param topP above 0, up to 1 (no restriction)
 * @param topK tokens; 0: no restriction
 * @param penalty makes tokens of the window before less likely: positive scores are divided by it, negative ones multiplied (Keskar
 *     et al., CTRL, 2019); 1: not
 * @param window how many tokens before count for it
 */
public record Sampling(double temperature, double topP, int topK, double penalty, int window) {
    /** The model's own distribution. */
    public static final Sampling DEFAULTS = new Sampling(1, 1, 0);

    /** Without a penalty for what stood before. */
    public Sampling(double temperature, double topP, int topK) {
        this(temperature, topP, topK, 1, 0);
    }

    /** Checks the ranges. */
    public Sampling {
        if (!(temperature >= 0 && temperature <= 1000)) {
            throw new IllegalArgumentException("temperature " + temperature + "; expected 0 to 1000, usually 0.5 to 1");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p " + topP + "; expected a number above 0, up to 1");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k " + topK + "; expected 1 or more, or 0 for no restriction");
        }
        if (!(penalty >= 1 && penalty <= 1000) || window < 0) {
            throw new IllegalArgumentException("repetition penalty " + penalty + " over " + window
                    + " tokens; expected 1 (none) to 1000, usually 1.1 to 1.5, over 0 or more");
        }
    }

    /** Whether there is no choice. */
    boolean greedy() { return temperature == 0 || topK == 1; }

    /** Whether tokens can be left out. */
    boolean restricts(int tokens) {
        return topP < 1 || (topK > 0 && topK < tokens);
    }
}
