package s4j.train.task;

import java.util.List;
import java.util.stream.Stream;
import java.util.function.Function;
import s4j.config.Words;
import s4j.model.TargetSpec;

/** The table of tasks. */
public final class Tasks {
    /** The word of a configuration that leaves the choice to the data set. */
    public static final String AUTO = "auto";

    private static final List<Kind> TABLE = List.of(
            new Kind(SequenceClassification.WORD, SequenceClassification.METRICS, SequenceClassification::new),
            new Kind(NextToken.WORD, NextToken.METRICS, NextToken::new),
            new Kind(Regression.WORD, Regression.METRICS, Regression::new),
            new Kind(Forecasting.WORD, Forecasting.METRICS, Forecasting::new));

    /** A kind of task: its word, the metrics it knows, its maker. */
    private record Kind(String word, List<String> metrics, Function<TaskConfig, Task> task) {}

    /** The task of a configuration that names one. */
    public static Task of(TaskConfig config) {
        return kind(config.name()).task.apply(config);
    }

    /** The configuration with the task that belongs to a data set's targets where it leaves that open. */
    public static TaskConfig resolved(TaskConfig config, TargetSpec targets) {
        if (!config.name().equals(AUTO)) {
            return config;
        }
        return switch (targets) {
            case TargetSpec.Classes c -> TaskConfig.DEFAULTS;
            case TargetSpec.StepClasses s -> NextToken.usual();
            case TargetSpec.Values v -> Regression.usual();
        };
    }

    /** Refuses a word that no task has, and metrics the task does not know. */
    static void check(String word, List<String> metrics) {
        if (word.equals(AUTO)) {
            return;
        }
        List<String> known = kind(word).metrics;
        for (String metric : metrics) {
            if (!known.contains(metric)) {
                throw new IllegalArgumentException("metrics: unknown metric " + metric + "; expected "
                        + (known.size() == 1 ? known.getFirst() : "some of " + String.join(", ", known)));
            }
        }
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("metrics are empty; expected [" + known.getFirst() + "]");
        }
    }

    private static Kind kind(String word) {
        List<String> words = Stream.concat(Stream.of(AUTO), TABLE.stream().map(Kind::word)).toList();
        return TABLE.stream().filter(k -> k.word.equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "_name_: got " + word + "; " + Words.suggestion(word, words)));
    }

    private Tasks() {}
}
