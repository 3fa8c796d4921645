package s4j.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.model.BackboneConfig;
import s4j.model.PoolConfig;

/** The isotropic stack of residual blocks, with pooling where the configuration has it, and an optional last norm. */
final class IsotropicBody implements Body {
    private final List<ResidualBlock> blocks = new ArrayList<>();
    private final List<@Nullable IsotropicPool> pools = new ArrayList<>();
    private final Build build;
    private final boolean pooling;
    private final Norm norm;
    private final int dOutput;

    /** From the tensors below {@code model.}. */
    IsotropicBody(BackboneConfig config, int lMax, Weights weights, Build first) {
        this.build = first;
        Build build = first;
        int features = config.dModel();
        int length = lMax;
        PoolConfig pool = config.pool();
        this.pooling = pool != null;
        for (int i = 0; i < config.blocks(); i++) {
            Weights w = weights.at("layers." + i + ".");
            Norm norm = Norm.load(config.norm(), features, w.at("norm."), build.functions());
            Layer layer = Layer.load(config.layer(i), features, length, w.at("layer."), build);
            blocks.add(new ResidualBlock(norm, layer, config.prenorm(), config.residual() == BackboneConfig.Residual.R,
                    Padding.stride(features), build));
            if (pool == null || (i + 1) % config.nRepeat() != 0) {
                pools.add(null);
            } else {
                pools.add(new IsotropicPool(pool, features, w.at("pool."), build));
                features = Math.multiplyExact(features, pool.expand());
                length = Math.max(1, Math.ceilDiv(length, pool.stride()));
                build = build.after(PoolConfig.held(build.rate()));
            }
        }
        this.dOutput = features;
        this.norm = Norm.load(config.prenorm() && config.finalNorm() ? config.norm() : null, features,
                weights.at("norm."), build.functions());
    }

    @Override
    public Output whole(float[] x, Sequences sequences) {
        Output now = new Output(x, sequences);
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).whole(now.x(), now.sequences());
            IsotropicPool pool = pools.get(i);
            if (pool != null) {
                now = pool.whole(now);
            }
        }
        ResidualBlock.normalize(norm, now.x(), now.x(), now.sequences(), build);
        return now;
    }

    /** All but the last block as ever; that one and the last norm on a row of each sequence. */
    @Override
    public Output last(float[] x, Sequences sequences) {
        if (pooling || norm instanceof Norm.Instance || !blocks.getLast().rowwise()) {
            return whole(x, sequences);
        }
        for (ResidualBlock block : blocks.subList(0, blocks.size() - 1)) {
            block.whole(x, sequences);
        }
        float[] y = blocks.getLast().last(x, sequences);
        ResidualBlock.normalize(norm, y, y, sequences.single(), build);
        return new Output(y, sequences.single());
    }

    @Override
    public void stream(float[] x, Flow flow, Scratch scratch) {
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).stream(x, flow, scratch);
        }
        norm.rows(x, 0, x, 0, flow.rows, scratch);
    }

    @Override
    public int dOutput() { return dOutput; }

    @Override
    public int multiple() { return 1; }

    @Override
    public @Nullable String refusal() {
        if (pooling) {
            return "pooling between layers (model.pool) looks at steps of other chunks";
        }
        for (ResidualBlock block : blocks) {
            if (block.refusal() != null) {
                return block.refusal();
            }
        }
        return null;
    }

    @Override
    public List<Layer> layers() { return blocks.stream().map(ResidualBlock::layer).toList(); }
}
