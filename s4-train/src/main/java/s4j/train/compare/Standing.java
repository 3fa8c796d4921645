package s4j.train.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one model.
 *
 * @param model its name
 * @param sizing its size; null when there is none
 * @param tried the learning rates, each with the first seed
 * @param runs the chosen one, with all seeds
 * @param speeds of the runtime; null when nothing was trained
 * @param peak memory and time of a training step at the data set's length and batch size; null without curves of growth
 * @param failure why it does not take part; null: it does
 */
record Standing(String model, @Nullable Sizing sizing, List<Result> tried, List<Result> runs, @Nullable Speeds speeds,
        Growth.@Nullable Point peak, @Nullable String failure) {
    static Standing failed(String model, @Nullable Sizing sizing, List<Result> tried, String why) {
        return new Standing(model, sizing, tried, List.of(), null, null, why);
    }

    /** Runs that ended well. */
    List<Result> done() { return runs.stream().filter(r -> r.failure() == null).toList(); }

    /** A metric of the test split over the seeds. */
    Spread test(String metric) {
        return spread(r -> r.test().getOrDefault(metric, Double.NaN));
    }

    /** Something of all runs that ended well. */
    Spread spread(ToDoubleFunction<Result> of) {
        return Spread.of(done().stream().mapToDouble(of).filter(v -> !Double.isNaN(v)).toArray());
    }

    /** Mean and sample standard deviation of n values; NaN where there are too few. */
    record Spread(double mean, double deviation, int n) {
        static Spread of(double[] values) {
            double mean = java.util.Arrays.stream(values).average().orElse(Double.NaN);
            double squares = java.util.Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
            return new Spread(mean, values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)),
                    values.length);
        }
    }
}
