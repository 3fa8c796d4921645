package s4j.train.task;

import java.util.List;
import s4j.config.Key;
import s4j.model.ObjectiveConfig;

/**
 * What is learned ({@code task.*}).
 *
 * @param name {@code base}: the class of each sequence; {@code lm}: the next token or sample at each step; {@code regression}:
 *     numbers of each sequence; {@code forecasting}: the steps that follow it; {@code auto}: the one that belongs to the data set's targets, with its usual loss and metrics
 * @param loss what training makes small
 * @param metrics reported beside the loss. The best checkpoint is the one of the highest accuracy (base; of equals the one of the
 *     lowest loss), else of the lowest loss
 */
public record TaskConfig(@Key("_name_") String name, ObjectiveConfig loss, List<String> metrics) {
    public static final TaskConfig DEFAULTS = new TaskConfig(SequenceClassification.WORD,
            ObjectiveConfig.CrossEntropy.DEFAULTS, List.of("accuracy"));

    /** Checks the names of task and metrics. */
    public TaskConfig {
        Tasks.check(name, metrics);
        metrics = List.copyOf(metrics);
    }
}
