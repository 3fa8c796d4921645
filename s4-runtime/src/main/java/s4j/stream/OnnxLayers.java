package s4j.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.OnnxGraph;
import s4j.math.Complex;
import s4j.math.RealMatrix;
import s4j.model.DecoderConfig.Mode;
import s4j.model.S4LayerConfig.Activation;
import s4j.ssm.DiagonalRecurrence;
import s4j.ssm.DplrStep;

/** State space models, activations and running values as operations of a graph. */
final class OnnxLayers {
    private final OnnxGraph graph;
    private final boolean step;
    private final int length;
    private final List<State> states = new ArrayList<>();

    /** A state that goes in and comes out. */
    private record State(String name, String after, Object[] shape) {}

    OnnxLayers(OnnxGraph graph, boolean step, int length) {
        this.graph = graph;
        this.step = step;
        this.length = length;
    }

    /** Declares all states after the step. */
    void outputs() {
        states.forEach(s -> graph.output(s.name + "_after", s.after, s.shape));
    }

    private static long[] ints(long... values) { return values; }

    private String scalar(float value) { return graph.constant(new float[]{value}); }

    String activate(@Nullable Activation activation, String x) {
        if (activation == null || activation.identity()) {
            return x;
        }
        return switch (activation) {
            case GELU -> graph.node("Mul", graph.node("Mul", x, scalar(0.5f)), graph.node("Add",
                    graph.node("Erf", graph.node("Mul", x, scalar((float) Math.sqrt(0.5)))), scalar(1)));
            case RELU -> graph.node("Relu", x);
            case ELU -> graph.node("Elu", x);
            case TANH -> graph.node("Tanh", x);
            case SIGMOID -> graph.node("Sigmoid", x);
            case SILU, SWISH -> graph.node("Mul", x, graph.node("Sigmoid", x));
            case SOFTPLUS -> graph.node("Softplus", x);
            case GLU -> {
                List<String> halves = graph.nodes("Split", 2, Map.of("axis", -1L), x);
                yield graph.node("Mul", halves.get(0), graph.node("Sigmoid", halves.get(1)));
            }
            case ID, IDENTITY, LINEAR -> throw new AssertionError("identities are done above");
        };
    }

    /** One step of whole sequences. */
    String at(String x, long index) {
        return graph.node("Squeeze", graph.node("Gather", Map.of("axis", 1L), x, graph.wholes(index)), graph.wholes(1));
    }

    /** The outputs of an SSM with its skip: rows {@code [.., c h]}. */
    String ssm(String u, SsmLayer ssm, int i) {
        SsmForms forms = java.util.Objects.requireNonNull(ssm.forms());
        if (!step) {
            return convolution(u, ssm, forms);
        }
        int rows = ssm.kernels();
        int h = ssm.features();
        String y = switch (forms) {
            case DiagonalForms diagonal -> diagonal(u, diagonal, h, rows, i);
            case LowRankForms lowRank -> lowRank(u, lowRank, h, rows, i);
        };
        float[] skip = new float[rows * h];
        for (int c = 0; c < rows; c++) {
            for (int f = 0; f < h; f++) {
                skip[c * h + f] = ssm.skip(c, f);
            }
        }
        String passed = graph.node("Mul", graph.node("Unsqueeze", u, graph.wholes(1)), graph.constant(skip, rows, h));
        return graph.node("Reshape", graph.node("Add", y, passed), graph.wholes(0, (long) rows * h));
    }

    /** A depthwise convolution with the kernel turned round and D added at its end: y_t = Σ K_j u_(t−j) + D u_t. */
    private String convolution(String u, SsmLayer ssm, SsmForms forms) {
        int h = ssm.features();
        int rows = ssm.kernels();
        float[] k = forms.kernel(length);
        float[] turned = new float[k.length];
        for (int f = 0; f < h; f++) {
            for (int c = 0; c < rows; c++) {
                int to = (f * rows + c) * length;
                int from = (c * h + f) * length;
                for (int t = 0; t < length; t++) {
                    turned[to + length - 1 - t] = k[from + t];
                }
                turned[to + length - 1] += ssm.skip(c, f);
            }
        }
        String first = graph.node("Transpose", Map.of("perm", ints(0, 2, 1)), u);
        String y = graph.node("Conv",
                Map.of("group", (long) h, "pads", ints(length - 1, 0), "kernel_shape", ints(length)), first,
                graph.constant(turned, (long) h * rows, 1, length));
        if (rows == 1) {
            return graph.node("Transpose", Map.of("perm", ints(0, 2, 1)), y);
        }
        String apart = graph.node("Reshape", y, graph.wholes(0, h, rows, -1));
        return graph.node("Reshape", graph.node("Transpose", Map.of("perm", ints(0, 3, 2, 1)), apart),
                graph.wholes(0, -1, (long) rows * h));
    }

    private String state(String name, Object... shape) { return graph.input(name, shape); }

    private void after(String name, String after, Object... shape) { states.add(new State(name, after, shape)); }

