package s4j.train.task;

import java.util.List;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;
import s4j.torch.Scorer;
import s4j.torch.Learner.StepScores;

/** Gathers a {@link StepPrediction} batch by batch. */
final class StepEvaluator implements Evaluator {
    private final int classes;
    private final String unit;
    private final List<String> metrics;
    private StepScores sum = StepScores.NOTHING;

    /** For such steps and metrics of these names. */
    StepEvaluator(TargetSpec.StepClasses steps, List<String> metrics) {
        this.classes = steps.count();
        this.unit = steps.unit();
        this.metrics = metrics;
    }

    /** The outputs of all steps would not fit: the learner sums over them, and no watcher sees them. */
    @Override
    public void add(SequenceBatch batch, Scorer scorer, Watcher watcher) { sum = sum.plus(scorer.scoreSteps(batch)); }

    @Override
    public void add(SequenceBatch batch, float[] scores) {
        int[] targets = batch.classes();
        if (scores.length != (long) batch.size() * batch.length() * classes) {
            throw new IllegalArgumentException(
                    "steps of [%d, %d] with %d classes have %d scores".formatted(batch.size(),
                            batch.length(), classes, scores.length));
        }
        for (int i = 0; i < batch.size(); i++) {
            for (int t = i * batch.length(); t < i * batch.length() + batch.stepsOf(i); t++) {
                if (targets[t] != Targets.NONE) {
                    sum = sum.plus(one(scores, t * classes, targets[t]));
                }
            }
        }
    }

    /** A target is among the k highest when fewer than k scores are larger. */
    private StepScores one(float[] scores, int at, int target) {
        double own = scores[at + target];
        double max = own;
        int above = 0;
        for (int c = 0; c < classes; c++) {
            max = Math.max(max, scores[at + c]);
            above += scores[at + c] > own ? 1 : 0;
        }
        double total = 0;
        for (int c = 0; c < classes; c++) {
            total += Math.exp(scores[at + c] - max);
        }
        return new StepScores(1, max + Math.log(total) - own, above < 1 ? 1 : 0, above < 3 ? 1 : 0, above < 5 ? 1 : 0,
                above < 10 ? 1 : 0);
    }

    @Override
    public StepPrediction result() {
        if (sum.steps() == 0) {
            throw Evaluator.nothing();
        }
        return new StepPrediction(sum, metrics, unit, null);
    }
}
