package s4j.torch.ssm;

import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.kernel.projection.GatedProjection;
import s4j.torch.tensor.FusedOp;
import s4j.torch.tensor.Linear;
import s4j.torch.tensor.Tensors;

/** GELU, projection, bias and GLU as one operation by {@link GatedProjection}. */
public final class FusedProjection {
    private FusedProjection() {}

    /**
     * glu(W gelu(y) + b).
     *
     * @param y float32 {@code [b, l, k]} on the CPU
     * @param linear W {@code [2m, k]} and b {@code [2m]}
     * @return {@code [b, l, m]}
     */
    public static Tensor apply(Kernels kernels, Tensor y, Linear linear) {
        int k = Math.toIntExact(y.size(-1));
        int m = Math.toIntExact(linear.bias().value().size(0) / 2);
        Tensor input = y.contiguous();
        int steps = Math.toIntExact(input.numel() / k);
        Tensor packed = Tensors.cat(0, linear.weight().value().reshape(-1), linear.bias().value());
        float[] values = Tensors.floats(packed);
        var projection = new GatedProjection(Objects.requireNonNull(kernels.backend()), kernels.workers(), k, m,
                Arrays.copyOf(values, 2 * m * k), Arrays.copyOfRange(values, 2 * m * k, values.length));
        Tensor out = Tensors.empty(ScalarType.Float, input, y.size(0), y.size(1), m);
        boolean trains = FusedOp.differentiable(input, packed);
        Tensor kept = trains ? Tensors.empty(ScalarType.Float, input, projection.keptSize(steps)) : out;
        projection.forward(steps, FusedOp.memory(input), FusedOp.memory(out), trains ? FusedOp.memory(kept) : null);
        return FusedOp.of(out, input, packed, dOut -> {
            Tensor dy = torch.empty_like(input.detach());
            var gradients = projection.backward(steps, FusedOp.memory(input), FusedOp.memory(kept),
                    FusedOp.memory(out), FusedOp.memory(dOut), FusedOp.memory(dy));
            double[] both = Arrays.copyOf(gradients.weight(), values.length);
            System.arraycopy(gradients.bias(), 0, both, 2 * m * k, 2 * m);
            FusedOp.send(packed, Tensors.of(both, packed, both.length));
            return dy;
        });
    }
}
