package s4j.torch.nn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.model.BackboneConfig;
import s4j.model.PoolConfig;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;
import s4j.torch.tensor.RandomStates;

/** The isotropic stack of residual blocks, with an optional last norm. */
final class Backbone implements Body {
    private final BackboneConfig config;
    private final List<ResidualBlock> blocks = new ArrayList<>();
    private final Norm norm;
    private final int dOutput;
    private final BlockPass pass;

    Backbone(BackboneConfig config, int lMax, String prefix, ParameterStore store, Kernels kernels) {
        this.config = config;
        this.pass = new BlockPass(store);
        int features = config.dModel();
        int length = lMax;
        for (int i = 0; i < config.blocks(); i++) {
            boolean pooled = config.pool() != null && (i + 1) % config.nRepeat() == 0;
            blocks.add(
                    new ResidualBlock(config, config.layer(i), features, length, pooled, prefix + "layers." + i + ".",
                            store, kernels));
            if (pooled && config.pool() != null) {
                features *= config.pool().expand();
                length = Math.max(1, Math.ceilDiv(length, config.pool().stride()));
            }
        }
        dOutput = features;
        norm = Norm.create(config.prenorm() && config.finalNorm() ? config.norm() : null, features, prefix + "norm.",
                store);
    }

    @Override
    public Output forward(Tensor x, @Nullable List<Tensor> states, double rate, @Nullable Tensor mask,
            boolean training) {
        Tensor y = Pointwise.dropout(x, config.dropinp(), training, config.tieDropout() ? 1 : null);
        List<Tensor> next = states == null ? null : new ArrayList<>();
        if (states != null && (config.pool() != null || config.norm() == BackboneConfig.Norm.INSTANCE)) {
            throw new IllegalArgumentException(
                    "a model with pooling or instance norm cannot go on from a state: both look at steps of other chunks; "
                            + "run whole sequences");
        }
        Tensor valid = mask;
        double now = rate;
        for (int i = 0; i < blocks.size(); i++) {
            ResidualBlock block = blocks.get(i);
            Tensor state = states == null ? null : states.get(i);
            Tensor real = valid;
            double here = now;
            Layer.Output out = pass.run(u -> block.forward(u, state, here, real, training), y);
            y = out.y();
            if (next != null && out.state() != null) {
                next.add(out.state());
            }
            Pool pool = block.pool();
            if (pool != null) {
                valid = valid == null ? null : pool.mask(valid, now);
                now /= PoolConfig.held(now);
            }
        }
        return new Output(norm.forward(y, valid, training), next, valid);
    }

    @Override
    public Output step(Tensor x, List<Tensor> states, List<Layer.Stepper> steppers) {
        Tensor y = x;
        List<Tensor> next = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Layer.Output out = blocks.get(i).step(y, states.get(i), steppers.get(i));
            y = out.y();
            next.add(java.util.Objects.requireNonNull(out.state()));
        }
        return new Output(norm.forward(y.unsqueeze(1), null, false).squeeze(1), next, null);
    }

    @Override
    public void recompute(RandomStates random) { pass.recompute(random); }

    @Override
    public List<Layer> layers() { return blocks.stream().map(ResidualBlock::layer).toList(); }

    @Override
    public int dOutput() { return dOutput; }
}
