package s4j.train;

import s4j.model.SequenceBatch;
import s4j.torch.Learner;
import s4j.torch.Learner.StepScores;

/** Gathers a {@link StepPrediction} batch by batch. */
final class StepEvaluator implements Evaluator {
    private StepScores sum = StepScores.NOTHING;

    @Override
    public void add(SequenceBatch batch, Learner learner) { sum = sum.plus(learner.scoreSteps(batch)); }

    @Override
    public StepPrediction result() {
        if (sum.steps() == 0) {
            throw Evaluator.nothing();
        }
        return new StepPrediction(sum, null);
    }
}
