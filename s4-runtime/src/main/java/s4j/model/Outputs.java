package s4j.model;

import java.util.List;

/**
 * Reads a trained network's outputs: as probabilities of classes, or as numbers with their quantiles. The same for everybody who
 * uses a model.
 *
 * @param objective what it was trained for
 */
public record Outputs(ObjectiveConfig objective) {
    /** The least σ of a density: a target that is hit exactly must not give an infinite likelihood. */
    public static final double LEAST_SCALE = 1e-4;

    /** Scores of classes {@code [n, classes]} of outputs {@code [n, outputs]}: equal to them but for the one output of two classes. */
    public float[] scores(float[] outputs) {
        if (!(objective instanceof ObjectiveConfig.BinaryCrossEntropy)) {
            return outputs;
        }
        float[] both = new float[2 * outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            both[2 * i + 1] = outputs[i];
        }
        return both;
    }

    /** softmax of the scores {@code [classes]} that begin at {@code from}. */
    public static double[] probabilities(float[] scores, int from, int classes) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            max = Math.max(max, scores[from + c]);
        }
        double[] p = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            p[c] = Math.exp(scores[from + c] - max);
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
        return p;
    }

    /** The predicted numbers {@code [n]} of outputs {@code [n, parameters]}: mean or location; of quantiles the median. */
    public float[] points(float[] outputs) {
        int width = objective.parameters();
        float[] out = new float[outputs.length / width];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) point(outputs, i * width);
        }
        return out;
    }

    /** Whether outputs have quantiles: of densities and quantiles, not of points. */
    public boolean spread() {
        return objective instanceof ObjectiveConfig.Quantile || objective instanceof ObjectiveConfig.Gaussian
                || objective instanceof ObjectiveConfig.StudentT;
    }

    /**
     * A quantile of one number's outputs.
     *
     * @param from where its outputs begin
     * @param level above 0 and below 1; beyond trained quantiles the tails are those of a normal distribution
     */
    public double quantile(float[] outputs, int from, double level) {
        return switch (objective) {
            case ObjectiveConfig.Quantile q -> between(q.levels(), quantiles(q, outputs, from), level);
            case ObjectiveConfig.Gaussian g -> outputs[from]
                    + (softplus(outputs[from + 1]) + LEAST_SCALE) * StudentQuantile.of(level, Double.POSITIVE_INFINITY);
            case ObjectiveConfig.StudentT t -> outputs[from] + (softplus(outputs[from + 1]) + LEAST_SCALE)
                    * StudentQuantile.of(level, 2 + softplus(outputs[from + 2]));
            default -> throw new IllegalArgumentException("a model trained for " + objective.name()
                    + " gives points; quantiles need task.loss=quantile, gaussian or student_t");
        };
    }

    private double point(float[] outputs, int from) {
        return switch (objective) {
            case ObjectiveConfig.Quantile q -> between(q.levels(), quantiles(q, outputs, from), 0.5);
            case ObjectiveConfig.BinaryCrossEntropy b -> 1 / (1 + Math.exp(-outputs[from]));
            default -> outputs[from];
        };
    }

    /** A quantile of the standard normal distribution. */
    public static double normalQuantile(double level) {
        return StudentQuantile.of(level, Double.POSITIVE_INFINITY);
    }

    /** ln(1 + eˣ), the positive form of an output. */
    public static double softplus(double x) {
        return x > 30 ? x : Math.log1p(Math.exp(x));
    }

    /** The x of which {@link #softplus} is {@code y}, above 0. */
    static double inverseSoftplus(double y) {
        return y > 30 ? y : Math.log(Math.expm1(y));
    }

    private static double[] quantiles(ObjectiveConfig.Quantile q, float[] outputs, int from) {
        double[] out = new double[q.levels().size()];
        double v = outputs[from];
        for (int i = 0; i < out.length; i++) {
            v = i == 0 ? v : v + softplus(outputs[from + i]);
            out[i] = v;
        }
        return out;
    }

    /** Linear between the levels there are, and a normal tail beyond them. */
    private static double between(List<Double> levels, double[] values, double level) {
        int i = 0;
        while (i < values.length && levels.get(i) < level) {
            i++;
        }
        if (i < values.length && levels.get(i) == level) {
            return values[i];
        }
        if (i == 0 || i == values.length) {
            return tail(levels, values, Math.min(i, values.length - 1), level);
        }
        double below = levels.get(i - 1);
        return values[i - 1] + (values[i] - values[i - 1]) * (level - below) / (levels.get(i) - below);
    }

    /** That of the normal distribution which has the outermost quantile and the median; without a median between, the outermost itself. */
    private static double tail(List<Double> levels, double[] values, int outermost, double level) {
        double at = levels.get(outermost);
        if (levels.getFirst() >= 0.5 || levels.getLast() <= 0.5 || (at > 0.5) != (level > 0.5)) {
            return values[outermost];
        }
        double median = between(levels, values, 0.5);
        return median + (values[outermost] - median) * normalQuantile(level) / normalQuantile(at);
    }
}
