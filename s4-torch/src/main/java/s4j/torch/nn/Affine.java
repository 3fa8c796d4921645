package s4j.torch.nn;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.model.LinearConfig;
import s4j.torch.tensor.Linear;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;
import s4j.torch.tensor.Tensors;

/** One linear map a step, y = f(W dropout(x) + b), named as in PyTorch's {@code nn.Linear}; without a state. */
public final class Affine implements Layer {
    private final LinearConfig config;
    private final double dropout;
    private final int features;
    private final Linear linear;

    /** Creates the parameters below {@code prefix}, which ends with a dot or is empty. */
    Affine(LinearConfig config, int features, double dropout, String prefix, ParameterStore store) {
        this.config = config;
        this.dropout = config.dropout() == null ? dropout : config.dropout();
        this.features = features;
        double bound = 1 / Math.sqrt(features);
        this.linear = new Linear(
                store.addUniform(prefix + "weight", Role.WEIGHT, bound, features, features),
                store.addUniform(prefix + "bias", Role.BIAS, bound, features));
    }

    @Override
    public Output forward(Tensor x, @Nullable Tensor state, double rate, @Nullable Tensor mask, boolean training) {
        Tensor y = linear.forward(Pointwise.dropout(x, dropout, training, null));
        return new Output(Pointwise.activate(y, config.activation()), state);
    }

    @Override
    public Stepper stepper(double rate) { return (x, state) -> forward(x, state, rate, null, false); }

    @Override
    public Tensor zeroState(long batch) {
        Tensor weight = linear.weight().value();
        return Tensors.zeros(weight.scalar_type(), weight, batch, 0);
    }

    @Override
    public int dOutput() { return features; }
}
