package s4j.model;

import java.util.List;

/**
 * How a large vocabulary, ordered by falling frequency, is cut: the first tokens get the full width, each further cluster {@code
 * div_val} times less (Grave et al. 2017; Baevski and Auli 2019).
 *
 * <pre>
 *   embedding:  e(w) = √d P_i E_i[w − l_i]                          for w in cluster i, E_i [n_i, d_i], P_i [d, d_i]
 *   softmax:    head = log softmax([(x R) E_0ᵀ + b_0, (x R) Cᵀ + c])      over n_0 words and K clusters
 *               ln p(w) = head[w]  in cluster 0,   head[n_0 + K − i] + log softmax((x P_i) E_iᵀ + b_i)[w − l_i]  in cluster i ≥ 1
 * </pre>
 *
 * <p>The tables E_i are those of the embedding, and so are the projections P_i of the tails; the head has one of its own, R. The
 * clusters' own scores stand in reverse order behind the words': cluster 1 has the last one. Both are the definition of Dai et al.,
 * Transformer-XL (2019), in which its models and S4's of WikiText-103 are stored.
 *
 * @param tokens of the vocabulary
 * @param cutoffs where a cluster ends and the next begins, ascending, below {@code tokens}; none: one cluster, a plain softmax
 * @param divVal each cluster is so many times narrower than the one before
 * @param width d
 */
public record Clusters(int tokens, List<Integer> cutoffs, int divVal, int width) {
    /** Checks the cuts. */
    public Clusters {
        cutoffs = List.copyOf(cutoffs);
        for (int i = 0; i < cutoffs.size(); i++) {
            if (cutoffs.get(i) <= (i == 0 ? 0 : cutoffs.get(i - 1)) || cutoffs.get(i) >= tokens) {
                throw new IllegalArgumentException("encoder.cutoffs: got " + cutoffs
                        + "; expected ascending numbers above 0 and below the " + tokens + " tokens of the vocabulary");
            }
        }
        if (width / Math.pow(divVal, cutoffs.size()) < 1) {
            throw new IllegalArgumentException(
                    "encoder.div_val: got %d; the last of %d clusters would be narrower than 1 at d_model %d"
                            .formatted(divVal, cutoffs.size() + 1, width));
        }
    }

    /** Clusters, the head's words included. */
    public int count() { return cutoffs.size() + 1; }

    /** The first token of a cluster; of one behind the last, the number of tokens. */
    public int first(int cluster) {
        return cluster == 0 ? 0 : cluster <= cutoffs.size() ? cutoffs.get(cluster - 1) : tokens;
    }

    /** Tokens of a cluster. */
    public int size(int cluster) { return first(cluster + 1) - first(cluster); }

    /** d_i. */
    public int width(int cluster) { return (int) (width / Math.pow(divVal, cluster)); }

    /** Where in the head the score of a cluster from 1 stands. */
    public int headPlace(int cluster) {
        return size(0) + count() - 1 - cluster;
    }

    /** The cluster of a token. */
    public int of(int token) {
        int cluster = 0;
        while (token >= first(cluster + 1)) {
            cluster++;
        }
        return cluster;
    }
}
