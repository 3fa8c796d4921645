package s4j.torch.ssm;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import s4j.kernel.cauchy.CauchySums;
import s4j.kernel.cauchy.DplrSpectrum;
import s4j.kernel.cauchy.DplrTerms;
import s4j.torch.tensor.FusedOp;
import s4j.torch.tensor.Tensors;

/**
 * What S4's kernel is made of, as one operation: the spectrum of kernels with one low-rank term by {@link DplrSpectrum}, or the
 * Cauchy sums alone, for more terms, by {@link CauchySums}.
 */
final class FusedCauchy {
    private FusedCauchy() {}

    /**
     * K̂(ω_k) at rank 1, from float64 parameters on the CPU.
     *
     * @param dt {@code [h, 1 or n]}
     * @param lambda λ, complex {@code [h, n]}
     * @param b B, complex {@code [h, n]}
     * @param p P, complex {@code [1, h, n]}
     * @param c C̃, complex {@code [c, h, n]}
     * @param length L
     * @return {@code [c, h, L/2 + 1]}
     */
    static Tensor spectrum(Kernels kernels, Tensor dt, Tensor lambda, Tensor b, Tensor p, Tensor c, long length) {
        int channels = Math.toIntExact(c.size(0));
        int h = Math.toIntExact(c.size(1));
        int n = Math.toIntExact(c.size(2));
        // dt, perhaps an odd number of values, last: gradients of complex tensors must begin at an even place
        Tensor packed = Tensors.cat(0, FusedOp.flat(lambda), FusedOp.flat(b), FusedOp.flat(p), FusedOp.flat(c),
                dt.reshape(-1));
        var terms = new DplrTerms(channels, h, n, Tensors.doubles(packed));
        var spectrum = new DplrSpectrum(Objects.requireNonNull(kernels.backend()), kernels.workers(), channels, h, n,
                Math.toIntExact(length), terms.v(), terms.lambda());
        return operation(packed, spectrum.forward(), gradient -> terms.gradients(spectrum.backward(gradient)),
                channels, h, spectrum.nodes(), 2);
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
        int pairs = Math.toIntExact(v.size(0) * v.size(1));
        int h = Math.toIntExact(lambda.size(0));
        Tensor packed = Tensors.cat(0, FusedOp.flat(v), FusedOp.flat(lambda));
        double[] values = Tensors.doubles(packed);
        int size = Math.toIntExact(2 * v.numel());
        var sums = new CauchySums(Objects.requireNonNull(kernels.backend()), kernels.workers(), pairs, h,
                Math.toIntExact(lambda.size(1)), Math.toIntExact(length), Arrays.copyOf(values, size),
                Arrays.copyOfRange(values, size, values.length));
        return operation(packed, sums.forward(), gradient -> {
            CauchySums.Gradients gradients = sums.backward(gradient);
            double[] both = Arrays.copyOf(gradients.v(), values.length);
            System.arraycopy(gradients.lambda(), 0, both, size, values.length - size);
            return both;
        }, v.size(0), v.size(1), h, sums.nodes(), 2);
    }

    /** The complex result of the last axis' pairs. */
    private static Tensor operation(Tensor packed, double[] value, UnaryOperator<double[]> backward, long... shape) {
        return torch.view_as_complex(FusedOp.of(Tensors.of(value, packed, shape), packed, packed,
                gradient -> {
                    double[] gradients = backward.apply(Tensors.doubles(gradient));
                    return Tensors.of(gradients, packed, gradients.length);
                }));
    }
}
