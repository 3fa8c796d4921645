package s4j.torch;

import s4j.model.SequenceBatch;

/** What says something about batches in evaluation mode (moving average of the weights if there is one): a network, or several that share the work. */
public interface Scorer {
    /**
     * What the network says about each step's target: sums, as the scores themselves would not fit. The batch has targets, the decoder is
     * per step.
     */
    Learner.StepScores scoreSteps(SequenceBatch batch);

    /** Outputs {@code [b, d_output]}. */
    float[] predict(SequenceBatch batch);

    /** The same with the objective's value, of a batch whose targets are known. */
    Learner.Scored score(SequenceBatch batch);
}
