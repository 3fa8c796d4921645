package s4j.torch.nn;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.model.AttentionConfig;
import s4j.model.FeedForwardConfig;
import s4j.model.GruConfig;
import s4j.model.LayerConfig;
import s4j.model.LinearConfig;
import s4j.model.LstmConfig;
import s4j.model.S4LayerConfig;
import s4j.model.TcnConfig;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.ParameterStore;

/**
 * A trainable layer {@code [b, l, h] -> [b, l, h]} in three forms with the same outputs: whole sequences, chunks that pass their
 * state on, and single steps. Padding behind a sequence never changes an output before it. The contract's tests are
 * LayerContractTest; every kind of layer runs them.
 */
public sealed interface Layer permits S4Block, FeedForward, Affine, Recurrent, Attention, Tcn {
    /** Outputs {@code [b, l, h]} (of a step {@code [b, h]}), and the next state if one was given. */
    record Output(Tensor y, @Nullable Tensor state) {}

    /** A layer at one sampling rate, prepared to go step by step; its tensors belong to the scope that made it. */
    interface Stepper {
        /** One step in evaluation mode: x {@code [b, h]}. */
        Output step(Tensor x, Tensor state);
    }

    /**
     * Creates a layer's parameters below {@code prefix}, which ends with a dot or is empty.
     *
     * @param features h
     * @param lMax longest sequence that it is made for
     * @param dropout of layers that name none
     */
    static Layer create(LayerConfig config, int features, int lMax, double dropout, String prefix, ParameterStore store,
            Kernels kernels) {
        return switch (config) {
            case S4LayerConfig s4 -> new S4Block(s4, features, lMax, dropout, prefix, store, kernels);
            case FeedForwardConfig ff -> new FeedForward(ff, features, dropout, false, prefix, store);
            case LinearConfig linear -> new Affine(linear, features, dropout, prefix, store);
            case LstmConfig lstm ->
                new Recurrent(Recurrent.Cell.LSTM, features, or(lstm.dropout(), dropout), prefix, store);
            case GruConfig gru ->
                new Recurrent(Recurrent.Cell.GRU, features, or(gru.dropout(), dropout), prefix, store);
            case AttentionConfig a -> new Attention(a, features, lMax, or(a.dropout(), dropout), prefix, store);
            case TcnConfig tcn -> new Tcn(tcn, features, or(tcn.dropout(), dropout), prefix, store);
        };
    }

    private static double or(@Nullable Double own, double models) { return own == null ? models : own; }

    /**
     * A whole sequence, or a chunk of one.
     *
     * @param x {@code [b, l, h]}
     * @param state the state before the first step; null: nothing came before and no next state is wanted
     * @param rate relative sampling rate
     * @param mask 1 at real steps, 0 at padding {@code [b, l, 1]}; null: all steps are real
     * @param training whether dropout is on
     */
    Output forward(Tensor x, @Nullable Tensor state, double rate, @Nullable Tensor mask, boolean training);

    /** A whole sequence, also one that is longer than the layer was made for. */
    default Tensor forwardWhole(Tensor x, double rate, @Nullable Tensor mask, boolean training) {
        return forward(x, null, rate, mask, training).y();
    }

    /**
     * The layer step by step.
     *
     * @throws IllegalArgumentException when its outputs depend on later inputs
     */
    Stepper stepper(double rate);

    /** The state before any input: {@code [b, …]}; of a layer without a state {@code [b, 0]}. */
    Tensor zeroState(long batch);

    /** Features of the output. */
    int dOutput();
}
