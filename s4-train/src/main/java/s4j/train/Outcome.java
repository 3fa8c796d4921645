package s4j.train;

import s4j.train.run.RunDirectory;
import s4j.train.task.Evaluation;

/** How a run ended. */
public sealed interface Outcome {
    /**
     * It ran to its end.
     *
     * @param run where everything lies
     * @param test what the best weights do on the test split
     */
    record Finished(RunDirectory run, Evaluation test) implements Outcome {}

    /**
     * It was stopped and can go on.
     *
     * @param run where its last checkpoint lies
     */
    record Stopped(RunDirectory run) implements Outcome {}
}
