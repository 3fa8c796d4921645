package s4j.torch.tensor;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of a network under its official name.
 *
 * @param name dotted official name
 * @param value the tensor, alive as long as its {@link ParameterStore}
 * @param role what decides its group
 * @param lr its own learning rate; null: the optimizer's
 * @param weightDecay its own decay; null: the optimizer's
 */
public record Parameter(String name, Tensor value, Role role, @Nullable Double lr, @Nullable Double weightDecay) {
    /** What a tensor is: trained weights by kind, or a buffer that no optimizer touches. */
    public enum Role {
        WEIGHT, BIAS, NORM, EMBEDDING, SSM, BUFFER
    }

    /** Whether an optimizer updates it. */
    public boolean trained() { return role != Role.BUFFER; }
}
