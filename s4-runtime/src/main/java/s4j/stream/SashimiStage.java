package s4j.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.model.LayerConfig;
import s4j.model.SashimiConfig;
import s4j.stream.Linear.Side;

/**
 * One resolution of SaShiMi with all below it: (U-Net: blocks ->) pool -> inner stage -> unpool, one pooled step late -> sum
 * with what went into the pool -> blocks, of a U-Net each summed with what went into its mirror image, else summed together
 * with what went into them. The innermost stage is blocks and their sum.
 *
 * <p>A stream keeps the steps that wait for the pool to fill, and the unpooled steps that are still to come out.
 */
final class SashimiStage {
    /** Places in {@link Scratch} for one stage, before those of its skips. */
    private static final int PLACES = 3;

    private final int depth;
    private final int stride;
    private final int pool;
    private final boolean unet;
    private final List<ResidualBlock> down;
    private final List<ResidualBlock> up;
    private final Build build;
    private final @Nullable Inner inner;

    /** What a stage that is not the innermost has: pools and places in the state. */
    private record Inner(SashimiStage stage, Linear down, Linear up, int waiting, int coming) {}

    private SashimiStage(int depth, int h, int pool, boolean unet, List<ResidualBlock> down, List<ResidualBlock> up,
            @Nullable Inner inner, Build build) {
        this.depth = depth;
        this.stride = Padding.stride(h);
        this.pool = pool;
        this.unet = unet;
        this.down = down;
        this.up = up;
        this.inner = inner;
        this.build = build;
    }

    /** The stage {@code depth} and all below. */
    static SashimiStage load(SashimiConfig config, int depth, int h, Weights weights, Build build) {
        if (depth == config.pool().size()) {
            List<ResidualBlock> center = blocks(config, h, "c_layers.", 0, weights, build);
            return new SashimiStage(depth, h, 1, config.unet(), List.of(), center, null, build);
        }
        int pool = config.pool().get(depth);
        int per = config.unet() ? config.nLayers() * config.layers().size() : 0;
        int wide = Math.multiplyExact(h, config.expand());
        int first = depth * (per + 1);
        String upper = "u_layers." + (config.pool().size() - 1 - depth) + ".";
        List<ResidualBlock> down = config.unet()
                ? blocks(config, h, "d_layers.", first, weights, build)
                : List.of();
        Linear pooling = Linear.load(weights, "d_layers." + (first + per) + ".linear", Side.plain(wide),
                Side.steps(h, pool), build.backend());
        Linear unpooling = Linear.load(weights, upper + "0.linear", Side.steps(h, pool), Side.plain(wide),
                build.backend());
        int size = Math.multiplyExact(pool, Padding.stride(h));
        int waiting = build.reserve(size);
        int coming = build.reserve(size);
        SashimiStage stage = load(config, depth + 1, wide, weights, build);
        List<ResidualBlock> up = blocks(config, h, upper, 1, weights, build);
        return new SashimiStage(depth, h, pool, config.unet(), down, up,
                new Inner(stage, pooling, unpooling, waiting, coming), build);
    }

    private static List<ResidualBlock> blocks(SashimiConfig config, int h, String name, int first,
            Weights weights, Build build) {
        List<ResidualBlock> blocks = new ArrayList<>();
        for (int i = 0; i < config.nLayers(); i++) {
            for (LayerConfig kind : config.layers()) {
                Weights w = weights.at(name + (first + blocks.size()) + ".");
                Layer layer = Layer.load(kind, h, Integer.MAX_VALUE, w.at("layer."), build);
                Norm norm = Norm.load(config.norm(), h, w.at("norm."), build.functions());
                blocks.add(new ResidualBlock(norm, layer, true, true, Padding.stride(h), build));
            }
        }
        return blocks;
    }

    /** The next rows of streams, in place. */
    void stream(float[] x, Flow flow, Scratch scratch) {
        int size = flow.rows * stride;
        keep(0, x, size, scratch);
        for (int i = 0; i < down.size(); i++) {
            scratch.streams().compute(down, i, i + 1, x, stride, flow, scratch);
            keep(i + 1, x, size, scratch);
        }
        if (inner != null) {
            resample(inner, x, flow, scratch);
            build.functions().add(kept(down.size(), size, scratch), 0, x, 0, size);
        }
        if (!unet) {
            keep(0, x, size, scratch);
        }
        int together = unet && inner != null ? 1 : up.size();
        for (int i = 0; i < up.size(); i += together) {
            scratch.streams().compute(up, i, i + together, x, stride, flow, scratch);
            if (unet && inner != null) {
                build.functions().add(kept(down.size() - 1 - i, size, scratch), 0, x, 0, size);
            }
        }
        if (inner == null || !unet) {
            build.functions().add(kept(0, size, scratch), 0, x, 0, size);
        }
    }

    private float[] kept(int i, int size, Scratch scratch) {
        return scratch.get(Scratch.STAGES + place(PLACES + i), size);
    }

    private void keep(int i, float[] x, int size, Scratch scratch) {
        System.arraycopy(x, 0, kept(i, size, scratch), 0, size);
    }

