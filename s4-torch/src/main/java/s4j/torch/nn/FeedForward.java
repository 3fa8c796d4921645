package s4j.torch.nn;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.model.FeedForwardConfig;
import s4j.model.S4LayerConfig.Activation;
import s4j.torch.tensor.Linear;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;
import s4j.torch.tensor.Tensors;

/** The position-wise layer: y = W₂ dropout(f(W₁ x + b₁)) + b₂; without a state. */
public final class FeedForward implements Layer {
    private final FeedForwardConfig config;
    private final double dropout;
    private final int features;
    private final Linear inner;
    private final Linear outer;

    /**
     * Creates the parameters below {@code prefix}.
     *
     * @param pointwise whether weights are {@code [out, in, 1]}, as SaShiMi has them, or {@code [out, in]}
     */
    FeedForward(FeedForwardConfig config, int features, double dropout, boolean pointwise, String prefix,
            ParameterStore store) {
        this.config = config;
        this.dropout = config.dropout() == null ? dropout : config.dropout();
        this.features = features;
        int middle = features * config.expand();
        int made = config.activation() == Activation.GLU ? 2 * middle : middle;
        String name = prefix + config.inner();
        this.inner = pointwise ? store.addPointwise(name, features, made) : store.addLinear(name, features, made);
        String last = prefix + "ff.2";
        this.outer = pointwise ? store.addPointwise(last, middle, features) : store.addLinear(last, middle, features);
    }

    @Override
    public Output forward(Tensor x, @Nullable Tensor state, double rate, @Nullable Tensor mask, boolean training) {
        Tensor middle = Pointwise.activate(inner.forward(x), config.activation());
        Tensor kept = Pointwise.dropout(middle, dropout, training, config.tieDropout() ? 1 : null);
        return new Output(outer.forward(kept), state);
    }

    @Override
    public Stepper stepper(double rate) { return (x, state) -> forward(x, state, rate, null, false); }

    @Override
    public Tensor zeroState(long batch) {
        Tensor weight = inner.weight().value();
        return Tensors.zeros(weight.scalar_type(), weight, batch, 0);
    }

    @Override
    public int dOutput() { return features; }
}
