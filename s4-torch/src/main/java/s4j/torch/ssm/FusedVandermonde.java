package s4j.torch.ssm;

import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import s4j.kernel.vandermonde.VandermondeSums;
import s4j.torch.tensor.FusedOp;
import s4j.torch.tensor.Tensors;

/** The kernel of S4D as one operation by {@link VandermondeSums}. */
final class FusedVandermonde {
    private FusedVandermonde() {}

    /**
     * K_l = 2 Re Σ_n w_n z_n^l, {@code [c, h, l]} float64.
     *
     * @param w C dB, complex float64 {@code [c, h, n]} on the CPU
     * @param z dA, complex float64 {@code [h, n]}
     * @param length L
     */
    static Tensor apply(Kernels kernels, Tensor w, Tensor z, long length) {
        int channels = Math.toIntExact(w.size(0));
        int h = Math.toIntExact(w.size(1));
        int n = Math.toIntExact(w.size(2));
        int size = Math.multiplyExact(2 * channels, h * n);
        Tensor packed = Tensors.cat(0, FusedOp.flat(w),
                FusedOp.flat(z));
        double[] values = Tensors.doubles(packed);
        var sums = new VandermondeSums(Objects.requireNonNull(kernels.backend()), kernels.workers(), channels, h, n,
                Math.toIntExact(length), Arrays.copyOf(values, size), Arrays.copyOfRange(values, size, values.length));
        Tensor k = Tensors.of(sums.forward(), packed, channels, h, length);
        return FusedOp.of(k, packed, packed, dk -> {
            VandermondeSums.Gradients gradients = sums.backward(Tensors.doubles(dk));
            double[] both = Arrays.copyOf(gradients.w(), values.length);
            System.arraycopy(gradients.z(), 0, both, size, values.length - size);
            return Tensors.of(both, packed, both.length);
        });
    }
}
