package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.model.S4LayerConfig.Activation;
import s4j.stream.Linear.Side;

/** The position-wise block of SaShiMi: Linear, GELU, Linear. */
final class FeedForward implements Mixer {
    private final Build build;
    private final int stride;
    private final Linear in;
    private final Linear out;

    /** From the tensors below {@code ff.}; the middle is {@code factor} times as wide. */
    FeedForward(int h, int factor, Weights weights, Build build) {
        int middle = Math.multiplyExact(h, factor);
        this.build = build;
        this.stride = Padding.stride(h);
        this.in = Linear.load(weights, "ff.0.0", Side.plain(middle), Side.plain(h), build.backend());
        this.out = Linear.load(weights, "ff.2", Side.plain(h), Side.plain(middle), build.backend());
    }

    private void rows(float[] x, int at, int rows, float[] y, Scratch scratch) {
        float[] z = scratch.get(Scratch.PROJECTED, rows * in.stride());
        in.apply(x, at, stride, rows, z, 0, scratch);
        Pointwise.apply(Activation.GELU, z, rows * in.stride(), build.functions(), scratch);
        out.apply(z, 0, in.stride(), rows, y, at, scratch);
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
