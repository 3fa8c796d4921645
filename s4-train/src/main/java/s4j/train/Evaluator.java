package s4j.train;

import org.jspecify.annotations.Nullable;
import s4j.data.SequenceSet;
import s4j.model.SequenceBatch;
import s4j.torch.Learner;
import s4j.train.config.TaskConfig;

/** Gathers an {@link Evaluation} batch by batch. */
interface Evaluator {
    /** For batches of {@code set} in its own order, and {@code classes} classes. */
    static Evaluator of(TaskConfig task, SequenceSet set, int classes) {
        return of(task, set, classes, null);
    }

    /** The same; a watcher sees the class scores of every batch. */
    static Evaluator of(TaskConfig task, SequenceSet set, int classes, Trained.@Nullable Watcher watcher) {
        return task.perStep() ? new StepEvaluator(classes) : new ClassEvaluator(set, classes, watcher);
    }

    /** Adds what the learner says about a batch. */
    void add(SequenceBatch batch, Learner learner);

    /** Adds scores of a batch: {@code [b, classes]}, or {@code [b, l, classes]} for each step. */
    void add(SequenceBatch batch, float[] scores);

    /** Of all batches so far. */
    Evaluation result();

    /** There was no batch. */
    static RunException nothing() {
        return new RunException("nothing to evaluate: the split has no batch. Raise its limit, or lower"
                + " loader.batch_size_eval");
    }
}
