package s4j.torch.ssm;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.model.S4LayerConfig.Disc;
import s4j.torch.tensor.Tensors;

/**
 * S4D: K_l = 2 Re Σ_n C_n dB_n dA_n^l, a Vandermonde product.
 *
 * <p>Source: Gu, Gupta, Goel, Ré, On the Parameterization and Initialization of Diagonal State Space Models (2022),
 * section 3; DSS: Gupta, Diagonal State Spaces are as Effective as Structured State Spaces (2022), proposition 1.
 *
 * @param parameters the trained parameters
 */
public record DiagonalKernel(SsmParameters parameters) implements SsmKernel {
    /** Beyond it the scan is faster and needs no memory for K. */
    private static final long KERNEL_UP_TO = 4_096;
    /** The same where one K serves both directions, or several share the transforms of an input. */
    private static final long SHARED_UP_TO = 16_384;

    /** dA = exp(logA), dB and C of one rate: {@code [h, n]}, {@code [h, n]}, {@code [c, h, n]}. */
    private record Discrete(Tensor logA, Tensor dB, Tensor c) {}

    private Disc disc() {
        Disc disc = parameters.config().disc();
        return disc == null ? Disc.ZOH : disc;
    }

    private Discrete discretize(double rate) {
        Tensor dt = parameters.dt(rate);
        Tensor a = parameters.a();
        Tensor dtA = a.mul(dt);
        return switch (disc()) {
            case ZOH -> new Discrete(dtA, parameters.b64().mul(expm1(dtA)).div(a), parameters.c64());
            case BILINEAR -> {
                Tensor half = dtA.mul(new Scalar(0.5));
                Tensor backward = one(half).sub(half).reciprocal();
                Tensor forward = one(half).add(half);
                yield new Discrete(torch.log(forward.mul(backward)), parameters.b64().mul(backward).mul(dt),
                        parameters.c64());
            }
            case DSS ->
                throw new IllegalArgumentException("disc dss has no recurrence: its kernel is normalised over the "
                        + "whole length; use disc zoh or bilinear for states and steps");
        };
    }

    @Override
    public Tensor kernel(Kernels kernels, long length, double rate) {
        if (disc() == Disc.DSS) {
            return dss(length, rate);
        }
        Discrete d = discretize(rate);
        Tensor w = d.c().mul(d.dB());
        return kernels.backend() == null
                ? Tensors.twiceReal(vandermonde(w, powers(d.logA(), 0, length)))
                : FusedVandermonde.apply(kernels, w, torch.exp(d.logA()), length);
    }

    /** Σ_n v_n z_n^l: {@code [c, h, n] × [h, n, l] -> [c, h, l]}. */
    static Tensor vandermonde(Tensor v, Tensor powers) {
        return v.transpose(0, 1).matmul(powers).transpose(0, 1);
    }

    /** dA^(first) … dA^(first+length−1): {@code [h, n, l]}. */
    static Tensor powers(Tensor logA, long first, long length) {
        Tensor exponent = Tensors.range(length, logA).add(new Scalar((double) first));
        return torch.exp(logA.unsqueeze(-1).mul(exponent));
    }

    /**
     * K_l = Re Σ_n C_n B_n (e^(dtA) − 1) / (A (e^(L dtA) − 1)) e^(l dtA), the row softmax of DSS without the factor 2;
     * with Re A &gt; 0 the powers run backwards from L − 1 so that nothing overflows.
     */
    private Tensor dss(long length, double rate) {
        Tensor a = parameters.a();
        Tensor dtA = a.mul(parameters.dt(rate));
        Tensor growing = torch.real(a).gt(new Scalar(0.0)).to(ScalarType.Double);
        Tensor flipped = dtA.mul(growing.mul(new Scalar(-2.0)).add(new Scalar(1.0)));
        Tensor x = expm1(flipped.mul(new Scalar((double) length))).mul(a);
        Tensor squared = torch.real(x).square().add(torch.imag(x).square());
        Tensor reciprocal = x.conj().div(squared.add(new Scalar(1e-7)));
        Tensor v = parameters.c64().mul(parameters.b64()).mul(expm1(flipped)).mul(reciprocal);
        Tensor exponent = dtA.unsqueeze(-1).mul(Tensors.range(length, dtA));
        Tensor largest = dtA.detach().mul(growing).mul(new Scalar((double) (length - 1))).unsqueeze(-1);
        return torch.real(vandermonde(v, torch.exp(exponent.sub(largest))));
    }

    /** Whether {@link #convolve} can be used: all but DSS, whose kernel is normalised over its length. */
    public boolean convolves() {
        return disc() != Disc.DSS;
    }

