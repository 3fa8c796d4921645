package s4j.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.data.SequenceSet;
import s4j.model.SequenceBatch;
import s4j.torch.Learner;

/** Gathers a {@link Classification} batch by batch. */
final class ClassEvaluator implements Evaluator {
    private static final int MISTAKES = 48;

    private final int classes;
    private final SequenceSet set;
    private final Trained.@Nullable Watcher watcher;
    private final int[][] confusion;
    private final List<Classification.Mistake> mistakes = new ArrayList<>();
    private int size;
    private int correct;
    private double lossSum;

    /** For batches of {@code set} in its own order, and {@code classes} classes. */
    ClassEvaluator(SequenceSet set, int classes, Trained.@Nullable Watcher watcher) {
        this.watcher = watcher;
        this.set = set;
        this.classes = classes;
        this.confusion = new int[classes][classes];
    }

    @Override
    public void add(SequenceBatch batch, Learner learner) { add(batch, learner.predict(batch)); }

    @Override
    public void add(SequenceBatch batch, float[] scores) {
        int[] labels = batch.labels();
        if (labels == null) {
            throw new IllegalArgumentException("a batch without labels cannot be evaluated");
        }
        if (scores.length != batch.size() * classes) {
            throw new IllegalArgumentException("a batch of %d with %d classes has %d scores".formatted(batch.size(),
                    classes, scores.length));
        }
        if (watcher != null) {
            watcher.evaluated(batch, scores);
        }
        for (int i = 0; i < batch.size(); i++) {
            int predicted = argmax(scores, i * classes);
            double logSum = logSumExp(scores, i * classes);
            lossSum += logSum - scores[i * classes + labels[i]];
            confusion[labels[i]][predicted]++;
            if (predicted == labels[i]) {
                correct++;
            } else {
                double probability = Math.exp(scores[i * classes + predicted] - logSum);
                mistakes.add(new Classification.Mistake(size + i, labels[i], predicted, probability, null));
            }
        }
        size += batch.size();
        mistakes.sort(Comparator.comparingDouble((Classification.Mistake m) -> -m.probability())
                .thenComparingInt(Classification.Mistake::index));
        if (mistakes.size() > MISTAKES) {
            mistakes.subList(MISTAKES, mistakes.size()).clear();
        }
    }

    @Override
    public Classification result() {
        if (size == 0) {
            throw Evaluator.nothing();
        }
        return new Classification(size, correct, lossSum / size, confusion,
                mistakes.stream().map(this::pictured).toList());
    }

    private Classification.Mistake pictured(Classification.Mistake m) {
        return new Classification.Mistake(m.index(), m.label(), m.predicted(), m.probability(), set.picture(m.index()));
    }

    private int argmax(float[] scores, int from) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            if (scores[from + c] > scores[from + best]) {
                best = c;
            }
        }
        return best;
    }

    private double logSumExp(float[] scores, int from) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            max = Math.max(max, scores[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(scores[from + c] - max);
        }
        return max + Math.log(sum);
    }
}
