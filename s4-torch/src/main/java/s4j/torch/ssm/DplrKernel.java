package s4j.torch.ssm;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.OneBlasThread;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/**
 * S4: A = diag(Λ) − P P*, bilinear, evaluated at the roots of unity by Cauchy sums and the Woodbury identity.
 *
 * <p>The trained C is C̃ = C (I − dA^L) for L = l_kernel; asked for a longer kernel the effective C̃ is multiplied by
 * I + dA^L (length doubling) as a value: the parameter itself is not touched. States and steps use the true C.
 *
 * <p>Source: Gu, Goel, Ré, Efficiently Modeling Long Sequences with Structured State Spaces (2021), algorithm 1 and
 * appendix C.
 *
 * @param parameters the trained parameters
 * @param lKernel the length that C̃ belongs to
 */
public record DplrKernel(SsmParameters parameters, Parameter lKernel) implements SsmKernel {
    /** New parameters: the true C is drawn and turned into C̃ for the length {@code lMax}. */
    public static DplrKernel create(SsmParameters parameters, String prefix, int lMax, ParameterStore store) {
        var kernel = new DplrKernel(parameters, store.addCounter(prefix + "l_kernel", lMax));
        try (var _ = s4j.torch.tensor.NativeScope.withoutGradients()) {
            Tensor power = torch.matrix_power(kernel.dense(1.0)[0], lMax);
            Tensor c = kernel.times(parameters.c64(), identity(power).sub(power));
            parameters.c().value().copy_(torch.view_as_real(c));
        }
        return kernel;
    }

    @Override
    public Tensor kernel(Kernels kernels, long length, double rate) {
        long attuned = lKernel.value().item().toLong();
        Tensor c = parameters.c64();
        for (; attuned < Math.rint(rate * length); attuned *= 2) {
            Tensor power = torch.matrix_power(dense(1.0)[0], attuned);
            c = times(c, identity(power).add(power));
        }
        long nodes = Math.max(1, (long) Math.rint(attuned / rate)); // ties go to even, as in the official code
        return Tensors.irfft(generatingFunction(kernels, c, nodes, rate), nodes).narrow(-1, 0, Math.min(length, nodes));
    }

    /**
     * K̂(ω_k) for k ≤ L/2, {@code [c, h, k]}. With the bilinear node z = 2(1−ω)/(1+ω) multiplied out, every Cauchy term is
     * v / (2(1−ω) − dt λ (1+ω)), finite at ω = −1 too; s_xy sums it over the states and their conjugates:
     *
     * <p>K̂ = 2 (s_CB − (1+ω) s_CP (I + (1+ω) s_QP)^-1 s_QB)
     *
     * <p>With s4j's own kernels and rank 1 all of it is one operation, from the parameters on.
     */
    private Tensor generatingFunction(Kernels kernels, Tensor c, long nodes, double rate) {
        Tensor dt = parameters.dt(rate);
        Tensor p = parameters.p64();
        long rank = p.size(0);
        long channels = c.size(0);
        if (rank == 1 && kernels.backend() != null) {
            return FusedCauchy.spectrum(kernels, dt, parameters.a(), parameters.b64(), p, c, nodes);
        }
        Tensor lambda = parameters.a().mul(dt);
        Tensor inputs = Tensors.cat(0, parameters.b64().unsqueeze(0), p).mul(dt); // [1 + r, h, n]
        Tensor outputs = Tensors.cat(0, c, p.conj()); // [c + r, h, n]
        Tensor v = inputs.unsqueeze(1).mul(outputs); // [1 + r, c + r, h, n]
        Tensor angle = Tensors.range(nodes / 2 + 1, lambda).mul(new Scalar(-2 * Math.PI / nodes));
        Tensor omega = Tensors.complex(torch.cos(angle), torch.sin(angle));
        Tensor plus = omega.add(new Scalar(1.0));
        Tensor minus = omega.neg().add(new Scalar(1.0)).mul(new Scalar(2.0));
        Tensor s = kernels.backend() == null
                ? cauchy(v, lambda, plus, minus)
                : FusedCauchy.sums(kernels, v, lambda, nodes);
        Tensor cb = s.select(0, 0).narrow(0, 0, channels); // [c, h, k]
        Tensor qb = s.select(0, 0).narrow(0, channels, rank); // [r, h, k]
        Tensor cp = s.narrow(0, 1, rank).narrow(1, 0, channels); // [r, c, h, k]
        Tensor qp = s.narrow(0, 1, rank).narrow(1, channels, rank); // [r (P), r (Q), h, k]
        Tensor correction = rank == 1
                ? cp.select(0, 0).mul(qb).div(qp.select(0, 0).select(0, 0).mul(plus).add(new Scalar(1.0)))
                : solved(cp, qp, qb, plus);
        return cb.sub(correction.mul(plus)).mul(new Scalar(2.0));
    }

    /** s_CP (I + (1+ω) s_QP)^-1 s_QB at any rank, one small system per node. */
    private static Tensor solved(Tensor cp, Tensor qp, Tensor qb, Tensor plus) {
        Tensor m = qp.mul(plus).permute(2, 3, 1, 0); // [h, k, q, p]
        Tensor x = OneBlasThread.solve(identity(m).add(m), qb.permute(1, 2, 0).unsqueeze(-1)).squeeze(-1); // [h, k, p]
        return Tensors.einsum("pchk,hkp->chk", cp, x);
    }

