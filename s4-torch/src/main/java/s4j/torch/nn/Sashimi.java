package s4j.torch.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.model.BackboneConfig;
import s4j.model.FeedForwardConfig;
import s4j.model.LayerConfig;
import s4j.model.SashimiConfig;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;
import s4j.torch.tensor.RandomStates;
import s4j.torch.tensor.Tensors;

/**
 * SaShiMi: down through the poolings, S4 and feed-forward blocks at the innermost resolution, up again with blocks at each
 * resolution; what a stage was given is added to what it gives. A U-Net has blocks on the way down too and adds the value
 * before each of them to the value behind its mirror image.
 *
 * <p>Sequences of any length are padded at the end to a multiple of the total pooling and cut afterwards. A causal model
 * does not notice: no output depends on a later input, so lengths need no mask. In a bidirectional one steps behind a
 * sequence's own end count as zeros: the input of every S4 block and of every down-pooling is masked, and a pooled step is
 * real when its first step is; outputs then depend on the sequence alone, not on how far it was padded.
 *
 * <p>Source: Goel, Gu, Donahue, Ré, It's Raw! Audio Generation with State-Space Models (2022), section 4.
 */
final class Sashimi implements Body {
    private final SashimiConfig config;
    private final ParameterStore store;
    private final Kernels kernels;
    private final List<SashimiLayer> down = new ArrayList<>();
    private final List<SashimiLayer> center = new ArrayList<>();
    private final List<List<SashimiLayer>> up = new ArrayList<>();
    private final List<Layer> layers = new ArrayList<>();
    private final Norm norm;
    private final BlockPass pass;

    /** Creates the parameters below {@code prefix}; lMax is the length that the first stage's kernels are attuned to. */
    Sashimi(SashimiConfig config, int lMax, String prefix, ParameterStore store, Kernels kernels) {
        this.config = config;
        this.pass = new BlockPass(store);
        this.store = store;
        this.kernels = kernels;
        int total = config.totalPool();
        int length = Math.multiplyExact(Math.ceilDiv(lMax, total), total);
        int features = config.dModel();
        for (int stride : config.pool()) {
            if (config.unet()) {
                blocks(down, features, length, prefix + "d_layers.");
            }
            down.add(SashimiLayer.DownPool.create(features, config.expand(), stride,
                    prefix + "d_layers." + down.size() + ".", store));
            features = Math.multiplyExact(features, config.expand());
            length /= stride;
        }
        blocks(center, features, length, prefix + "c_layers.");
        for (int stage = config.pool().size() - 1; stage >= 0; stage--) {
            List<SashimiLayer> block = new ArrayList<>();
            String here = prefix + "u_layers." + up.size() + ".";
            int stride = config.pool().get(stage);
            block.add(SashimiLayer.UpPool.create(features, config.expand(), stride, here + "0.", store));
            features /= config.expand();
            length *= stride;
            blocks(block, features, length, here);
            up.add(block);
        }
        norm = Norm.create(BackboneConfig.Norm.LAYER, features, prefix, store);
    }

    /** Adds n_layers times the layers, numbered on from what is there. */
    private void blocks(List<SashimiLayer> stage, int features, int length, String prefix) {
        for (int i = 0; i < config.nLayers(); i++) {
            for (LayerConfig kind : config.layers()) {
                SashimiLayer.Mixing block = mixing(kind, features, length, prefix + stage.size() + ".");
                layers.add(block.layer());
                stage.add(block);
            }
        }
    }

    /** The official SaShiMi has the weights of a feed-forward layer as convolutions of one step, behind those of its norm. */
    private SashimiLayer.Mixing mixing(LayerConfig kind, int features, int length, String prefix) {
        if (kind instanceof FeedForwardConfig ff) {
            Norm before = SashimiLayer.norm(config.norm(), features, prefix, store);
            return new SashimiLayer.Mixing(before,
                    new FeedForward(ff, features, config.dropout(), true, prefix + "layer.", store), config.dropout());
        }
        Layer layer = Layer.create(kind, features, length, config.dropout(), prefix + "layer.", store, kernels);
        return new SashimiLayer.Mixing(SashimiLayer.norm(config.norm(), features, prefix, store), layer,
                config.dropout());
    }

    @Override
    public Output forward(Tensor x, @Nullable List<Tensor> states, double rate, @Nullable Tensor mask,
            boolean training) {
        if (states != null) {
            throw stepwise();
        }
        long length = x.size(1);
        long padding = Math.ceilDiv(length, (long) config.totalPool()) * config.totalPool() - length;
        Tensor input = Pointwise.dropout(x, config.dropinp(), training, null);
        Tensor y = padded(input, padding);
        Masks masks = new Masks(config.layer().bidirectional() ? mask(y, mask, padding) : null);
        Tensor all = run(y, rate, masks, training);
        return new Output(norm.forward(padding == 0 ? all : all.narrow(1, 0, length), null, training), null, mask);
    }

    /** The masks of all resolutions; a causal model has none. */
    private record Masks(@Nullable Tensor finest) {
        @Nullable
        Tensor at(long length) {
            return finest == null
                    ? null
                    : finest.slice(1, new LongOptional(0), new LongOptional(finest.size(1)),
                            finest.size(1) / length);
        }
    }

    private static @Nullable Tensor mask(Tensor y, @Nullable Tensor mask, long padding) {
        if (mask == null && padding == 0) {
            return null;
        }
        Tensor real = mask == null
                ? Tensors.zeros(y.scalar_type(), y, y.size(0), y.size(1) - padding, 1)
                        .add(new Scalar(1.0))
                : mask;
        return padded(real, padding);
    }

    private static Tensor padded(Tensor x, long padding) {
        return padding == 0
                ? x
                : Tensors.cat(1, x, Tensors.zeros(x.scalar_type(), x, x.size(0), padding, x.size(2)));
    }

    private Tensor run(Tensor x, double rate, Masks masks, boolean training) {
        Deque<Tensor> skips = new ArrayDeque<>();
        Tensor y = x;
        skips.push(y);
        for (SashimiLayer layer : down) {
            y = run(layer, y, rate, masks, training);
            skips.push(y);
        }
        for (SashimiLayer layer : center) {
            y = run(layer, y, rate, masks, training);
        }
        y = y.add(skips.pop());
        for (List<SashimiLayer> block : up) {
            for (int i = 0; i < block.size(); i++) {
                y = run(block.get(i), y, rate, masks, training);
                if (config.unet()) {
                    y = y.add(skips.pop());
                } else if (i == 0) {
                    y = y.add(skips.pop());
                    skips.push(y);
                }
            }
            y = config.unet() ? y : y.add(skips.pop());
        }
        return y;
    }

    private Tensor run(SashimiLayer layer, Tensor x, double rate, Masks masks, boolean training) {
        Tensor mask = masks.at(x.size(1));
        return pass.run(u -> new Layer.Output(layer.forward(u, rate, mask, training), null), x).y();
    }

    @Override
    public void recompute(RandomStates random) { pass.recompute(random); }

    @Override
    public Output step(Tensor x, List<Tensor> states, List<Layer.Stepper> steppers) { throw stepwise(); }

    private static IllegalArgumentException stepwise() {
        return new IllegalArgumentException("SaShiMi goes on from a state in s4-runtime alone (S4Model); here it runs "
                + "whole sequences");
    }

    @Override
    public List<Layer> layers() { return List.copyOf(layers); }

    @Override
    public int dOutput() { return config.dModel(); }
}
