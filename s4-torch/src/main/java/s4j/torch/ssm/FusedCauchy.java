package s4j.torch.ssm;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import s4j.kernel.CauchySums;
import s4j.kernel.DplrSpectrum;
import s4j.torch.tensor.Tensors;

/**
 * What S4's kernel is made of, as one operation: the spectrum of kernels with one low-rank term by {@link DplrSpectrum}, or the
 * Cauchy sums alone, for more terms, by {@link CauchySums}.
 */
final class FusedCauchy {
    private FusedCauchy() {}

    /**
     * K̂(ω_k) at rank 1.
     *
     * @param v dt times (B, P) times (C̃, P*), complex float64 {@code [2, c + 1, h, n]} on the CPU
     * @param lambda dt λ, complex float64 {@code [h, n]}
     * @param length L
     * @return {@code [c, h, L/2 + 1]}
     */
    static Tensor spectrum(Kernels kernels, Tensor v, Tensor lambda, long length) {
        Inputs in = Inputs.of(v, lambda);
        int channels = Math.toIntExact(v.size(1) - 1);
        var spectrum = new DplrSpectrum(Objects.requireNonNull(kernels.backend()), kernels.workers(), channels, in.h,
                in.n, Math.toIntExact(length), in.v, in.lambda);
        return in.operation(spectrum.forward(), spectrum::backward, channels, in.h, spectrum.nodes(), 2);
    }

    /**
     * Σ_n v_n / (2(1−ω) − λ_n (1+ω)) and its conjugate partner.
     *
     * @param v complex float64 {@code [i, j, h, n]} on the CPU
     * @param lambda dt λ, complex float64 {@code [h, n]}
     * @param length L
     * @return {@code [i, j, h, L/2 + 1]}
     */
    static Tensor sums(Kernels kernels, Tensor v, Tensor lambda, long length) {
        Inputs in = Inputs.of(v, lambda);
        int pairs = Math.toIntExact(v.size(0) * v.size(1));
        var sums = new CauchySums(Objects.requireNonNull(kernels.backend()), kernels.workers(), pairs, in.h, in.n,
                Math.toIntExact(length), in.v, in.lambda);
        return in.operation(sums.forward(), sums::backward, v.size(0), v.size(1), in.h, sums.nodes(), 2);
    }

    /** Numerators and poles, as values and as the one tensor that carries their gradients. */
    private record Inputs(Tensor packed, double[] v, double[] lambda, int h, int n) {
        static Inputs of(Tensor v, Tensor lambda) {
            Tensor packed = Tensors.cat(0, torch.view_as_real(v.contiguous()).reshape(-1),
                    torch.view_as_real(lambda.contiguous()).reshape(-1));
            double[] values = Tensors.doubles(packed);
            int size = Math.toIntExact(2 * v.numel());
            return new Inputs(packed, Arrays.copyOf(values, size), Arrays.copyOfRange(values, size, values.length),
                    Math.toIntExact(lambda.size(0)), Math.toIntExact(lambda.size(1)));
        }

        /** The complex result of the last axis' pairs. */
        Tensor operation(double[] value, Function<double[], CauchySums.Gradients> backward, long... shape) {
            return torch.view_as_complex(FusedOp.of(Tensors.of(value, packed, shape), packed, packed, gradient -> {
                CauchySums.Gradients gradients = backward.apply(Tensors.doubles(gradient));
                double[] both = Arrays.copyOf(gradients.v(), v.length + lambda.length);
                System.arraycopy(gradients.lambda(), 0, both, v.length, lambda.length);
                return Tensors.of(both, packed, both.length);
            }));
        }
    }
}
