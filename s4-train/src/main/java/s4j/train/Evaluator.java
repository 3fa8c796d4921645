package s4j.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import s4j.data.SequenceSet;
import s4j.model.SequenceBatch;

/** Gathers an {@link Evaluation} batch by batch. */
final class Evaluator {
    private static final int MISTAKES = 48;

    private final int classes;
    private final SequenceSet set;
    private final int[][] confusion;
    private final List<Evaluation.Mistake> mistakes = new ArrayList<>();
    private int size;
    private int correct;
    private double lossSum;

    /** For batches of {@code set} in its own order, and {@code classes} classes. */
    Evaluator(SequenceSet set, int classes) {
        this.set = set;
        this.classes = classes;
        this.confusion = new int[classes][classes];
    }

    /** Adds a batch and its class scores {@code [b, classes]}. */
    void add(SequenceBatch batch, float[] scores) {
        int[] labels = batch.labels();
        if (labels == null) {
            throw new IllegalArgumentException("a batch without labels cannot be evaluated");
        }
        if (scores.length != batch.size() * classes) {
            throw new IllegalArgumentException("a batch of %d with %d classes has %d scores".formatted(batch.size(),
                    classes, scores.length));
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
                mistakes.add(new Evaluation.Mistake(size + i, labels[i], predicted, probability, null));
            }
        }
        size += batch.size();
        mistakes.sort(Comparator.comparingDouble((Evaluation.Mistake m) -> -m.probability())
                .thenComparingInt(Evaluation.Mistake::index));
        if (mistakes.size() > MISTAKES) {
            mistakes.subList(MISTAKES, mistakes.size()).clear();
        }
    }

    Evaluation result() {
        if (size == 0) {
            throw new RunException("nothing to evaluate: the split has no batch. Raise its limit, or lower"
                    + " loader.batch_size_eval");
        }
        return new Evaluation(size, correct, lossSum / size, confusion, mistakes.stream().map(this::pictured).toList());
    }

    private Evaluation.Mistake pictured(Evaluation.Mistake m) {
        return new Evaluation.Mistake(m.index(), m.label(), m.predicted(), m.probability(), set.picture(m.index()));
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