    /** x' = dA x + dB u by real and imaginary parts {@code [b, h, n]}; y = 2 Re(C x') {@code [b, c, h]}. */
    private String diagonal(String u, DiagonalForms forms, int h, int rows, int i) {
        int n = forms.discrete(0).dA().length;
        float[][] a = new float[2][h * n];
        float[][] b = new float[2][h * n];
        float[][] c = new float[2][rows * h * n];
        for (int f = 0; f < h; f++) {
            DiagonalRecurrence r = forms.discrete(f);
            for (int k = 0; k < n; k++) {
                put(a, f * n + k, r.dA()[k], 1);
                put(b, f * n + k, r.dB()[k], 1);
                for (int row = 0; row < rows; row++) {
                    put(c, (row * h + f) * n + k, r.c()[row][k], 2);
                }
            }
        }
        String re = state("state_" + i + "_re", "batch", h, n);
        String im = state("state_" + i + "_im", "batch", h, n);
        String aRe = graph.constant(a[0], h, n);
        String aIm = graph.constant(a[1], h, n);
        String in = graph.node("Unsqueeze", u, graph.wholes(2));
        String nextRe = graph.node("Add", graph.node("Sub", graph.node("Mul", re, aRe), graph.node("Mul", im, aIm)),
                graph.node("Mul", in, graph.constant(b[0], h, n)));
        String nextIm = graph.node("Add", graph.node("Add", graph.node("Mul", re, aIm), graph.node("Mul", im, aRe)),
                graph.node("Mul", in, graph.constant(b[1], h, n)));
        after("state_" + i + "_re", nextRe, "batch", h, n);
        after("state_" + i + "_im", nextIm, "batch", h, n);
        String product = graph.node("Sub",
                graph.node("Mul", graph.node("Unsqueeze", nextRe, graph.wholes(1)),
                        graph.constant(c[0], rows, h, n)),
                graph.node("Mul", graph.node("Unsqueeze", nextIm, graph.wholes(1)), graph.constant(c[1], rows, h, n)));
        return graph.node("ReduceSum", Map.of("keepdims", 0L), product, graph.wholes(3));
    }

    private static void put(float[][] parts, int at, Complex z, double factor) {
        parts[0][at] = (float) (factor * z.re());
        parts[1][at] = (float) (factor * z.im());
    }

    /** The same with dA as a real matrix over real and imaginary parts side by side, {@code [b, h, 2n]}. */
    private String lowRank(String u, LowRankForms forms, int h, int rows, int i) {
        int n = 2 * forms.step(0).e().length;
        float[] a = new float[h * n * n];
        float[] b = new float[h * n];
        float[] c = new float[rows * h * n];
        for (int f = 0; f < h; f++) {
            DplrStep one = forms.step(f);
            RealMatrix transition = one.transition();
            for (int to = 0; to < n; to++) {
                for (int from = 0; from < n; from++) {
                    a[(f * n + from) * n + to] = (float) transition.at(to, from);
                }
            }
            Complex[] in = in(one);
            for (int k = 0; k < n; k++) {
                b[f * n + k] = (float) (k % 2 == 0 ? in[k / 2].re() : in[k / 2].im());
                for (int row = 0; row < rows; row++) {
                    Complex z = forms.c(f)[row][k / 2];
                    c[(row * h + f) * n + k] = (float) (k % 2 == 0 ? 2 * z.re() : -2 * z.im());
                }
            }
        }
        String name = "state_" + i;
        String before = graph.node("Unsqueeze", state(name, "batch", h, n), graph.wholes(2));
        String moved = graph.node("Squeeze", graph.node("MatMul", before, graph.constant(a, h, n, n)), graph.wholes(2));
        String next = graph.node("Add", moved, graph.node("Mul", graph.node("Unsqueeze", u, graph.wholes(2)),
                graph.constant(b, h, n)));
        after(name, next, "batch", h, n);
        String product = graph.node("Mul", graph.node("Unsqueeze", next, graph.wholes(1)),
                graph.constant(c, rows, h, n));
        return graph.node("ReduceSum", Map.of("keepdims", 0L), product, graph.wholes(3));
    }

    /** dB: b u less the low-rank term's l β u. */
    private static Complex[] in(DplrStep step) {
        Complex[] in = step.b().clone();
        for (int j = 0; j < step.l().length; j++) {
            for (int k = 0; k < in.length; k++) {
                in[k] = in[k].minus(step.l()[j][k].times(step.beta()[j]));
            }
        }
        return in;
    }

    /** What the sequence so far would give. */
    String running(Mode mode, String x, int h) {
        if (mode != Mode.POOL && mode != Mode.SUM) {
            return x;
        }
        String sum = graph.node("Add", state("state_sum", "batch", h), x);
        after("state_sum", sum, "batch", h);
        if (mode == Mode.SUM) {
            return sum;
        }
        String steps = graph.node("Add", state("state_steps", "batch", 1), scalar(1));
        after("state_steps", steps, "batch", 1);
        return graph.node("Div", sum, steps);
    }
}
