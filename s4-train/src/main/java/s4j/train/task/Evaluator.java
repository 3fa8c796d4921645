package s4j.train.task;

import s4j.model.SequenceBatch;
import s4j.torch.Scorer;
import s4j.train.run.RunException;

/** Gathers an {@link Evaluation} batch by batch. */
public interface Evaluator {
    /** Adds what the network says about a batch; a watcher sees its outputs. */
    void add(SequenceBatch batch, Scorer scorer, Watcher watcher);

    /** Adds outputs of a batch: {@code [b, d_output]}, or {@code [b, l, d_output]} for each step. */
    void add(SequenceBatch batch, float[] outputs);

    /** Of all batches so far. */
    Evaluation result();

    /** Told of every batch and its outputs {@code [b, d_output]}, in the order of the split. */
    @FunctionalInterface
    interface Watcher {
        /** Looks away. */
        Watcher NOBODY = (batch, outputs) -> {};

        /** Called once a batch. */
        void evaluated(SequenceBatch batch, float[] outputs);
    }

    /** There was no batch. */
    static RunException nothing() {
        return new RunException("nothing to evaluate: the split has no batch. Raise its limit, or lower"
                + " loader.batch_size_eval");
    }
}
