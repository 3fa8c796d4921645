package s4j.train.task;

import s4j.data.Tokens;

/**
 * The classical model of text: interpolated Kneser-Ney of order 5 with one discount for each order,
 *
 * <pre>
 *   p_k(w | h) = max(c(h w) − D_k, 0) / c(h ·) + D_k N(h ·) / c(h ·) · p_{k−1}(w | h'),   p_0 = 1 / V,   D_k = n1 / (n1 + 2 n2)
 * </pre>
 *
 * <p>where c of the highest order counts occurrences, and of each lower one the different tokens that stand before h w; N(h ·)
 * counts the different tokens behind h, and n1 and n2 the sequences with c = 1 and 2; h' is h without its first token.
 *
 * <p>Source: Kneser and Ney, Improved backing-off for m-gram language modeling (1995); Chen and Goodman, An empirical study of
 * smoothing techniques for language modeling (1999), section 2.8. Tests: KneserNeyTest.
 */
final class KneserNey {
    /** Tokens of a training text that is still counted: about a gigabyte of tables. */
    static final long MOST_TOKENS = 4_000_000;

    private static final int ORDER = 5;

    /** c(h w) by the hash of h w, c(h ·) and N(h ·) by that of h; one of each order. */
    private final GramCounts[] grams = new GramCounts[ORDER + 1];
    private final GramCounts[] contexts = new GramCounts[ORDER + 1];
    private final GramCounts[] kinds = new GramCounts[ORDER + 1];
    private final double[] discounts = new double[ORDER + 1];
    private final int vocabulary;
    private final int first;

    private KneserNey(int vocabulary, int first) {
        this.vocabulary = vocabulary;
        this.first = first;
        for (int k = 1; k <= ORDER; k++) {
            grams[k] = new GramCounts();
            contexts[k] = new GramCounts();
            kinds[k] = new GramCounts();
        }
    }

    /**
     * Counts a text.
     *
     * @param vocabulary V
     * @param first the token taken to stand before it
     */
    static KneserNey of(Tokens text, int vocabulary, int first) {
        KneserNey model = new KneserNey(vocabulary, first);
        for (long i = 0; i < text.size(); i++) {
            int order = ORDER;
            while (order > 0 && model.counted(text, i, order)) {
                order--; // a new sequence stands before what follows its first token
            }
        }
        for (int k = 1; k <= ORDER; k++) {
            long once = model.grams[k].having(1);
            long twice = model.grams[k].having(2);
            // of a text in which nothing occurs once, the least a discount can be that still leaves something for the rest
            model.discounts[k] = once == 0 ? 0.5 : Math.min(0.99, (double) once / (once + 2 * twice));
        }
        return model;
    }

    /** Counts the sequence of an order that ends at i; whether it is new. */
    private boolean counted(Tokens text, long i, int order) {
        long context = hash(text, i - order + 1, i);
        contexts[order].add(context);
        boolean fresh = grams[order].add(with(context, text.at(i))) == 1;
        if (fresh) {
            kinds[order].add(context);
        }
        return fresh;
    }

    /** Mean −ln p of a text's tokens, each after those before it. */
    double loss(Tokens text) {
        double sum = 0;
        for (long i = 0; i < text.size(); i++) {
            sum -= Math.log(probability(text, i));
        }
        return sum / text.size();
    }

    /** p of the token at a place after those before it. */
    double probability(Tokens text, long i) {
        double p = 1.0 / vocabulary;
        for (int k = 1; k <= ORDER; k++) {
            long context = hash(text, i - k + 1, i);
            double total = contexts[k].get(context);
            if (total == 0) {
                break; // longer ones are new too
            }
            double own = Math.max(0, grams[k].get(with(context, text.at(i))) - discounts[k]);
            p = own / total + discounts[k] * kinds[k].get(context) / total * p;
        }
        return p;
    }

    private long hash(Tokens text, long from, long to) {
        long hash = to - from;
        for (long i = from; i < to; i++) {
            hash = with(hash, i < 0 ? first : text.at(i));
        }
        return hash;
    }

    /** SplitMix64's mixer: two of some million sequences meet with a probability of 10⁻⁶. */
    private static long with(long hash, int token) {
        long z = hash * 0x9E3779B97F4A7C15L + token + 0x632BE59BD9B4E019L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
