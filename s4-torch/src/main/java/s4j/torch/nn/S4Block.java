package s4j.torch.nn;

import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import s4j.model.S4LayerConfig;
import s4j.model.S4LayerConfig.Activation;
import s4j.torch.ssm.DiagonalKernel;
import s4j.torch.ssm.DplrKernel;
import s4j.torch.ssm.FftConvolution;
import s4j.torch.ssm.FusedProjection;
import s4j.torch.ssm.KernelConvolution;
import s4j.torch.ssm.Kernels;
import s4j.torch.ssm.SsmKernel;
import s4j.torch.ssm.SsmParameters;
import s4j.torch.tensor.Linear;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;
import s4j.torch.tensor.Tensors;

/**
 * The S4 block: SSM convolution + D skip -> dropout -> activation -> (gate) -> dropout -> output projection.
 *
 * <p>With {@code bottleneck} the convolution runs on d_model / bottleneck features; with {@code gate} its output is
 * projected to gate · d_model features and multiplied by a branch of the block's input (the GSS recipe).
 */
public final class S4Block implements Layer {
    private final Kernels kernels;
    private final S4LayerConfig config;
    private final double dropout;
    private final int channels;
    private final int dModel;
    private final int inner;
    private final SsmKernel kernel;
    private final int lMax;
    private final Parameter d;
    /** Whether what follows the convolution is what {@link FusedProjection} computes. */
    private final boolean projects;
    private final @Nullable Linear inputLinear;
    private final @Nullable Linear inputGate;
    private final @Nullable Linear outputGate;
    private final @Nullable Linear outputLinear;

    /** Creates the block's parameters below {@code prefix} (which ends with a dot or is empty). */
    public S4Block(S4LayerConfig config, int dModel, int lMax, double dropout, String prefix, ParameterStore store,
            Kernels kernels) {
        this.kernels = kernels;
        this.dModel = dModel;
        this.config = config;
        this.dropout = config.dropout() == null ? dropout : config.dropout();
        // glu halves what the convolution makes, so it makes twice as much
        this.channels = config.channels() * (config.activation() == Activation.GLU ? 2 : 1);
        int bottleneck = config.bottleneck() == null ? 1 : config.bottleneck();
        if (dModel % bottleneck != 0) {
            throw new IllegalArgumentException("bottleneck " + bottleneck + " does not divide d_model " + dModel);
        }
        this.inner = dModel / bottleneck;
        this.lMax = config.lMax() == null ? lMax : config.lMax();
        this.inputLinear = config.bottleneck() == null ? null : store.addLinear(prefix + "input_linear", dModel, inner);
        this.inputGate = config.gate() == null
                ? null
                : projection(prefix + "input_gate", dModel, dModel * config.gate(), config.gateAct(), store);
        this.d = store.add(prefix + "layer.D", Role.WEIGHT, gaussian(store.random(prefix + "layer.D")), channels,
                inner);
        String kernelPrefix = prefix + "layer.kernel.";
        SsmParameters parameters = SsmParameters.create(config, inner, channels * (config.bidirectional() ? 2 : 1),
                kernelPrefix, store);
        this.kernel = config.mode().diagonal()
                ? new DiagonalKernel(parameters)
                : DplrKernel.create(parameters, kernelPrefix, this.lMax, store);
        int convolved = config.channels() * inner;
        this.outputGate = config.gate() == null
                ? null
                : store.addLinear(prefix + "output_gate", convolved, dModel * config.gate());
        int mixed = config.gate() == null ? convolved : dModel * config.gate();
        this.outputLinear = config.finalAct() == null
                ? null
                : projection(prefix + "output_linear", mixed, dModel, config.finalAct(), store);
        this.projects = kernels.backend() != null && config.activation() == Activation.GELU && config.gate() == null
                && (config.multAct() == null || config.multAct().identity())
                && config.finalAct() == Activation.GLU;
        if (outputLinear == null && mixed != dModel) {
            throw new IllegalArgumentException("final_act null leaves " + mixed + " features, the model has " + dModel
                    + "; expected channels 1 and no bottleneck, or a projection (final_act id)");
        }
    }

