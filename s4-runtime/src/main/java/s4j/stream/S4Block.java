package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.kernel.rows.RowFunctions;
import s4j.model.S4LayerConfig;
import s4j.model.S4LayerConfig.Activation;
import s4j.stream.Linear.Side;

/**
 * The S4 block: SSM and skip, activation, gate, output projection; with {@code bottleneck} the SSM runs on fewer features, with
 * {@code gate} its output is multiplied by a branch of the block's input.
 */
final class S4Block implements Layer {
    private final S4LayerConfig config;
    private final Build build;
    private final int h;
    private final int stride;
    private final int innerStride;
    private final SsmLayer ssm;
    private final @Nullable Linear inputLinear;
    private final @Nullable Linear inputGate;
    private final @Nullable Linear outputGate;
    private final @Nullable Linear outputLinear;
    private final boolean leavesPadding;

    /** From the tensors of a block. */
    S4Block(S4LayerConfig config, int h, int lMax, Weights weights, Build build) {
        this.config = config;
        this.build = build;
        this.h = h;
        this.stride = Padding.stride(h);
        int bottleneck = config.bottleneck() == null ? 1 : config.bottleneck();
        if (h % bottleneck != 0 || config.multAct() == Activation.GLU) {
            throw new IllegalArgumentException(h % bottleneck != 0
                    ? "bottleneck " + bottleneck + " does not divide the " + h + " features of " + weights.name("")
                    : "mult_act glu would halve the features of " + weights.name("") + "; expected another activation");
        }
        int inner = h / bottleneck;
        this.innerStride = Padding.stride(inner);
        int channels = Math.multiplyExact(config.channels(), config.activation() == Activation.GLU ? 2 : 1);
        this.ssm = new SsmLayer(config, inner, channels, config.lMax() == null ? lMax : config.lMax(),
                weights.at("layer."), build);
        Side convolved = Side.blocks(config.channels(), inner);
        int gated = config.gate() == null ? 0 : Math.multiplyExact(h, config.gate());
        this.inputLinear = config.bottleneck() == null
                ? null
                : Linear.load(weights, "input_linear", Side.plain(inner), Side.plain(h), build.backend());
        this.inputGate = config.gate() == null
                ? null
                : projection("input_gate", gated, Side.plain(h), config.gateAct(), weights);
        this.outputGate = config.gate() == null
                ? null
                : Linear.load(weights, "output_gate", Side.plain(gated), convolved, build.backend());
        Side mixed = config.gate() == null ? convolved : Side.plain(gated);
        this.outputLinear = config.finalAct() == null
                ? null
                : projection("output_linear", h, mixed, config.finalAct(), weights);
        if (outputLinear == null && mixed.size() != h) {
            throw new IllegalArgumentException(
                    "final_act null leaves " + mixed.size() + " features, " + weights.name("") + " has " + h
                            + "; expected channels 1 and no bottleneck, or a projection (final_act id)");
        }
        this.leavesPadding = Pointwise.keepsZero(config.finalAct())
                && (outputLinear != null || (Pointwise.keepsZero(config.activation())
                        && Pointwise.keepsZero(config.multAct())));
    }

    /** A projection with an activation behind it; the two halves of a GLU are padded each. */
    private Linear projection(String name, int out, Side in, @Nullable Activation act, Weights weights) {
        return Linear.load(weights, act == null ? name : name + ".0",
                act == Activation.GLU ? Side.blocks(2, out) : Side.plain(out), in, build.backend());
    }

    @Override
    public void stream(float[] x, Flow flow, float[] y, Scratch scratch) {
        float[] u = x;
        if (inputLinear != null) {
            u = scratch.get(Scratch.INNER, flow.rows * innerStride);
            inputLinear.apply(x, 0, stride, flow.rows, u, 0, scratch);
        }
        float[] v = scratch.get(Scratch.CONVOLVED, flow.rows * ssm.outputStride());
        scratch.tiles().compute(ssm, flow, u, v);
        mix(x, 0, v, flow.rows, y, scratch);
    }

