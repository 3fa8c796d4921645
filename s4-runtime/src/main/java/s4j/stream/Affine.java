package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.model.LinearConfig;
import s4j.model.S4LayerConfig.Activation;
import s4j.stream.Linear.Side;

/** One linear map a step, y = f(W x + b); without a state. */
final class Affine implements Layer {
    private final @Nullable Activation activation;
    private final Build build;
    private final int h;
    private final int stride;
    private final Linear linear;

    /** From the tensors of PyTorch's {@code nn.Linear}. */
    Affine(LinearConfig config, int h, Weights weights, Build build) {
        this.activation = config.activation();
        this.build = build;
        this.h = h;
        this.stride = Padding.stride(h);
        this.linear = Linear.load(weights, "weight", "bias", Side.plain(h), Side.plain(h), build.backend(),
                new long[]{h, h});
    }

    private void rows(float[] x, int at, int rows, float[] y, Scratch scratch) {
        float[] z = scratch.get(Scratch.PROJECTED, rows * stride);
        linear.apply(x, at, stride, rows, z, 0, scratch);
        Pointwise.apply(activation, z, rows * stride, build.functions(), scratch);
        if (!Pointwise.keepsZero(activation)) {
            Padding.clear(z, 0, rows, h, stride);
        }
        System.arraycopy(z, 0, y, at, rows * stride);
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
