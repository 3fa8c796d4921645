package s4j.torch.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * y = W x + b over the last axis.
 *
 * @param weight W {@code [out, in]}, or {@code [out, in, 1]} as a convolution of one step has it
 * @param bias b {@code [out]}
 */
public record Linear(Parameter weight, Parameter bias) {
    /** From {@code [..., in]} to {@code [..., out]}. */
    public Tensor forward(Tensor x) {
        return torch.linear(x, weight.value().flatten(1, -1), new TensorOptional(bias.value()));
    }
}