    @Override
    public void whole(float[] x, Sequences sequences, float[] y) {
        int rows = sequences.rows();
        float[] masked = x.clone();
        sequences.mask(masked, stride);
        int width = ssm.outputStride();
        float[] v = new float[Math.multiplyExact(rows, width)];
        ssm.whole(convolved(masked, sequences), sequences, v);
        build.machine().forRows(rows, (first, count) -> {
            Scratch scratch = build.scratch().get();
            float[] part = scratch.get(Scratch.CONVOLVED, count * width);
            System.arraycopy(v, first * width, part, 0, count * width);
            mix(masked, first * stride, part, count, y, scratch);
        });
    }

    /** One sum over time instead of a convolution, and one row of each sequence behind it. */
    @Override
    public void last(float[] x, Sequences sequences, float[] y) {
        float[] v = new float[Math.multiplyExact(sequences.b(), ssm.outputStride())];
        ssm.last(convolved(x, sequences), sequences, v);
        float[] ends = new float[sequences.b() * stride];
        sequences.last(x, stride, ends);
        mix(ends, 0, v, sequences.b(), y, build.scratch().get());
    }

    /** What the SSM sees, zeros where steps are padding: x itself without a bottleneck. */
    private float[] convolved(float[] x, Sequences sequences) {
        Linear linear = inputLinear;
        if (linear == null) {
            return x;
        }
        int rows = sequences.rows();
        float[] inner = new float[rows * innerStride];
        build.machine().forRows(rows, (first, count) -> linear.apply(x, first * stride, stride, count, inner,
                first * innerStride, build.scratch().get()));
        sequences.mask(inner, innerStride);
        return inner;
    }

    /** What follows the convolution: from its rows v, which may change, and the block's input to y at the same place. */
    private void mix(float[] input, int at, float[] v, int rows, float[] y, Scratch scratch) {
        RowFunctions functions = build.functions();
        int width = config.channels() * innerStride;
        float[] z = v;
        if (config.activation() == Activation.GLU) {
            z = scratch.get(Scratch.MIXED, rows * width);
            functions.glu(v, rows, width, z);
        } else {
            Pointwise.apply(config.activation(), z, rows * width, functions, scratch);
        }
        if (outputGate != null && inputGate != null) {
            width = outputGate.stride();
            float[] gated = scratch.get(Scratch.GATED, rows * width);
            outputGate.apply(z, 0, config.channels() * innerStride, rows, gated, 0, scratch);
            functions.multiply(gate(inputGate, input, at, rows, width, scratch), gated, rows * width);
            z = gated;
        }
        Pointwise.apply(config.multAct(), z, rows * width, functions, scratch);
        if (outputLinear == null) {
            System.arraycopy(z, 0, y, at, rows * stride);
        } else {
            project(outputLinear, z, width, rows, y, at, scratch);
        }
        if (!leavesPadding) {
            Padding.clear(y, at, rows, h, stride);
        }
    }

    private float[] gate(Linear linear, float[] input, int at, int rows, int width, Scratch scratch) {
        float[] g = scratch.get(Scratch.GATE, rows * linear.stride());
        linear.apply(input, at, stride, rows, g, 0, scratch);
        if (config.gateAct() != Activation.GLU) {
            Pointwise.apply(config.gateAct(), g, rows * width, build.functions(), scratch);
            return g;
        }
        float[] halved = scratch.get(Scratch.PROJECTED, rows * width);
        build.functions().glu(g, rows, width, halved);
        return halved;
    }

    private void project(Linear linear, float[] z, int width, int rows, float[] y, int at, Scratch scratch) {
        float[] out = scratch.get(Scratch.PROJECTED, rows * linear.stride());
        linear.apply(z, 0, width, rows, out, 0, scratch);
        if (config.finalAct() == Activation.GLU) {
            float[] halved = scratch.get(Scratch.GATE, rows * stride);
            build.functions().glu(out, rows, stride, halved);
            System.arraycopy(halved, 0, y, at, rows * stride);
        } else {
            Pointwise.apply(config.finalAct(), out, rows * stride, build.functions(), scratch);
            System.arraycopy(out, 0, y, at, rows * stride);
        }
    }

    @Override
    public @Nullable String refusal() { return ssm.refusal(); }

    /** The state space models inside. */
    SsmLayer ssm() { return ssm; }
}