    /** Σ_n v_n / (2(1−ω) − λ_n (1+ω)) + its conjugate partner: {@code [i, j, h, n] -> [i, j, h, k]}. */
    static Tensor cauchy(Tensor v, Tensor lambda, Tensor plus, Tensor minus) {
        Tensor flat = v.flatten(0, 1).transpose(0, 1); // [h, i j, n]
        Tensor sum = flat.matmul(nodes(lambda, plus, minus)).add(flat.conj().matmul(nodes(lambda.conj(), plus, minus)));
        return sum.transpose(0, 1).unflatten(0, v.size(0), v.size(1));
    }

    private static Tensor nodes(Tensor lambda, Tensor plus, Tensor minus) {
        return minus.sub(lambda.unsqueeze(-1).mul(plus)).reciprocal(); // [h, n, k]
    }

    /** (dA, dB) of all N states, first the stored ones, then their conjugates: {@code [h, N, N]}, {@code [h, N]}. */
    private Tensor[] dense(double rate) {
        Tensor tied = parameters.dt(rate);
        Tensor dt = tied.size(-1) == 1 ? tied : Tensors.cat(-1, tied, tied); // dt of each state scales its row
        Tensor p = withConjugates(parameters.p64());
        Tensor a = torch.diag_embed(withConjugates(parameters.a()))
                .sub(Tensors.einsum("rhn,rhm->hnm", p, p.conj()));
        Tensor half = a.mul(dt.mul(new Scalar(0.5)).unsqueeze(-1));
        Tensor backward = identity(half).sub(half);
        Tensor b = withConjugates(parameters.b64()).mul(dt);
        return new Tensor[]{OneBlasThread.solve(backward, identity(half).add(half)),
                OneBlasThread.solve(backward, b.unsqueeze(-1)).squeeze(-1)};
    }

    /** The true C over all N states, C = C̃ (I − dA^L)^-1: {@code [c, h, N]}; dA is that of rate 1. */
    private Tensor trueC() {
        Tensor power = torch.matrix_power(dense(1.0)[0], lKernel.value().item().toLong());
        Tensor system = identity(power).sub(power).transpose(-1, -2); // [h, N, N]
        Tensor c = withConjugates(parameters.c64()).permute(1, 2, 0); // [h, N, c]
        return OneBlasThread.solve(system, c).permute(2, 0, 1);
    }

    @Override
    public Tensor stateOutput(Tensor state, long length, double rate) {
        Tensor dA = dense(rate)[0];
        Tensor rows = trueC().transpose(0, 1).matmul(dA); // [h, c, N], C dA
        Tensor all = rows.unsqueeze(0);
        for (Tensor power = dA; all.size(0) < length; power = power.matmul(power)) {
            all = Tensors.cat(0, all, all.matmul(power));
        }
        Tensor x = withConjugates(Tensors.complexOf(state)); // [b, h, N]
        return torch.real(Tensors.einsum("lhcn,bhn->bchl", all.narrow(0, 0, length), x));
    }

    @Override
    public Tensor nextState(Tensor u, Tensor state, double rate) {
        Tensor[] d = dense(rate);
        long length = u.size(-1);
        Tensor columns = d[1].unsqueeze(-1); // [h, N, 1], dA^l dB
        for (Tensor power = d[0]; columns.size(-1) < length; power = power.matmul(power)) {
            columns = Tensors.cat(-1, columns, power.matmul(columns));
        }
        Tensor weights = columns.narrow(-1, 0, length).flip(-1);
        Tensor driven = Tensors.einsum("hnl,bhl->bhn", weights, u.to(weights.scalar_type()));
        Tensor x = withConjugates(Tensors.complexOf(state));
        Tensor held = Tensors.einsum("hmn,bhn->bhm", torch.matrix_power(d[0], length), x);
        return torch.view_as_real(held.add(driven).narrow(-1, 0, parameters.n()));
    }

    @Override
    public Tensor heldOutput(Kernels kernels, Tensor state, long length, double rate) {
        long attuned = lKernel.value().item().toLong();
        boolean direct = parameters.p64().size(0) == 1 && attuned >= Math.rint(rate * length);
        return direct
                ? DplrStates.outputs(kernels, parameters, Tensors.complexOf(state), length,
                        Math.max(1, (long) Math.rint(attuned / rate)), rate)
                : stateOutput(state, length, rate);
    }

    @Override
    public Tensor lastState(Tensor u, Tensor state, double rate) {
        return DplrStates.after(parameters, u, state, rate);
    }

    @Override
    public Recurrence recurrence(double rate) {
        Tensor[] d = dense(rate);
        Tensor c = trueC();
        return new Recurrence() {
            @Override
            public Tensor nextState(Tensor u, Tensor state) {
                Tensor x = withConjugates(Tensors.complexOf(state));
                Tensor next = Tensors.einsum("hmn,bhn->bhm", d[0], x)
                        .add(d[1].mul(u.to(ScalarType.Double).unsqueeze(-1)));
                return torch.view_as_real(next.narrow(-1, 0, parameters.n()).contiguous());
            }

            @Override
            public Tensor output(Tensor state) {
                return torch.real(Tensors.einsum("chn,bhn->bch", c, withConjugates(Tensors.complexOf(state))));
            }

            @Override
            public Tensor[] system() { return new Tensor[]{d[0], d[1], c}; }
        };
    }

    /** C {@code [c, h, n]} times a matrix over all N states, cut back to the stored half. */
    private Tensor times(Tensor c, Tensor matrix) {
        return withConjugates(c).transpose(0, 1).matmul(matrix).transpose(0, 1).narrow(-1, 0, parameters.n());
    }

    private static Tensor withConjugates(Tensor x) { return Tensors.cat(-1, x, x.conj()); }

    private static Tensor identity(Tensor like) {
        return torch.eye(like.size(-1), new TensorOptions(like.scalar_type())).to(like.device(), like.scalar_type());
    }
}
