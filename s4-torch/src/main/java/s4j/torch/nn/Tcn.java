package s4j.torch.nn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import s4j.model.TcnConfig;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;
import s4j.torch.tensor.Tensors;

/**
 * Dilated causal convolutions, each with a residual, on libtorch's own; parameters {@code convs.i.weight [h, h, k]} and {@code
 * convs.i.bias} as in PyTorch's {@code nn.Conv1d}. The state {@code [b, Σ (k − 1) d, h]} holds each one's last inputs.
 */
public final class Tcn implements Layer {
    private static final long[] ONE = {1};
    private static final long[] ZERO = {0};

    private final TcnConfig config;
    private final int features;
    private final double dropout;
    private final List<Parameter> weights = new ArrayList<>();
    private final List<Parameter> biases = new ArrayList<>();

    /** Creates the parameters below {@code prefix}, which ends with a dot or is empty. */
    Tcn(TcnConfig config, int features, double dropout, String prefix, ParameterStore store) {
        this.config = config;
        this.features = features;
        this.dropout = dropout;
        double bound = 1 / Math.sqrt((double) features * config.kernelSize());
        for (int i = 0; i < config.dilations().size(); i++) {
            String name = prefix + "convs." + i;
            weights.add(store.addUniform(name + ".weight", Role.WEIGHT, bound, features, features,
                    config.kernelSize()));
            biases.add(store.addUniform(name + ".bias", Role.BIAS, bound, features));
        }
    }

    @Override
    public Output forward(Tensor x, @Nullable Tensor state, double rate, @Nullable Tensor mask, boolean training) {
        Tensor z = x;
        List<Tensor> next = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < weights.size(); i++) {
            long past = config.past(i);
            Tensor before = state == null
                    ? Tensors.zeros(x.scalar_type(), x, x.size(0), past, features)
                    : state.narrow(1, at, past);
            Tensor heard = Tensors.cat(1, before, z); // [b, past + l, h]
            Tensor y = torch.conv1d(heard.transpose(1, 2), weights.get(i).value(),
                    new TensorOptional(biases.get(i).value()), ONE, ZERO, new long[]{config.dilations().get(i)}, 1);
            Tensor made = Pointwise.activate(y.transpose(1, 2), config.activation());
            z = z.add(Pointwise.dropout(made, dropout, training, null));
            next.add(heard.narrow(1, heard.size(1) - past, past));
            at += past;
        }
        return new Output(z, state == null ? null : Tensors.cat(1, next.toArray(Tensor[]::new)));
    }

    @Override
    public Stepper stepper(double rate) {
        return (x, state) -> {
            Output out = forward(x.unsqueeze(1), state, rate, null, false);
            return new Output(out.y().squeeze(1), out.state());
        };
    }

    @Override
    public Tensor zeroState(long batch) {
        Tensor weight = weights.getFirst().value();
        long past = 0;
        for (int i = 0; i < weights.size(); i++) {
            past += config.past(i);
        }
        return Tensors.zeros(weight.scalar_type(), weight, batch, past, features);
    }

    @Override
    public int dOutput() { return features; }
}
