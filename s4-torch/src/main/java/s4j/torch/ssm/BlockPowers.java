package s4j.torch.ssm;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.torch.tensor.Tensors;

/**
 * What a diagonal system keeps of its past, over many steps: time is cut into blocks of T steps, z^(kT + t) = z^(kT) z^t, so that
 * all but T powers are products of small real float32 matrices, one for each feature.
 */
final class BlockPowers {
    private static final long BLOCK = 64;

    private BlockPowers() {}

    /**
     * y_l = 2 Re Σ_n v_n z_n^(l+1), {@code [b, c, h, l]} float32.
     *
     * @param v complex float64 {@code [b, c, h, n]}
     * @param logZ complex float64 {@code [h, n]}
     */
    static Tensor outputs(Tensor v, Tensor logZ, long length) {
        long blocks = Math.ceilDiv(length, BLOCK);
        Tensor starts = Tensors.range(blocks, logZ).mul(new Scalar((double) BLOCK)).add(new Scalar(1.0));
        Tensor atStart = torch.exp(logZ.unsqueeze(-1).mul(starts)); // [h, n, k]
        Tensor scaled = v.unsqueeze(-1).mul(atStart).conj(); // the row of (Re, −Im) gives the real part
        Tensor rows = torch.view_as_real(scaled.resolve_conj()).to(ScalarType.Float); // [b, c, h, n, k, 2]
        long b = v.size(0);
        long c = v.size(1);
        long h = v.size(2);
        Tensor left = rows.permute(2, 0, 1, 4, 3, 5).reshape(h, b * c * blocks, -1); // [h, b c k, 2n]
        Tensor y = torch.bmm(left, within(logZ)).mul(new Scalar(2.0)); // [h, b c k, t]
        return y.reshape(h, b, c, blocks * BLOCK).narrow(-1, 0, length).permute(1, 2, 0, 3);
    }

    /**
     * Σ_s z^(L−1−s) u_s, complex float64 {@code [b, h, n]}.
     *
     * @param u {@code [b, h, l]}
     */
    static Tensor sums(Tensor u, Tensor logZ) {
        long length = u.size(-1);
        long blocks = Math.ceilDiv(length, BLOCK);
        Tensor padded = torch.constant_pad_nd(u, new long[]{blocks * BLOCK - length, 0}); // zeros before the first
        long b = u.size(0);
        long h = u.size(1);
        Tensor rows = padded.to(ScalarType.Float).transpose(0, 1).reshape(h, b * blocks, BLOCK).flip(-1);
        Tensor each = torch.bmm(rows, within(logZ).transpose(1, 2)); // [h, b k, 2n]
        Tensor sums = Tensors.complexOf(each.reshape(h, b, blocks, -1, 2)).flip(2); // [h, b, k, n], the last block first
        Tensor ages = Tensors.range(blocks, logZ).mul(new Scalar((double) BLOCK)).unsqueeze(-1); // [k, 1]
        Tensor weights = torch.exp(logZ.unsqueeze(1).mul(ages)); // [h, k, n]
        return sums.mul(weights.unsqueeze(1)).sum(2).transpose(0, 1);
    }

    /** (Re z^t, Im z^t) for t &lt; T: {@code [h, 2n, t]} float32. */
    private static Tensor within(Tensor logZ) {
        Tensor powers = DiagonalKernel.powers(logZ, 0, BLOCK); // [h, n, t]
        return torch.view_as_real(powers).permute(0, 1, 3, 2).flatten(1, 2).to(ScalarType.Float);
    }
}
