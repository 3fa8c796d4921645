package s4j.torch.nn;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.model.BackboneConfig;
import s4j.model.BackboneConfig.Residual;
import s4j.model.LayerConfig;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;

/** norm -> layer -> dropout -> residual (-> norm) -> pool. */
final class ResidualBlock {
    private final BackboneConfig config;
    private final Norm norm;
    private final Layer layer;
    private final @Nullable Pool pool;

    ResidualBlock(BackboneConfig config, LayerConfig kind, int features, int lMax, boolean pooled, String prefix,
            ParameterStore store, Kernels kernels) {
        this.config = config;
        this.layer = Layer.create(kind, features, lMax, config.dropout(), prefix + "layer.", store, kernels);
        this.norm = Norm.create(config.norm(), features, prefix + "norm.", store);
        this.pool = pooled && config.pool() != null
                ? Pool.create(config.pool(), features, prefix + "pool.", store)
                : null;
    }

    Layer.Output forward(Tensor x, @Nullable Tensor state, double rate, @Nullable Tensor mask, boolean training) {
        Layer.Output out = layer.forward(config.prenorm() ? norm.forward(x, mask, training) : x, state, rate, mask,
                training);
        Tensor dropped = Pointwise.dropout(out.y(), config.dropout(), training, config.tieDropout() ? 1 : null);
        Tensor y = finish(x, dropped, mask, training);
        return new Layer.Output(pool == null ? y : pool.forward(y, rate), out.state());
    }

    Layer.Output step(Tensor x, Tensor state, Layer.Stepper stepper) {
        if (pool != null || config.norm() == BackboneConfig.Norm.INSTANCE) {
            throw new IllegalArgumentException(
                    "one step at a time needs a model without pooling and instance norm: both "
                            + "look at other steps");
        }
        Tensor one = x.unsqueeze(1);
        Tensor input = config.prenorm() ? norm.forward(one, null, false) : one;
        Layer.Output out = stepper.step(input.squeeze(1), state);
        return new Layer.Output(finish(one, out.y().unsqueeze(1), null, false).squeeze(1), out.state());
    }

    private Tensor finish(Tensor x, Tensor y, @Nullable Tensor mask, boolean training) {
        Tensor sum = config.residual() == Residual.R ? x.add(y) : y;
        return config.prenorm() ? sum : norm.forward(sum, mask, training);
    }

    /** The layer inside. */
    Layer layer() { return layer; }

    /** The pooling at the end of the block; null: none. */
    @Nullable
    Pool pool() { return pool; }
}