    private double[] gaussian(RandomGenerator random) {
        double[] values = new double[channels * inner];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    /** A projection with an activation behind it: named as a sequence, its width doubled for glu. */
    private static Linear projection(String name, int in, int out, @Nullable Activation act, ParameterStore store) {
        return store.addLinear(act == null ? name : name + ".0", in, act == Activation.GLU ? 2 * out : out);
    }

    @Override
    public Output forward(Tensor x, @Nullable Tensor state, double rate, @Nullable Tensor mask, boolean training) {
        return forward(x, state, rate, mask, training, lMax);
    }

    /** By a kernel as long as the sequence, unless {@code l_max} of the layer itself says less. */
    @Override
    public Tensor forwardWhole(Tensor x, double rate, @Nullable Tensor mask, boolean training) {
        return forward(x, null, rate, mask, training, config.lMax() == null ? Integer.MAX_VALUE : lMax).y();
    }

    private Output forward(Tensor x, @Nullable Tensor state, double rate, @Nullable Tensor mask, boolean training,
            int longest) {
        Tensor input = mask == null ? x : x.mul(mask);
        Tensor u = convolved(input, mask); // [b, l, h]
        long length = u.size(1);
        long kernelLength = Math.min(length, Math.max(1, (long) Math.rint(longest / rate)));
        Tensor y = convolve(u, kernelLength, rate, training); // [b, l, c h]
        Tensor next = null;
        if (state != null) {
            refuseBidirectionalState();
            boolean single = kernels.backend() != null && u.scalar_type().intern() == ScalarType.Float;
            Tensor held = (single
                    ? kernel.heldOutput(kernels, state, length, rate)
                    : kernel.stateOutput(state, length, rate))
                    .to(u.scalar_type());
            y = y.add(held.flatten(1, 2).transpose(1, 2));
            next = next(u.detach().transpose(1, 2), state, rate, single);
        }
        y = Pointwise.dropout(y, dropout, training, config.tieDropout() ? 1 : null);
        return new Output(mix(input, y, training), next);
    }

    /** The next state, a value: gradients end where it is handed on (truncated backpropagation through time). */
    private Tensor next(Tensor u, Tensor state, double rate, boolean single) {
        Tensor next = Tensors.zeros(state.scalar_type(), state, Tensors.shape(state));
        try (var _ = NativeScope.withoutGradients()) {
            next.copy_(single ? kernel.lastState(u, state, rate) : kernel.nextState(u, state, rate));
        }
        return next;
    }

    /** Convolution and skip, {@code [b, l, h] -> [b, l, c h]}, by s4j's own kernels where they can. */
    private Tensor convolve(Tensor u, long kernelLength, double rate, boolean training) {
        boolean own = kernels.backend() != null && u.scalar_type().intern() == ScalarType.Float;
        boolean whole = kernelLength == u.size(1) && (config.dropKernel() == 0 || !training);
        if (own && whole && kernel instanceof DiagonalKernel diagonal && diagonal.convolves()) {
            return diagonal.convolve(kernels, u, d.value(), config.bidirectional(), rate);
        }
        Tensor k = Pointwise.dropout(kernel(kernelLength, rate), config.dropKernel(), training,
                null);
        if (own) {
            return KernelConvolution.apply(kernels, u, k, d.value(), config.bidirectional());
        }
        Tensor transposed = u.transpose(1, 2); // [b, h, l]
        k = k.to(u.scalar_type());
        Tensor y = config.bidirectional()
                ? FftConvolution.bidirectional(transposed, k)
                : FftConvolution.causal(transposed, k);
        return y.add(transposed.unsqueeze(1).mul(d.value().unsqueeze(-1))).flatten(1, 2).transpose(1, 2);
    }

    /** What the convolution sees: of padding nothing, also where a projection adds its bias. */
    private Tensor convolved(Tensor input, @Nullable Tensor mask) {
        if (inputLinear == null) {
            return input;
        }
        Tensor u = inputLinear.forward(input);
        return mask == null ? u : u.mul(mask);
    }

    /** What follows the convolution: from its outputs {@code [..., c h]} and the block's input to {@code [..., h]}. */
    private Tensor mix(Tensor input, Tensor convolved, boolean training) {
        boolean dropping = training && dropout > 0;
        if (projects && !dropping && outputLinear != null && convolved.dim() == 3
                && convolved.scalar_type().intern() == ScalarType.Float) {
            return FusedProjection.apply(kernels, convolved, outputLinear);
        }
        Tensor y = Pointwise.activate(convolved, config.activation());
        if (outputGate != null && inputGate != null) {
            y = outputGate.forward(y).mul(Pointwise.activate(inputGate.forward(input), config.gateAct()));
        }
        y = Pointwise.activate(y, config.multAct());
        y = Pointwise.dropout(y, dropout, training, config.tieDropout() ? 1 : null);
        return outputLinear == null ? y : Pointwise.activate(outputLinear.forward(y), config.finalAct());
    }

    private Output step(Tensor x, Tensor state, SsmKernel.Recurrence recurrence) {
        Tensor u = inputLinear == null ? x : inputLinear.forward(x);
        Tensor next = recurrence.nextState(u, state);
        Tensor y = recurrence.output(next).to(u.scalar_type()).add(u.unsqueeze(1).mul(d.value()));
        return new Output(mix(x, y.flatten(1, 2), false), next);
    }

    @Override
    public Stepper stepper(double rate) {
        refuseBidirectionalState();
        SsmKernel.Recurrence recurrence = kernel.recurrence(rate);
        return (x, state) -> step(x, state, recurrence);
    }

    /** Zeros {@code [b, h, n, 2]}. */
    @Override
    public Tensor zeroState(long batch) {
        return Tensors.zeros(ScalarType.Double, d.value(), batch, inner, config.dState() / 2, 2);
    }

    /** The convolution kernel K {@code [c, h, l]} in float64 (2c with bidirectional). */
    public Tensor kernel(long length, double rate) {
        return kernel.kernel(kernels, length, rate);
    }

    @Override
    public int dOutput() { return dModel; }

    private void refuseBidirectionalState() {
        if (config.bidirectional()) {
            throw new IllegalArgumentException(
                    "a bidirectional layer has no state: its output depends on later inputs; "
                            + "run whole sequences, or train with bidirectional=false");
        }
    }
}
