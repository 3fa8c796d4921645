package s4j.torch.ssm;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import s4j.torch.tensor.OneBlasThread;
import s4j.torch.tensor.Tensors;

/**
 * What S4 keeps of its past, over many steps, without powers of matrices of all its states for each step.
 *
 * <p>The outputs of a state x are Σ_l C dA^l (dA x) ω^l, the kernel's generating function with dA x in the place of dB; as
 * dB = (I − dt/2 A)^-1 dt B, the Cauchy sums get (I + dt/2 A) x where they had dt B.
 *
 * <p>The state after L steps is computed in real arithmetic, x = (Re x, Im x) of the stored half, and time in blocks of T steps:
 * x_{(k+1)T} = dA^T x_{kT} + Σ_s dA^(T−1−s) dB u_{kT+s}.
 */
final class DplrStates {
    private static final int BLOCK = 32;

    private DplrStates() {}

    /**
     * Re C dA^(l+1) x for l &lt; length, {@code [b, c, h, l]}, of a system of rank 1.
     *
     * @param x complex {@code [b, h, n]}
     * @param nodes of the generating function, as many as the kernel has at this rate
     */
    static Tensor outputs(Kernels kernels, SsmParameters parameters, Tensor x, long length, long nodes, double rate) {
        Tensor dt = parameters.dt(rate);
        Tensor p = parameters.p64(); // [1, h, n]
        Tensor lambda = parameters.a().mul(dt);
        long b = x.size(0);
        Tensor c = parameters.c64();
        long channels = c.size(0);
        Tensor projected = Tensors.twiceReal(p.conj().mul(x).sum(-1)).unsqueeze(-1); // P* x over all states
        Tensor ax = lambda.mul(x).sub(p.mul(dt).mul(projected)); // dt A x
        Tensor inputs = Tensors.cat(0, ax.mul(new Scalar(0.5)).add(x), p.mul(dt)); // [b + 1, h, n]
        Tensor outputs = Tensors.cat(0, c, p.conj()); // [c + 1, h, n]
        Tensor v = inputs.unsqueeze(1).mul(outputs);
        Tensor angle = Tensors.range(nodes / 2 + 1, lambda).mul(new Scalar(-2 * Math.PI / nodes));
        Tensor omega = Tensors.complex(torch.cos(angle), torch.sin(angle));
        Tensor plus = omega.add(new Scalar(1.0));
        Tensor minus = omega.neg().add(new Scalar(1.0)).mul(new Scalar(2.0));
        Tensor s = kernels.backend() == null
                ? DplrKernel.cauchy(v, lambda, plus, minus)
                : FusedCauchy.sums(kernels, v, lambda, nodes); // [b + 1, c + 1, h, k]
        Tensor cx = s.narrow(0, 0, b).narrow(1, 0, channels); // [b, c, h, k]
        Tensor qx = s.narrow(0, 0, b).narrow(1, channels, 1); // [b, 1, h, k]
        Tensor cp = s.narrow(0, b, 1).narrow(1, 0, channels); // [1, c, h, k]
        Tensor qp = s.narrow(0, b, 1).narrow(1, channels, 1); // [1, 1, h, k]
        Tensor correction = cp.mul(qx).div(qp.mul(plus).add(new Scalar(1.0)));
        return Tensors.irfft(cx.sub(correction.mul(plus)).mul(new Scalar(2.0)), nodes).narrow(-1, 0, length);
    }

    /**
     * The state after inputs u {@code [b, h, l]}, {@code [b, h, n, 2]}.
     *
     * @param state before them {@code [b, h, n, 2]}
     */
    static Tensor after(SsmParameters parameters, Tensor u, Tensor state, double rate) {
        Tensor[] system = system(parameters, rate);
        Tensor step = system[0]; // [h, N, N]
        Tensor columns = system[1]; // [h, N, t], dA^t dB
        for (int t = 1; t < BLOCK; t *= 2) {
            columns = Tensors.cat(-1, columns, step.matmul(columns));
            step = step.matmul(step);
        }
        long length = u.size(-1);
        long b = u.size(0);
        long h = u.size(1);
        long blocks = length / BLOCK;
        long left = length - blocks * BLOCK;
        Tensor inputs = u.transpose(0, 1).to(columns.scalar_type()); // [h, b, l]
        Tensor backwards = columns.flip(-1);
        Tensor x = Tensors.cat(-1, state.select(-1, 0), state.select(-1, 1))
                .permute(1, 2, 0); // [h, N, b]
        if (left > 0) { // the odd steps first
            x = Tensors.einsum("hmn,hnb->hmb", power(system[0], left), x)
                    .add(backwards.narrow(-1, BLOCK - left, left).matmul(inputs.narrow(2, 0, left).transpose(1, 2)));
        }
        if (blocks > 0) {
            Tensor rows = inputs.narrow(2, left, blocks * BLOCK).reshape(h, b * blocks, BLOCK).transpose(1, 2);
            Tensor driven = backwards.matmul(rows).reshape(h, -1, b, blocks); // [h, N, b, k]
            for (long k = 0; k < blocks; k++) {
                x = step.matmul(x).add(driven.select(3, k));
            }
        }
        long n = parameters.n();
        Tensor both = x.permute(2, 0, 1); // [b, h, N]
        return torch.stack(new TensorVector(both.narrow(-1, 0, n), both.narrow(-1, n, n)), -1);
    }

    private static Tensor power(Tensor m, long exponent) { return torch.matrix_power(m, exponent); }

    /** dA {@code [h, N, N]} and dB {@code [h, N, 1]}, real, of (Re x, Im x). */
    private static Tensor[] system(SsmParameters parameters, double rate) {
        Tensor tied = parameters.dt(rate);
        Tensor dt = tied.size(-1) == 1 ? tied : Tensors.cat(-1, tied, tied);
        Tensor p = parts(parameters.p64()); // [r, h, N]
        Tensor re = torch.diag_embed(torch.real(parameters.a()).contiguous());
        Tensor im = torch.diag_embed(torch.imag(parameters.a()).contiguous());
        Tensor a = Tensors.cat(1, Tensors.cat(2, re, im.neg()), Tensors.cat(2, im, re))
                .sub(Tensors.einsum("rhn,rhm->hnm", p, p).mul(new Scalar(2.0)));
        Tensor half = a.mul(dt.mul(new Scalar(0.5)).unsqueeze(-1));
        Tensor one = torch.eye(half.size(-1), new TensorOptions(half.scalar_type())).to(half.device(),
                half.scalar_type());
        Tensor b = parts(parameters.b64()).mul(dt).unsqueeze(-1);
        Tensor both = OneBlasThread.solve(one.sub(half), Tensors.cat(-1, one.add(half), b));
        return new Tensor[]{both.narrow(-1, 0, half.size(-1)).contiguous(),
                both.narrow(-1, half.size(-1), 1).contiguous()};
    }

    /** (Re z, Im z) along the last axis. */
    private static Tensor parts(Tensor z) {
        return Tensors.cat(-1, torch.real(z), torch.imag(z));
    }
}
