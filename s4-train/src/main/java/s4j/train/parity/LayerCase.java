package s4j.train.parity;

import java.util.List;
import java.util.Map;
import s4j.io.TensorData;
import s4j.torch.Evaluation;

/** Kernels and blocks from the official parameters. */
final class LayerCase {
    private LayerCase() {}

    static Map<String, TensorData> kernel(GoldenCase golden) {
        return Evaluation.kernel(golden.layer(List.of("L", "H", "rate", "seed")), golden.integer("H"),
                golden.below("param."), golden.number("rate"), golden.tensor("grad_out"));
    }

    static Map<String, TensorData> block(GoldenCase golden) {
        return Evaluation.block(golden.layer(List.of("L", "B", "H", "seed")), golden.below("param."),
                golden.tensor("u"), golden.tensor("grad_out"));
    }
}
