package s4j.torch.ssm;

import org.bytedeco.pytorch.Tensor;
import s4j.torch.tensor.Tensors;

/** y = K ∗ u by the Fourier transform, in O(L log L). */
public final class FftConvolution {
    private FftConvolution() {}

    /**
     * The causal convolution, cut to the length of u.
     *
     * @param u {@code [b, h, l]}
     * @param k {@code [c, h, m]}
     * @return {@code [b, c, h, l]}
     */
    public static Tensor causal(Tensor u, Tensor k) {
        long length = u.size(-1);
        return circular(u, k, length + k.size(-1)).narrow(-1, 0, length);
    }

    /**
     * The two-sided convolution with the official off-by-one: y_t = Σ_{s ≤ t} K_{t−s} u_s + Σ_{s &gt; t} R_{s−t−1} u_s.
     *
     * @param u {@code [b, h, l]}
     * @param k forward kernels, then reverse kernels: {@code [2c, h, m]}
     * @return {@code [b, c, h, l]}
     */
    public static Tensor bidirectional(Tensor u, Tensor k) {
        long length = u.size(-1);
        long n = length + k.size(-1);
        long channels = k.size(0) / 2;
        Tensor forward = org.bytedeco.pytorch.global.torch.constant_pad_nd(k.narrow(0, 0, channels), 0, length);
        Tensor reverse = org.bytedeco.pytorch.global.torch.constant_pad_nd(k.narrow(0, channels, channels).flip(-1),
                length, 0);
        return circular(u, forward.add(reverse), n).narrow(-1, 0, length);
    }

    private static Tensor circular(Tensor u, Tensor k, long n) {
        Tensor product = Tensors.rfft(u, n).unsqueeze(1).mul(Tensors.rfft(k, n));
        return Tensors.irfft(product, n);
    }
}
