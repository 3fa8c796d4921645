package s4j.stream;

import s4j.model.Clusters;

/** Embeddings of clusters: e(w) = √d P_i E_i[w − l_i]; see {@link Clusters}. */
final class AdaptiveTables {
    private final Clusters clusters;
    private final float[][] tables;
    private final float[][] projections;

    AdaptiveTables(Clusters clusters, Weights weights) {
        this.clusters = clusters;
        this.tables = new float[clusters.count()][];
        this.projections = new float[clusters.count()][];
        for (int i = 0; i < tables.length; i++) {
            tables[i] = weights.floats("encoder.0.emb_layers." + i + ".weight", clusters.size(i), clusters.width(i));
            projections[i] = weights.floats("encoder.0.emb_projs." + i, clusters.width(), clusters.width(i));
        }
    }

    /** The features of a token, from {@code at} on. */
    void embed(int token, float[] y, int at) {
        int i = clusters.of(token);
        int width = clusters.width(i);
        int row = (token - clusters.first(i)) * width;
        double scale = Math.sqrt(clusters.width());
        for (int f = 0; f < clusters.width(); f++) {
            double sum = 0;
            for (int k = 0; k < width; k++) {
                sum += projections[i][f * width + k] * tables[i][row + k];
            }
            y[at + f] = (float) (scale * sum);
        }
    }
}
