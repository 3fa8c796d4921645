package s4j.train.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import s4j.data.SequenceSet;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.torch.Scorer;

/** Gathers a {@link Classification} batch by batch. */
final class ClassEvaluator implements Evaluator {
    private static final int MISTAKES = 48;

    private final List<String> names;
    private final int classes;
    private final SequenceSet set;
    private final Outputs reading;
    private final int[][] confusion;
    private final List<Classification.Mistake> mistakes = new ArrayList<>();
    private int size;
    private int correct;
    private double lossSum;

    /** For batches of {@code set} in its own order, and classes of these names. */
    ClassEvaluator(SequenceSet set, List<String> names, Outputs reading) {
        this.set = set;
        this.names = names;
        this.classes = names.size();
        this.reading = reading;
        this.confusion = new int[classes][classes];
    }

    @Override
    public void add(SequenceBatch batch, Scorer scorer, Watcher watcher) {
        float[] outputs = scorer.predict(batch);
        watcher.evaluated(batch, outputs);
        add(batch, outputs);
    }

    @Override
    public void add(SequenceBatch batch, float[] outputs) {
        int[] labels = batch.classes();
        float[] scores = reading.scores(outputs);
        if (scores.length != batch.size() * classes) {
            throw new IllegalArgumentException("a batch of %d with %d classes has %d scores".formatted(batch.size(),
                    classes, scores.length));
        }
        for (int i = 0; i < batch.size(); i++) {
            int predicted = argmax(scores, i * classes, classes);
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
                mistakes.stream().map(this::pictured).toList(), names, null);
    }

    private Classification.Mistake pictured(Classification.Mistake m) {
        return new Classification.Mistake(m.index(), m.label(), m.predicted(), m.probability(), set.picture(m.index()));
    }

    /** The class of the highest of the scores that begin at {@code from}. */
    static int argmax(float[] scores, int from, int classes) {
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
