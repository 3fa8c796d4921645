package s4j.train.config;

import java.util.List;
import s4j.config.Key;

/**
 * What is learned ({@code task.*}).
 *
 * @param name {@code base}: the class of each sequence; {@code lm}: the next token or sample at each step
 * @param loss the loss
 * @param metrics reported beside the loss. The best checkpoint is the one of the highest accuracy (base), of the lowest loss
 *     (lm)
 */
public record TaskConfig(@Key("_name_") Kind name, Loss loss, List<String> metrics) {
    public static final TaskConfig DEFAULTS = new TaskConfig(Kind.BASE, Loss.CROSS_ENTROPY, List.of("accuracy"));

    /** Kinds of task. */
    public enum Kind {
        BASE, LM;

        private List<String> metrics() {
            return switch (this) {
                case BASE -> List.of("accuracy");
                case LM -> List.of("accuracy", "accuracy@3", "accuracy@5", "accuracy@10", "bpb", "ppl");
            };
        }
    }

    /** Losses. */
    public enum Loss {
        CROSS_ENTROPY
    }

    /** Checks the names of the metrics. */
    public TaskConfig {
        List<String> known = name.metrics();
        for (String metric : metrics) {
            if (!known.contains(metric)) {
                throw new IllegalArgumentException("metrics: unknown metric " + metric + "; expected "
                        + (known.size() == 1 ? known.getFirst() : "some of " + String.join(", ", known)));
            }
        }
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("metrics are empty; expected [accuracy]");
        }
        metrics = List.copyOf(metrics);
    }

    /** Metrics that have columns of their own beside loss and accuracy, in their order. */
    public List<String> columns() {
        return metrics.stream().filter(m -> !m.equals("accuracy")).toList();
    }

    /** Whether each step has its own target. */
    public boolean perStep() { return name == Kind.LM; }
}
