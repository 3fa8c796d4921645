package s4j.torch.nn;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.torch.tensor.RandomStates;

/** What stands between encoder and decoder. */
sealed interface Body permits Backbone, Sashimi {
    /** Features {@code [b, l', h']}, the next states if states were given, and the mask after pooling if there was one. */
    record Output(Tensor y, @Nullable List<Tensor> states, @Nullable Tensor mask) {}

    /**
     * Whole sequences, or chunks of them with their states.
     *
     * @param x features {@code [b, l, h]}
     * @param states one a layer; null: nothing came before
     * @param rate relative sampling rate
     * @param mask 1 at real steps, 0 at padding {@code [b, l, 1]}; null: all steps are real
     * @param training whether dropout and batch statistics are on
     */
    Output forward(Tensor x, @Nullable List<Tensor> states, double rate, @Nullable Tensor mask, boolean training);

    /** One step {@code [b, h]} in evaluation mode. */
    Output step(Tensor x, List<Tensor> states, List<Layer.Stepper> steppers);

    /** From now on, training keeps the inputs of blocks alone. */
    void recompute(RandomStates random);

    /** The layers in order. */
    List<Layer> layers();

    /** Features of the output. */
    int dOutput();
}
