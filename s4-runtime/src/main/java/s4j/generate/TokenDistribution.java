package s4j.generate;

import java.util.Arrays;
import s4j.math.SplitMix64;

/** The distribution of the next token, from the model's scores; one for each thread, reused step by step. */
final class TokenDistribution {
    private static final long LOW = 0xffffffffL;

    private final Sampling sampling;
    /** Weight of each token; 0: left out. */
    private final double[] weights;
    /** Tokens in the order of their weights: the weight's float bits above, the complement of the token below. */
    private final long[] order;

    TokenDistribution(Sampling sampling, int tokens) {
        this.sampling = sampling;
        this.weights = new double[tokens];
        this.order = new long[tokens];
    }

    /** ln p(token) under the unmodified scores {@code z[at …]}: z_token − ln Σ_i exp z_i. */
    double logLikelihood(float[] z, int at, int token) {
        double max = z[at + best(z, at)];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += Math.exp(z[at + i] - max);
        }
        return z[at + token] - max - Math.log(sum);
    }

    /** Draws a token; takes one number from the generator, also where there is no choice. */
    int draw(float[] z, int at, SplitMix64 random) {
        double u = random.nextDouble();
        int best = best(z, at);
        if (sampling.greedy()) {
            return best;
        }
        double max = z[at + best];
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp((z[at + i] - max) / sampling.temperature());
            total += weights[i];
        }
        if (sampling.restricts(weights.length)) {
            total = restrict(total);
        }
        double left = u * total;
        int last = best;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last; // rounding: u is next to 1
    }

    /** The first of the largest scores; refuses what is no distribution. */
    private int best(float[] z, int at) {
        int best = 0;
        boolean number = true;
        for (int i = 0; i < weights.length; i++) {
            number &= z[at + i] < Float.POSITIVE_INFINITY; // and no NaN
            if (z[at + i] > z[at + best]) {
                best = i;
            }
        }
        if (!number || z[at + best] == Float.NEGATIVE_INFINITY) {
            throw new ArithmeticException("the model's scores are no numbers any more; "
                    + "check the model (s4 verify), or train it with a lower learning rate");
        }
        return best;
    }

    /** Sets to 0 what top-k and top-p leave out; the sum of the rest. */
    private double restrict(double total) {
        int k = sampling.topK() == 0 ? weights.length : Math.min(sampling.topK(), weights.length);
        // with top-p alone, tokens below (1 − p) / n sum to less than 1 − p: those above are enough, and sorting is short
        double least = k == weights.length ? total * (1 - sampling.topP()) / weights.length : 0;
        int n = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] >= least) {
                order[n++] = ((long) Float.floatToRawIntBits((float) weights[i]) << 32) | (~i & LOW);
            }
        }
        Arrays.sort(order, 0, n);
        int from = Math.max(0, n - k);
        double kept = total;
        if (k < weights.length) {
            kept = 0;
            for (int j = n - 1; j >= from; j--) {
                kept += weights[token(order[j])];
            }
        }
        double goal = sampling.topP() * kept;
        double sum = 0;
        int first = n;
        while (first > from && (first == n || sum < goal)) {
            sum += weights[token(order[--first])];
        }
        keep(first, n);
        return sum;
    }

    /** Zeros for all but the tokens at some places of the order. */
    private void keep(int from, int to) {
        double[] kept = new double[to - from];
        for (int j = from; j < to; j++) {
            kept[j - from] = weights[token(order[j])];
        }
        Arrays.fill(weights, 0);
        for (int j = from; j < to; j++) {
            weights[token(order[j])] = kept[j - from];
        }
    }

    private static int token(long entry) { return (int) ~entry; }
}
