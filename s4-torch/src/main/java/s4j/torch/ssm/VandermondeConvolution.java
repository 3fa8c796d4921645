package s4j.torch.ssm;

import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.kernel.convolution.ToeplitzConvolution;
import s4j.kernel.vandermonde.VandermondeSums;
import s4j.torch.tensor.FusedOp;
import s4j.torch.tensor.Tensors;

/**
 * The convolution of S4D with its kernel and skip as one operation by {@link VandermondeSums} and
 * {@link ToeplitzConvolution}: K, which may be as large as the activations, is no tensor and has no graph.
 */
final class VandermondeConvolution {
    private VandermondeConvolution() {}

    /**
     * y = K ∗ u + d u with K_l = 2 Re Σ_n w_n a_n^l, {@code [b, l, c h]} with c channels side by side.
     *
     * @param u float32 {@code [b, l, h]} on the CPU
     * @param a dA, complex float64 {@code [h, n]}
     * @param w C dB, complex float64 {@code [c, h, n]}; with bidirectional {@code [2c, h, n]}, the reverse kernels behind
     * @param d skip {@code [c, h]}
     */
    static Tensor apply(Kernels kernels, Tensor u, Tensor a, Tensor w, Tensor d, boolean bidirectional) {
        Tensor input = u.contiguous();
        int b = Math.toIntExact(input.size(0));
        int l = Math.toIntExact(input.size(1));
        int h = Math.toIntExact(input.size(2));
        int n = Math.toIntExact(a.size(1));
        int channels = Math.toIntExact(d.size(0));
        int kernelCount = Math.toIntExact(w.size(0));
        Tensor packed = Tensors.cat(0, FusedOp.flat(w),
                FusedOp.flat(a), d.to(ScalarType.Double).reshape(-1));
        double[] values = Tensors.doubles(packed);
        int ofW = 2 * kernelCount * h * n;
        int ofA = 2 * h * n;
        float[] skip = new float[channels * h];
        for (int i = 0; i < skip.length; i++) {
            skip[i] = (float) values[ofW + ofA + i];
        }
        var backend = Objects.requireNonNull(kernels.backend());
        var sums = new VandermondeSums(backend, kernels.workers(), kernelCount, h, n, l, Arrays.copyOf(values, ofW),
                Arrays.copyOfRange(values, ofW, ofW + ofA));
        double[] k = sums.forward();
        int size = channels * h * l;
        var convolution = new ToeplitzConvolution(backend, kernels.workers(), b, l, h, channels,
                bidirectional ? Arrays.copyOf(k, size) : k,
                bidirectional ? Arrays.copyOfRange(k, size, 2 * size) : null, skip);
        Tensor y = Tensors.empty(ScalarType.Float, input, b, l, (long) channels * h);
        convolution.forward(FusedOp.memory(input), FusedOp.memory(y), false);
        return FusedOp.of(y, input, packed, dy -> {
            Tensor du = torch.empty_like(input.detach());
            var ofKernels = ToeplitzConvolution.Gradients.zeros(channels, h, l, bidirectional);
            convolution.backward(FusedOp.memory(input), FusedOp.memory(dy), FusedOp.memory(du), false, ofKernels);
            var gradients = sums.backward(ofKernels.joined());
            double[] all = Arrays.copyOf(gradients.w(), values.length);
            System.arraycopy(gradients.z(), 0, all, ofW, ofA);
            System.arraycopy(ofKernels.d(), 0, all, ofW + ofA, skip.length);
            FusedOp.send(packed, Tensors.of(all, packed, all.length));
            return du;
        });
    }
}
