package s4j.torch.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import s4j.model.Clusters;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** Embeddings of clusters: e(w) = √d P_i E_i[w − l_i]; see {@link Clusters}. Tables and projections are drawn with σ = ½ width^-½. */
final class AdaptiveTables {
    private static final double INIT_SCALE = 0.5;

    private final Clusters clusters;
    private final List<Parameter> tables = new ArrayList<>();
    private final List<Parameter> projections = new ArrayList<>();

    AdaptiveTables(Clusters clusters, ParameterStore store) {
        this.clusters = clusters;
        for (int i = 0; i < clusters.count(); i++) {
            int width = clusters.width(i);
            String table = "encoder.0.emb_layers." + i + ".weight";
            tables.add(store.add(table, Role.EMBEDDING,
                    normal(store.random(table), (long) clusters.size(i) * width, INIT_SCALE / Math.sqrt(width)),
                    clusters.size(i), width));
            projections.add(projection("encoder.0.emb_projs." + i, clusters.width(), width, store));
        }
    }

    static Parameter projection(String name, int rows, int columns, ParameterStore store) {
        return store.add(name, Role.WEIGHT,
                normal(store.random(name), (long) rows * columns, INIT_SCALE / Math.sqrt(rows)), rows, columns);
    }

    private static double[] normal(RandomGenerator random, long n, double std) {
        double[] values = new double[Math.toIntExact(n)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian() * std;
        }
        return values;
    }

    Clusters clusters() { return clusters; }

    /** E_i {@code [n_i, d_i]}. */
    Tensor table(int cluster) { return tables.get(cluster).value(); }

    /** P_i {@code [d, d_i]}. */
    Tensor projection(int cluster) { return projections.get(cluster).value(); }

    /** Where tokens {@code [n]} of a cluster stand. */
    Tensor places(Tensor tokens, int cluster) {
        return tokens.ge(new Scalar((long) clusters.first(cluster)))
                .logical_and(tokens.lt(new Scalar((long) clusters.first(cluster + 1)))).nonzero().squeeze(1);
    }

    /** Features {@code [b, l, d]} of tokens {@code [b, l]}. */
    Tensor embed(Tensor tokens) {
        Tensor flat = tokens.flatten();
        Tensor y = Tensors.zeros(table(0).scalar_type(), table(0), flat.size(0), clusters.width());
        for (int i = 0; i < clusters.count(); i++) {
            Tensor places = places(flat, i);
            if (places.size(0) > 0) {
                Tensor own = flat.index_select(0, places).sub(new Scalar((long) clusters.first(i)));
                y = y.index_copy(0, places, torch.embedding(table(i), own).matmul(projection(i).t()));
            }
        }
        return y.mul(new Scalar(Math.sqrt(clusters.width()))).unflatten(0, tokens.size(0), tokens.size(1));
    }
}
