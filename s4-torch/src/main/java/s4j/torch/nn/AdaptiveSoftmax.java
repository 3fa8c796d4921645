package s4j.torch.nn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import s4j.model.Clusters;
import s4j.torch.objective.Goals;
import s4j.torch.objective.Objective;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/**
 * The softmax over clusters of tokens, see {@link Clusters}: its loss needs the scores of the head, and of a cluster only where a
 * target is in it.
 */
public final class AdaptiveSoftmax {
    private final Clusters clusters;
    private final AdaptiveTables tables;
    private final Parameter headProjection;
    private final List<Parameter> biases = new ArrayList<>();
    private final @Nullable Parameter clusterWeight;
    private final @Nullable Parameter clusterBias;

    AdaptiveSoftmax(AdaptiveTables tables, int features, ParameterStore store) {
        this.tables = tables;
        this.clusters = tables.clusters();
        if (features != clusters.width()) {
            throw new IllegalArgumentException("decoder adaptive gets %d features, the tables are of %d; expected equal"
                    .formatted(features, clusters.width()));
        }
        this.headProjection = AdaptiveTables.projection("decoder.0.out_proj", clusters.width(), clusters.width(0),
                store);
        int tails = clusters.count() - 1;
        this.clusterWeight = tails == 0
                ? null
                : store.addUniform("decoder.0.cluster_weight", Role.WEIGHT, 0, tails, clusters.width(0));
        this.clusterBias = tails == 0 ? null : store.addUniform("decoder.0.cluster_bias", Role.BIAS, 0, tails);
        for (int i = 0; i < clusters.count(); i++) {
            biases.add(store.addUniform("decoder.0.out_biases." + i, Role.BIAS, 1 / Math.sqrt(clusters.width()),
                    clusters.size(i)));
        }
    }

    /** ln p over words of cluster 0 and clusters, {@code [n, n_0 + K]}. */
    private Tensor head(Tensor x) {
        Tensor weight = tables.table(0);
        Tensor bias = biases.getFirst().value();
        if (clusterWeight != null && clusterBias != null) {
            weight = Tensors.cat(0, weight, clusterWeight.value());
            bias = Tensors.cat(0, bias, clusterBias.value());
        }
        return torch.log_softmax(x.matmul(headProjection.value()).matmul(weight.t()).add(bias), -1);
    }

    /** ln p over the words of a tail, given its cluster. */
    private Tensor tail(Tensor x, int cluster) {
        return torch.log_softmax(x.matmul(tables.projection(cluster)).matmul(tables.table(cluster).t())
                .add(biases.get(cluster).value()), -1);
    }

    /** ln p of every token {@code [n, tokens]} from features {@code [n, d]}. */
    Tensor logProbabilities(Tensor x) {
        Tensor head = head(x);
        Tensor[] parts = new Tensor[clusters.count()];
        parts[0] = head.narrow(1, 0, clusters.size(0));
        for (int i = 1; i < parts.length; i++) {
            parts[i] = tail(x, i).add(head.narrow(1, clusters.headPlace(i), 1));
        }
        return parts.length == 1 ? parts[0] : Tensors.cat(1, parts);
    }

    /**
     * −ln p of the targets. A prediction counts as right when the head and then its cluster name the target first, which is not
     * always the most probable of all tokens.
     *
     * @param x features {@code [n, d]}
     */
    public Objective.Loss loss(Tensor x, Goals goals) {
        Tensor targets = goals.values();
        Tensor head = head(x);
        Tensor best = head.detach().argmax(new org.bytedeco.pytorch.LongOptional(-1), false);
        Tensor sum = Tensors.zeros(x.scalar_type(), x, 1);
        long correct = 0;
        for (int i = 0; i < clusters.count(); i++) {
            Tensor places = tables.places(targets, i);
            if (places.size(0) == 0) {
                continue;
            }
            Tensor own = targets.index_select(0, places).sub(new Scalar((long) clusters.first(i))).unsqueeze(1);
            Tensor rows = head.index_select(0, places);
            Tensor named = best.index_select(0, places);
            if (i == 0) {
                sum = sum.add(rows.gather(1, own).sum());
                correct += named.eq(own.squeeze(1)).sum().item().toLong();
            } else {
                Tensor tail = tail(x.index_select(0, places), i);
                sum = sum.add(rows.select(1, clusters.headPlace(i)).sum()).add(tail.gather(1, own).sum());
                Tensor both = tail.detach().argmax(new org.bytedeco.pytorch.LongOptional(-1), false)
                        .eq(own.squeeze(1)).logical_and(named.eq(new Scalar((long) clusters.headPlace(i))));
                correct += both.sum().item().toLong();
            }
        }
        long n = targets.numel();
        return new Objective.Loss(sum.neg().div(new Scalar((double) n)).squeeze(), correct, n);
    }
}
