package s4j.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.model.Clusters;
import s4j.stream.Linear.Side;

/** ln p of every token from features, over clusters; see {@link Clusters}. */
final class AdaptiveSoftmax {
    private final Clusters clusters;
    /** To the width of each cluster, then to its scores. */
    private final List<Linear> projections = new ArrayList<>();
    private final List<Linear> scores = new ArrayList<>();

    AdaptiveSoftmax(Clusters clusters, int features, Weights weights, Backend backend) {
        this.clusters = clusters;
        for (int i = 0; i < clusters.count(); i++) {
            int width = clusters.width(i);
            int size = clusters.size(i);
            String projection = i == 0 ? "decoder.0.out_proj" : "encoder.0.emb_projs." + i;
            projections.add(linear(transposed(weights.floats(projection, features, width), features, width),
                    new float[width], width, features, backend));
            float[] table = weights.floats("encoder.0.emb_layers." + i + ".weight", size, width);
            float[] bias = weights.floats("decoder.0.out_biases." + i, size);
            int extra = i == 0 ? clusters.count() - 1 : 0;
            if (extra > 0) {
                table = joined(table, weights.floats("decoder.0.cluster_weight", extra, width));
                bias = joined(bias, weights.floats("decoder.0.cluster_bias", extra));
            }
            scores.add(linear(table, bias, size + extra, width, backend));
        }
    }

    private static Linear linear(float[] weight, float[] bias, int out, int in, Backend backend) {
        Map<String, TensorData> tensors = new HashMap<>();
        tensors.put("l.weight", TensorData.of(weight, out, in));
        tensors.put("l.bias", TensorData.of(bias, out));
        return Linear.load(new Weights(tensors, ""), "l", Side.plain(out), Side.plain(in), backend);
    }

    private static float[] transposed(float[] m, int rows, int columns) {
        float[] out = new float[m.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                out[c * rows + r] = m[r * columns + c];
            }
        }
        return out;
    }

    private static float[] joined(float[] a, float[] b) {
        float[] out = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }

    /** Rows of features, {@code xStride} apart, to rows of ln p. */
    void apply(float[] x, int at, int xStride, int rows, float[] y, int yAt, Scratch scratch) {
        double[] clusterScores = new double[rows * clusters.count()];
        for (int i = 0; i < clusters.count(); i++) {
            Linear projection = projections.get(i);
            float[] narrow = new float[rows * projection.stride()];
            projection.apply(x, at, xStride, rows, narrow, 0, scratch);
            Linear last = scores.get(i);
            float[] z = new float[rows * last.stride()];
            last.apply(narrow, 0, projection.stride(), rows, z, 0, scratch);
            int size = clusters.size(i);
            for (int r = 0; r < rows; r++) {
                int from = r * last.stride();
                double normalizer = logSumExp(z, from, size + (i == 0 ? clusters.count() - 1 : 0));
                double before = i == 0 ? 0 : clusterScores[r * clusters.count() + i];
                int to = yAt + r * clusters.tokens() + clusters.first(i);
                for (int w = 0; w < size; w++) {
                    y[to + w] = (float) (before + z[from + w] - normalizer);
                }
                for (int k = 1; i == 0 && k < clusters.count(); k++) {
                    clusterScores[r * clusters.count() + k] = z[from + clusters.headPlace(k)] - normalizer;
                }
            }
        }
    }

    private static double logSumExp(float[] z, int from, int size) {
        double max = Double.NEGATIVE_INFINITY;
        for (int w = 0; w < size; w++) {
            max = Math.max(max, z[from + w]);
        }
        double sum = 0;
        for (int w = 0; w < size; w++) {
            sum += Math.exp(z[from + w] - max);
        }
        return max + Math.log(sum);
    }
}
