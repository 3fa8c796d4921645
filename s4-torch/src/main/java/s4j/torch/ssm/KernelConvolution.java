package s4j.torch.ssm;

import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.kernel.convolution.ToeplitzConvolution;
import s4j.torch.tensor.FusedOp;
import s4j.torch.tensor.Tensors;

/** Convolution and skip with a kernel of any origin as one operation by {@link ToeplitzConvolution}. */
public final class KernelConvolution {
    private KernelConvolution() {}

    /**
     * y = K ∗ u + d u, {@code [b, l, c h]} with c channels side by side.
     *
     * @param u float32 {@code [b, l, h]} on the CPU
     * @param k K {@code [c, h, m]}, m ≤ l; with bidirectional {@code [2c, h, m]}, the reverse kernels behind
     * @param d skip {@code [c, h]}
     */
    public static Tensor apply(Kernels kernels, Tensor u, Tensor k, Tensor d, boolean bidirectional) {
        Tensor input = u.contiguous();
        int channels = Math.toIntExact(d.size(0));
        int h = Math.toIntExact(input.size(2));
        int length = Math.toIntExact(k.size(2));
        int size = channels * h * length;
        double[] values = Tensors.doubles(k);
        var convolution = new ToeplitzConvolution(Objects.requireNonNull(kernels.backend()), kernels.workers(),
                Math.toIntExact(input.size(0)), Math.toIntExact(input.size(1)), h, channels,
                bidirectional ? Arrays.copyOf(values, size) : values,
                bidirectional ? Arrays.copyOfRange(values, size, values.length) : null, Tensors.floats(d));
        Tensor y = Tensors.empty(ScalarType.Float, input, input.size(0), input.size(1), (long) channels * h);
        convolution.forward(FusedOp.memory(input), FusedOp.memory(y), false);
        return FusedOp.of(y, input, k.requires_grad() ? k : d, dy -> {
            Tensor du = torch.empty_like(input.detach());
            var gradients = ToeplitzConvolution.Gradients.zeros(channels, h, length, bidirectional);
            convolution.backward(FusedOp.memory(input), FusedOp.memory(dy), FusedOp.memory(du), false, gradients);
            FusedOp.send(k, Tensors.of(gradients.joined(), k, Tensors.shape(k)));
            FusedOp.send(d, Tensors.of(gradients.d(), d, channels, h));
            return du;
        });
    }
}
