package s4j.train.config;

import java.util.List;
import s4j.config.Key;

/**
 * What is learned ({@code task.*}).
 *
 * @param name {@code base}: a loss between output and target
 * @param loss the loss
 * @param metrics reported beside the loss; the first one chooses the best checkpoint
 */
public record TaskConfig(@Key("_name_") Kind name, Loss loss, List<String> metrics) {
    public static final TaskConfig DEFAULTS = new TaskConfig(Kind.BASE, Loss.CROSS_ENTROPY, List.of("accuracy"));

    /** Kinds of task. */
    public enum Kind {
        BASE
    }

    /** Losses. */
    public enum Loss {
        CROSS_ENTROPY
    }

    /** Checks the names of the metrics. */
    public TaskConfig {
        for (String metric : metrics) {
            if (!metric.equals("accuracy")) {
                throw new IllegalArgumentException("metrics: unknown metric " + metric + "; expected accuracy");
            }
        }
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("metrics are empty; expected [accuracy]");
        }
        metrics = List.copyOf(metrics);
    }
}
