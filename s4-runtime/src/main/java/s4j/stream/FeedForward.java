package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.model.FeedForwardConfig;
import s4j.model.S4LayerConfig.Activation;
import s4j.stream.Linear.Side;

/** The position-wise layer: y = W₂ f(W₁ x + b₁) + b₂; without a state. */
final class FeedForward implements Layer {
    private final @Nullable Activation activation;
    private final Build build;
    private final int stride;
    private final int middle;
    private final Linear in;
    private final Linear out;

    /** From the tensors below {@code ff.}. */
    FeedForward(FeedForwardConfig config, int h, Weights weights, Build build) {
        this.activation = config.activation();
        this.build = build;
        this.stride = Padding.stride(h);
        this.middle = Padding.stride(Math.multiplyExact(h, config.expand()));
        int width = h * config.expand();
        this.in = Linear.load(weights, config.inner(),
                activation == Activation.GLU ? Side.blocks(2, width) : Side.plain(width), Side.plain(h),
                build.backend());
        this.out = Linear.load(weights, "ff.2", Side.plain(h), Side.plain(width), build.backend());
    }

    private void rows(float[] x, int at, int rows, float[] y, Scratch scratch) {
        float[] z = scratch.get(Scratch.PROJECTED, rows * in.stride());
        in.apply(x, at, stride, rows, z, 0, scratch);
        if (activation == Activation.GLU) {
            float[] halved = scratch.get(Scratch.GATE, rows * middle);
            build.functions().glu(z, rows, middle, halved);
            z = halved;
        } else {
            Pointwise.apply(activation, z, rows * middle, build.functions(), scratch);
        }
        out.apply(z, 0, middle, rows, y, at, scratch);
    }

    @Override
    public void stream(float[] x, Flow flow, float[] y, Scratch scratch) { rows(x, 0, flow.rows, y, scratch); }

    @Override
    public void whole(float[] x, Sequences sequences, float[] y) {
        build.machine().forRows(sequences.rows(), (first, count) -> rows(x, first * stride, count, y,
                build.scratch().get()));
    }

    @Override
    public @Nullable String refusal() { return null; }
}