    /**
     * The convolution and skip in one: y {@code [b, l, c h]} with c channels side by side. Up to {@value #KERNEL_UP_TO} steps
     * ({@value #SHARED_UP_TO} with both directions or several channels) by K, beyond by the scan (docs/decisions/013).
     *
     * @param u float32 {@code [b, l, h]} on the CPU
     * @param d skip {@code [c, h]}
     * @param bidirectional whether the second half of C's channels runs backwards
     */
    public Tensor convolve(Kernels kernels, Tensor u, Tensor d, boolean bidirectional, double rate) {
        long channels = d.size(0);
        if (u.size(1) <= (bidirectional || channels > 1 ? SHARED_UP_TO : KERNEL_UP_TO)) {
            Discrete system = discretize(rate);
            return VandermondeConvolution.apply(kernels, u, torch.exp(system.logA()), system.c().mul(system.dB()), d,
                    bidirectional);
        }
        Tensor[] outputs = new Tensor[Math.toIntExact(channels)];
        for (int c = 0; c < channels; c++) {
            Discrete system = discretize(rate); // a graph of its own for each channel: each is run backward once
            Tensor w = system.c().mul(system.dB()).mul(new Scalar(2.0));
            outputs[c] = DiagonalConvolution.apply(kernels, u, torch.exp(system.logA()), w.select(0, c),
                    bidirectional ? w.select(0, channels + c) : null, d.select(0, c));
        }
        return channels == 1 ? outputs[0] : Tensors.cat(-1, outputs);
    }

    @Override
    public Tensor stateOutput(Tensor state, long length, double rate) {
        Discrete d = discretize(rate);
        Tensor x = Tensors.complexOf(state);
        Tensor v = x.unsqueeze(1).mul(d.c()); // [b, c, h, n]
        return Tensors.twiceReal(Tensors.einsum("bchn,hnl->bchl", v, powers(d.logA(), 1, length)));
    }

    @Override
    public Tensor nextState(Tensor u, Tensor state, double rate) {
        Discrete d = discretize(rate);
        long length = u.size(-1);
        Tensor held = Tensors.complexOf(state).mul(torch.exp(d.logA().mul(new Scalar((double) length))));
        Tensor weights = powers(d.logA(), 0, length).flip(-1).mul(d.dB().unsqueeze(-1)); // [h, n, l]
        Tensor driven = Tensors.einsum("hnl,bhl->bhn", weights, u.to(weights.scalar_type()));
        return torch.view_as_real(held.add(driven));
    }

    @Override
    public Tensor heldOutput(Kernels kernels, Tensor state, long length, double rate) {
        Discrete d = discretize(rate);
        return BlockPowers.outputs(Tensors.complexOf(state).unsqueeze(1).mul(d.c()), d.logA(), length);
    }

    @Override
    public Tensor lastState(Tensor u, Tensor state, double rate) {
        Discrete d = discretize(rate);
        Tensor held = Tensors.complexOf(state).mul(torch.exp(d.logA().mul(new Scalar((double) u.size(-1)))));
        return torch.view_as_real(held.add(BlockPowers.sums(u, d.logA()).mul(d.dB())));
    }

    @Override
    public Recurrence recurrence(double rate) {
        Discrete d = discretize(rate);
        Tensor dA = torch.exp(d.logA());
        return new Recurrence() {
            @Override
            public Tensor nextState(Tensor u, Tensor state) {
                Tensor driven = d.dB().mul(u.to(ScalarType.Double).unsqueeze(-1));
                return torch.view_as_real(Tensors.complexOf(state).mul(dA).add(driven));
            }

            @Override
            public Tensor output(Tensor state) {
                return Tensors.twiceReal(Tensors.complexOf(state).unsqueeze(1).mul(d.c()).sum(-1));
            }

            @Override
            public Tensor[] system() { return new Tensor[]{dA, d.dB(), d.c()}; }
        };
    }

    /** e^z − 1 without cancellation near 0: expm1(a) cos b − 2 sin²(b/2) + i e^a sin b. */
    private static Tensor expm1(Tensor z) {
        Tensor a = torch.real(z);
        Tensor b = torch.imag(z);
        Tensor sinHalf = torch.sin(b.mul(new Scalar(0.5)));
        Tensor re = torch.expm1(a).mul(torch.cos(b)).sub(sinHalf.square().mul(new Scalar(2.0)));
        return Tensors.complex(re, torch.exp(a).mul(torch.sin(b)));
    }

    private static Tensor one(Tensor like) { return torch.ones_like(like); }
}
