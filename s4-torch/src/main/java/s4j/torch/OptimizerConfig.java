package s4j.torch;

import java.util.List;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * The optimizer ({@code optimizer.*}).
 *
 * @param name {@code adamw}, {@code adam} (L2 in the gradient) or {@code sgd}
 * @param lr learning rate of everything that names none of its own
 * @param weightDecay decay of everything that names none of its own; biases and norms have none
 * @param betas Adam's averages of gradient and squared gradient
 * @param eps Adam's floor of the root
 * @param momentum of SGD
 */
public record OptimizerConfig(@Key("_name_") @Default("adamw") Kind name,
        @Default("0.01") @Range(min = 0, max = 1e6) double lr,
        @Default("0.01") @Range(min = 0, max = 1e6) double weightDecay, @Default("[0.9, 0.999]") List<Double> betas,
        @Default("1e-8") @Range(min = 0, max = 1) double eps,
        @Default("0.0") @Range(min = 0, max = 1) double momentum) {
    public static final OptimizerConfig DEFAULTS = Defaults.of(OptimizerConfig.class);

    /** Kinds of optimizer. */
    public enum Kind {
        ADAMW, ADAM, SGD
    }

    /** Checks the two betas. */
    public OptimizerConfig {
        if (betas.size() != 2 || betas.stream().anyMatch(b -> !(b >= 0 && b < 1))) {
            throw new IllegalArgumentException("betas " + betas + "; expected two numbers in [0, 1)");
        }
        betas = List.copyOf(betas);
    }
}
