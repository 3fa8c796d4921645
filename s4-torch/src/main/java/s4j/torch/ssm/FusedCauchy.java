package s4j.torch.ssm;

import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import s4j.kernel.CauchySums;
import s4j.torch.tensor.Tensors;

/** The Cauchy sums under S4's kernel as one operation by {@link CauchySums}. */
final class FusedCauchy {
    private FusedCauchy() {}

    /**
     * Σ_n v_n / (2(1−ω) − λ_n (1+ω)) and its conjugate partner.
     *
     * @param v complex float64 {@code [i, j, h, n]} on the CPU
     * @param lambda dt λ, complex float64 {@code [h, n]}
     * @param length L
     * @return {@code [i, j, h, L/2 + 1]}
     */
    static Tensor apply(Kernels kernels, Tensor v, Tensor lambda, long length) {
        long h = lambda.size(0);
        long n = lambda.size(1);
        int pairs = Math.toIntExact(v.size(0) * v.size(1));
        int size = Math.toIntExact(2L * pairs * h * n);
        Tensor packed = Tensors.cat(0, torch.view_as_real(v.contiguous()).reshape(-1),
                torch.view_as_real(lambda.contiguous()).reshape(-1));
        double[] values = Tensors.doubles(packed);
        var sums = new CauchySums(Objects.requireNonNull(kernels.backend()), kernels.workers(), pairs,
                Math.toIntExact(h),
                Math.toIntExact(n), Math.toIntExact(length), Arrays.copyOf(values, size),
                Arrays.copyOfRange(values, size, values.length));
        Tensor s = Tensors.of(sums.forward(), packed, v.size(0), v.size(1), h, sums.nodes(), 2);
        return torch.view_as_complex(FusedOp.of(s, packed, packed, ds -> {
            CauchySums.Gradients gradients = sums.backward(Tensors.doubles(ds));
            double[] both = Arrays.copyOf(gradients.v(), values.length);
            System.arraycopy(gradients.lambda(), 0, both, size, values.length - size);
            return Tensors.of(both, packed, both.length);
        }));
    }
}