    /** A place of this stage in the scratch; all stages have equally many blocks. */
    private int place(int i) {
        return depth * (PLACES + up.size() + 1) + i;
    }

    /** Through the pool, the stages below, and back: x becomes the unpooled rows. */
    private void resample(Inner in, float[] x, Flow flow, Scratch scratch) {
        Flow pooled = scratch.flow(depth + 1);
        pooled.clear();
        for (int i = 0; i < flow.streams; i++) {
            long before = flow.firsts[i] / pool;
            int count = (int) ((flow.firsts[i] + flow.counts[i]) / pool - before);
            if (count > 0) {
                pooled.add(flow.states[i], count, before);
            }
        }
        int width = pool * stride;
        float[] groups = scratch.get(Scratch.STAGES + place(0), pooled.rows * width);
        gather(in, x, flow, groups);
        float[] z = scratch.get(Scratch.STAGES + place(1), pooled.rows * in.down.stride());
        float[] back = scratch.get(Scratch.STAGES + place(2), pooled.rows * width);
        if (pooled.rows > 0) {
            in.down.apply(groups, 0, width, pooled.rows, z, 0, scratch);
            in.stage.stream(z, pooled, scratch);
            in.up.apply(z, 0, in.down.stride(), pooled.rows, back, 0, scratch);
        }
        release(in, x, flow, back);
    }

    private void gather(Inner in, float[] x, Flow flow, float[] groups) {
        int width = pool * stride;
        int row = 0;
        int group = 0;
        for (int i = 0; i < flow.streams; i++) {
            float[] state = flow.states[i].values;
            for (int t = 0; t < flow.counts[i]; t++, row++) {
                int phase = (int) ((flow.firsts[i] + t) % pool);
                System.arraycopy(x, row * stride, state, in.waiting + phase * stride, stride);
                if (phase == pool - 1) {
                    System.arraycopy(state, in.waiting, groups, group++ * width, width);
                }
            }
        }
    }

    private void release(Inner in, float[] x, Flow flow, float[] back) {
        int width = pool * stride;
        int row = 0;
        int group = 0;
        for (int i = 0; i < flow.streams; i++) {
            float[] state = flow.states[i].values;
            for (int t = 0; t < flow.counts[i]; t++, row++) {
                int phase = (int) ((flow.firsts[i] + t) % pool);
                System.arraycopy(state, in.coming + phase * stride, x, row * stride, stride);
                if (phase == pool - 1) {
                    System.arraycopy(back, group++ * width, state, in.coming, width);
                }
            }
        }
    }

    /** Whole sequences, in place; their length is a multiple of all pools. */
    void whole(float[] x, Sequences sequences) {
        List<float[]> skips = new ArrayList<>();
        skips.add(x.clone());
        for (ResidualBlock block : down) {
            block.whole(x, sequences);
            skips.add(x.clone());
        }
        if (inner != null) {
            resample(inner, x, sequences);
            build.functions().add(skips.removeLast(), 0, x, 0, x.length);
        }
        if (inner != null && !unet) {
            skips.add(x.clone());
        }
        for (ResidualBlock block : up) {
            block.whole(x, sequences);
            if (unet && inner != null) {
                build.functions().add(skips.removeLast(), 0, x, 0, x.length);
            }
        }
        if (inner == null || !unet) {
            build.functions().add(skips.removeLast(), 0, x, 0, x.length);
        }
    }

    /** Rows of a pool's steps lie one after the other in x as they do in its matrices; padding counts as zeros. */
    private void resample(Inner in, float[] x, Sequences sequences) {
        Sequences pooled = sequences.pooled(sequences.l() / pool, n -> Math.ceilDiv(n, pool));
        int width = pool * stride;
        int inside = in.down.stride();
        float[] z = new float[Math.multiplyExact(pooled.rows(), inside)];
        sequences.mask(x, stride);
        build.machine().forRows(pooled.rows(), (first, count) -> in.down.apply(x, first * width, width, count, z,
                first * inside, build.scratch().get()));
        in.stage.whole(z, pooled);
        float[] back = new float[x.length];
        build.machine().forRows(pooled.rows(), (first, count) -> in.up.apply(z, first * inside, inside, count, back,
                first * width, build.scratch().get()));
        for (int i = 0; i < pooled.b(); i++) {
            int at = i * pooled.l() * width;
            java.util.Arrays.fill(x, at, at + width, 0);
            System.arraycopy(back, at, x, at + width, (pooled.l() - 1) * width);
        }
    }

    @Nullable
    String refusal() {
        for (ResidualBlock block : up) { // those on the way down are of the same kind
            if (block.refusal() != null) {
                return block.refusal();
            }
        }
        return inner == null ? null : inner.stage.refusal();
    }

    /** The layers of this stage and below, in the order in which they compute. */
    void collect(List<Layer> all) {
        down.forEach(block -> all.add(block.layer()));
        if (inner != null) {
            inner.stage.collect(all);
        }
        up.forEach(block -> all.add(block.layer()));
    }
}
