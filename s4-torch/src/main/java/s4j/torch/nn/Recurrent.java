package s4j.torch.nn;

import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import s4j.torch.tensor.OneBlasThread;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;
import s4j.torch.tensor.Tensors;

/**
 * LSTM or GRU on libtorch's own operation, with as many cells as features; parameters are named as in PyTorch's {@code
 * nn.LSTM} and {@code nn.GRU} of one layer and drawn as there. The state is {@code [b, parts, h]}: h, and c of an LSTM.
 */
public final class Recurrent implements Layer {
    /** Kinds of cells. */
    enum Cell {
        LSTM(4, 2), GRU(3, 1);

        private final int gates;
        private final int parts;

        Cell(int gates, int parts) {
            this.gates = gates;
            this.parts = parts;
        }
    }

    private final Cell cell;
    private final int features;
    private final double dropout;
    private final Parameter inputWeight;
    private final Parameter stateWeight;
    private final Parameter inputBias;
    private final Parameter stateBias;

    /** Creates the parameters below {@code prefix}, which ends with a dot or is empty. */
    Recurrent(Cell cell, int features, double dropout, String prefix, ParameterStore store) {
        this.cell = cell;
        this.features = features;
        this.dropout = dropout;
        double bound = 1 / Math.sqrt(features);
        long rows = (long) cell.gates * features;
        this.inputWeight = store.addUniform(prefix + "weight_ih_l0", Role.WEIGHT, bound, rows, features);
        this.stateWeight = store.addUniform(prefix + "weight_hh_l0", Role.WEIGHT, bound, rows, features);
        this.inputBias = store.addUniform(prefix + "bias_ih_l0", Role.BIAS, bound, rows);
        this.stateBias = store.addUniform(prefix + "bias_hh_l0", Role.BIAS, bound, rows);
    }

    @Override
    public Output forward(Tensor x, @Nullable Tensor state, double rate, @Nullable Tensor mask, boolean training) {
        Tensor input = Pointwise.dropout(x, dropout, training, null);
        Tensor before = (state == null ? zeroState(x.size(0)) : state).transpose(0, 1).contiguous(); // [parts, b, h]
        TensorVector weights = new TensorVector(inputWeight.value(), stateWeight.value(), inputBias.value(),
                stateBias.value());
        Tensor h = before.narrow(0, 0, 1);
        return switch (cell) {
            case LSTM -> {
                Tensor[] last = new Tensor[2];
                Tensor y = OneBlasThread.of(t -> {
                    T_TensorTensorTensor_T out = torch.lstm(t[0], new TensorVector(h, before.narrow(0, 1, 1)), weights,
                            true, 1, 0, training, false, true);
                    last[0] = out.get1();
                    last[1] = out.get2();
                    return out.get0();
                }, input);
                yield new Output(y, state == null ? null : next(last));
            }
            case GRU -> {
                T_TensorTensor_T out = torch.gru(input, h, weights, true, 1, 0, training, false, true);
                yield new Output(out.get0(), state == null ? null : next(out.get1()));
            }
        };
    }

    private static Tensor next(Tensor... parts) { return Tensors.cat(0, parts).transpose(0, 1); }

    @Override
    public Stepper stepper(double rate) {
        return (x, state) -> {
            Output out = forward(x.unsqueeze(1), state, rate, null, false);
            return new Output(out.y().squeeze(1), out.state());
        };
    }

    @Override
    public Tensor zeroState(long batch) {
        Tensor weight = inputWeight.value();
        return Tensors.zeros(weight.scalar_type(), weight, batch, cell.parts, features);
    }

    @Override
    public int dOutput() { return features; }
}
