package s4j.train.task;

import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.model.SequenceBatch;

/**
 * What the simplest models of a sequence reach, in bits per step: how often each token is (unigram), and how often it follows
 * the one before (a Markov chain of order 1). Counts are of the training split. The unigram is smoothed by one more of each
 * token; the chain by the unigram, p(y | x) = (n(x, y) + κ p(y)) / (n(x) + κ), with the κ of the best validation.
 *
 * @param unigram bits per step
 * @param markov bits per step; null where the vocabulary is too large for a table of pairs
 */
public record Baselines(double unigram, @Nullable Double markov) {
    private static final int AT_ONCE = 32;
    private static final int MOST_TOKENS = 4096;
    private static final double[] PRIORS = {0.3, 1, 3, 10, 30, 100, 300, 1000};
    private static final double LN2 = Math.log(2);

    /** Counts on the training split, chooses κ on the validation split, measures on the given batches. */
    static Baselines of(Dataset data, Iterable<SequenceBatch> test) {
        Counts counts = new Counts(data.dInput());
        batches(data.train(), counts::add);
        double[] unigram = counts.unigram();
        Loss[] tried = new Loss[PRIORS.length];
        for (int i = 0; i < tried.length; i++) {
            tried[i] = new Loss(counts, unigram, PRIORS[i]);
        }
        if (counts.pairs != null) {
            batches(data.validation(), batch -> List.of(tried).forEach(t -> t.add(batch)));
        }
        Loss best = tried[0];
        for (Loss t : tried) {
            best = t.chain < best.chain ? t : best;
        }
        Loss measured = new Loss(counts, unigram, best.prior);
        test.forEach(measured::add);
        return new Baselines(measured.single / measured.steps / LN2,
                counts.pairs == null ? null : measured.chain / measured.steps / LN2);
    }

    /** Takes a batch. */
    private interface Sink {
        void take(SequenceBatch batch);
    }

    private static void batches(SequenceSet set, Sink sink) {
        for (int from = 0; from < set.size(); from += AT_ONCE) {
            int[] indices = new int[Math.min(AT_ONCE, set.size() - from)];
            for (int i = 0; i < indices.length; i++) {
                indices[i] = from + i;
            }
            sink.take(set.batch(indices));
        }
    }

    /** Takes a token and the one before it. */
    private interface Pair {
        void take(int before, int token);
    }

    private static void pairs(SequenceBatch batch, int tokens, Pair pair) {
        int[] targets = batch.classes();
        for (int b = 0; b < batch.size(); b++) {
            int from = b * batch.length();
            int to = from + batch.stepsOf(b);
            for (int i = from; i < to; i++) {
                // what the sequence is told to be (Dataset.conditions) counts here as nothing
                pair.take((int) batch.x()[i] % tokens, targets[i]);
            }
        }
    }

    private static final class Counts {
        private final long[] tokens;
        private final long[] contexts;
        private final long @Nullable [] pairs;

        Counts(int size) {
            tokens = new long[size];
            contexts = new long[size];
            pairs = size <= MOST_TOKENS ? new long[size * size] : null;
        }

        void add(SequenceBatch batch) {
            pairs(batch, tokens.length, (before, token) -> {
                tokens[token]++;
                contexts[before]++;
                if (pairs != null) {
                    pairs[before * tokens.length + token]++;
                }
            });
        }

        double[] unigram() {
            double total = tokens.length;
            for (long n : tokens) {
                total += n;
            }
            double[] p = new double[tokens.length];
            for (int i = 0; i < p.length; i++) {
                p[i] = (tokens[i] + 1) / total;
            }
            return p;
        }
    }

    /** Sums of −ln p. */
    private static final class Loss {
        private final Counts counts;
        private final double[] unigram;
        private final double prior;
        private double single;
        private double chain;
        private long steps;

        Loss(Counts counts, double[] unigram, double prior) {
            this.counts = counts;
            this.unigram = unigram;
            this.prior = prior;
        }

        void add(SequenceBatch batch) {
            pairs(batch, unigram.length, (before, token) -> {
                steps++;
                single -= Math.log(unigram[token]);
                if (counts.pairs != null) {
                    long together = counts.pairs[before * unigram.length + token];
                    chain -= Math.log((together + prior * unigram[token]) / (counts.contexts[before] + prior));
                }
            });
        }
    }
}
