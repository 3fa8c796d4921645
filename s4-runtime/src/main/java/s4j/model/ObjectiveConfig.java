package s4j.model;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import s4j.config.Key;
import s4j.config.Range;

/**
 * What training makes small ({@code task.loss}), and so what a network's outputs mean: {@code _name_} chooses. Its
 * mathematics with gradients is {@code s4j.torch.objective}; {@link Outputs} reads trained outputs.
 */
public sealed interface ObjectiveConfig {
    /** The objective's word. */
    String name();

    /** Numbers of the network for each number that is predicted, e.g. a mean and a spread. */
    default int parameters() {
        return 1;
    }

    /**
     * Where the outputs of a number start in training: at its usual level 0 with a spread of 1, not where random weights happen to
     * lie. As many as {@link #parameters}.
     */
    default double[] start() { return new double[parameters()]; }

    /**
     * Outputs a network needs for such targets.
     *
     * @throws IllegalArgumentException when the objective is none for them
     */
    default int outputs(TargetSpec targets) {
        if (targets instanceof TargetSpec.Values v) {
            return Math.multiplyExact(Math.multiplyExact(v.steps(), v.features()), parameters());
        }
        throw unfit(targets, "mse, mae, huber, gaussian, student_t or quantile are for numbers; for classes use "
                + "cross_entropy");
    }

    private IllegalArgumentException unfit(TargetSpec targets, String advice) {
        return new IllegalArgumentException("loss: got %s for targets that are %s; %s".formatted(name(),
                targets.name().replace('_', ' ').toLowerCase(Locale.ROOT), advice));
    }

    /**
     * −ln p(class), p = softmax(outputs).
     *
     * @param name {@code cross_entropy}
     * @param labelSmoothing share ε of the target that is spread evenly over all classes
     * @param classWeights weight of each class in the mean; null: all 1
     * @param balanced weighs each class by n / (classes · its count in the training split)
     */
    record CrossEntropy(@Key("_name_") String name, @Range(min = 0, max = 0.999) double labelSmoothing,
            @Range(min = 0) @Nullable List<Double> classWeights, boolean balanced) implements ObjectiveConfig {
        public static final CrossEntropy DEFAULTS = new CrossEntropy("cross_entropy", 0, null, false);

        /** Keeps a copy. */
        public CrossEntropy {
            if (balanced && classWeights != null) {
                throw new IllegalArgumentException("balanced: got true beside class_weights; expected one of the two");
            }
            classWeights = classWeights == null ? null : List.copyOf(classWeights);
        }

        @Override
        public int outputs(TargetSpec targets) {
            int classes = switch (targets) {
                case TargetSpec.Classes c -> c.names().size();
                case TargetSpec.StepClasses s -> s.count();
                case TargetSpec.Values v -> throw ((ObjectiveConfig) this).unfit(targets,
                        "cross_entropy is for classes; expected e.g. mse. Write task=regression");
            };
            if (classWeights != null && classWeights.size() != classes) {
                throw new IllegalArgumentException("class_weights: got %d; expected one for each of %d classes"
                        .formatted(classWeights.size(), classes));
            }
            return classes;
        }
    }

    /**
     * −y ln σ(z) − (1 − y) ln(1 − σ(z)): of two classes with one output, the log odds of class 1; or of numbers that are each
     * 0, 1 or between.
     *
     * @param name {@code binary_cross_entropy}
     */
    record BinaryCrossEntropy(@Key("_name_") String name) implements ObjectiveConfig {
        public static final BinaryCrossEntropy DEFAULTS = new BinaryCrossEntropy("binary_cross_entropy");

        @Override
        public int outputs(TargetSpec targets) {
            return switch (targets) {
                case TargetSpec.Classes c when c.names().size() == 2 -> 1;
                case TargetSpec.Classes c -> throw ((ObjectiveConfig) this).unfit(targets,
                        "it is for two classes, there are " + c.names().size() + "; use cross_entropy");
                case TargetSpec.StepClasses s -> throw ((ObjectiveConfig) this).unfit(targets, "use cross_entropy");
                case TargetSpec.Values v -> Math.multiplyExact(v.steps(), v.features());
            };
        }
    }

    /** (v − y)². */
    record Mse(@Key("_name_") String name) implements ObjectiveConfig {
        public static final Mse DEFAULTS = new Mse("mse");
    }

    /** |v − y|. */
    record Mae(@Key("_name_") String name) implements ObjectiveConfig {
        public static final Mae DEFAULTS = new Mae("mae");
    }

    /**
     * ½ e² where |e| ≤ δ, else δ (|e| − δ/2).
     *
     * @param name {@code huber}
     * @param delta δ, in units of the normalised target
     */
    record Huber(@Key("_name_") String name, @Range(min = 1e-9) double delta) implements ObjectiveConfig {
        public static final Huber DEFAULTS = new Huber("huber", 1);
    }

    /** −ln N(v; μ, σ²) with the outputs μ and r, σ = softplus(r) + {@value Outputs#LEAST_SCALE}. */
    record Gaussian(@Key("_name_") String name) implements ObjectiveConfig {
        public static final Gaussian DEFAULTS = new Gaussian("gaussian");

        @Override
        public int parameters() { return 2; }

        @Override
        public double[] start() { return new double[]{0, Outputs.inverseSoftplus(1)}; }
    }

    /**
     * −ln t(v; μ, σ, ν) with the outputs μ, r and s, σ as in {@link Gaussian}, ν = 2 + softplus(s): tails that a few outliers do
     * not frighten.
     */
    record StudentT(@Key("_name_") String name) implements ObjectiveConfig {
        public static final StudentT DEFAULTS = new StudentT("student_t");

        /** Degrees of freedom 8 at the start, the scale for a spread of 1. */
        @Override
        public double[] start() {
            return new double[]{0, Outputs.inverseSoftplus(Math.sqrt(0.75)), Outputs.inverseSoftplus(6)};
        }

        @Override
        public int parameters() { return 3; }
    }

    /**
     * The mean over levels of the pinball loss max(q e, (q − 1) e), e = v − v_q. The first output is the lowest quantile, each
     * further one adds softplus(output) to the one below, so that quantiles never cross.
     *
     * @param name {@code quantile}
     * @param levels q, ascending
     */
    record Quantile(@Key("_name_") String name, @Range(min = 1e-6, max = 0.999999) List<Double> levels)
            implements
                ObjectiveConfig {
        public static final Quantile DEFAULTS = new Quantile("quantile", List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8,
                0.9));

        /** Checks the order. */
        public Quantile {
            for (int i = 0; i < levels.size(); i++) {
                if (i > 0 && levels.get(i) <= levels.get(i - 1)) {
                    throw new IllegalArgumentException("levels: got " + levels + "; expected ascending ones");
                }
            }
            if (levels.isEmpty()) {
                throw new IllegalArgumentException("levels: got none; expected e.g. [0.1, 0.5, 0.9]");
            }
            levels = List.copyOf(levels);
        }

        @Override
        public int parameters() { return levels.size(); }

        /** The quantiles of the standard normal distribution. */
        @Override
        public double[] start() {
            double[] out = new double[levels.size()];
            for (int i = 0; i < out.length; i++) {
                double z = StudentQuantile.of(levels.get(i), Double.POSITIVE_INFINITY);
                out[i] = i == 0
                        ? z
                        : Outputs.inverseSoftplus(z - StudentQuantile.of(levels.get(i - 1), Double.POSITIVE_INFINITY));
            }
            return out;
        }
    }
}
