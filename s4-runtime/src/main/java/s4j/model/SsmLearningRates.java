package s4j.model;

import org.jspecify.annotations.Nullable;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Learning rates of the SSM parameters; null means the optimizer's own rate, 0 means frozen. In files either one number
 * for all of A, B, dt ({@code lr: 0.001}) or a map ({@code lr: {dt: null, A: 0.001, B: 0.001}}).
 *
 * @param a rate of A (real and imaginary part) and of the low-rank factor P
 * @param b rate of B
 * @param c rate of C
 * @param dt rate of the step size parameter
 */
public record SsmLearningRates(@Key("A") @Range(min = 0, max = 1e6) @Nullable Double a,
        @Key("B") @Range(min = 0, max = 1e6) @Nullable Double b,
        @Key("C") @Range(min = 0, max = 1e6) @Nullable Double c,
        @Range(min = 0, max = 1e6) @Nullable Double dt) {

    public static final SsmLearningRates DEFAULTS = of(0.001);

    /** One rate for A, B, P and dt; C follows the optimizer, as in the official code. */
    public static SsmLearningRates of(double rate) {
        return new SsmLearningRates(rate, rate, null, rate);
    }
}
