package s4j.stream;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.OnnxGraph;
import s4j.io.TensorData;
import s4j.model.BackboneConfig;
import s4j.model.DecoderConfig;
import s4j.model.DecoderConfig.Mode;
import s4j.model.EncoderConfig;
import s4j.model.FeedForwardConfig;
import s4j.model.LayerConfig;
import s4j.model.LinearConfig;
import s4j.model.NetworkConfig;
import s4j.model.S4LayerConfig;

/**
 * A network as a graph of ONNX in real arithmetic. <b>Whole</b>: x {@code [b, l, d]} to y, sequences up to a length, each SSM a causal
 * convolution. <b>Step</b>: x {@code [b, d]} and the layers' states to y and the states after it.
 *
 * <p>The network alone: what a model file says of normalisation and classes stands in the graph's metadata. Isotropic networks of S4,
 * ff and linear layers; what cannot be exported is refused by name.
 */
public final class OnnxExport {
    private final NetworkConfig config;
    private final S4Model model;
    private final Weights weights;
    private final OnnxLayers layers;
    private final OnnxGraph graph;
    private final boolean step;

    /** Kinds of graph. */
    public enum Kind {
        WHOLE, STEP
    }

    private OnnxExport(S4Model model, Weights weights, Kind kind, int length) {
        this.config = model.config();
        this.model = model;
        this.weights = weights;
        this.step = kind == Kind.STEP;
        this.graph = new OnnxGraph("s4j_" + (step ? "step" : "whole"));
        this.layers = new OnnxLayers(graph, step, length);
    }

    /**
     * The file of a graph.
     *
     * @param name of the model, for messages
     * @param length longest sequence of the whole graph
     * @throws IllegalArgumentException naming what cannot be exported
     */
    public static byte[] of(ModelFile file, String name, Kind kind, int length) throws MalformedFileException {
        S4Model model = S4Model.of(file, name, ModelOptions.standard());
        String refusal = kind == Kind.STEP ? model.streamingRefusal() : null;
        if (refusal != null) {
            throw new IllegalArgumentException("no step graph: " + refusal);
        }
        Weights weights = Weights.of(model.config(), file.tensors());
        return new OnnxExport(model, weights, kind, length).export(file, model.fingerprint(), length);
    }

    private byte[] export(ModelFile file, String fingerprint, int length) {
        if (!(config.model() instanceof BackboneConfig backbone) || backbone.pool() != null
                || !(model.body() instanceof IsotropicBody body)) {
            throw new IllegalArgumentException("model %s: expected an isotropic one without pools".formatted(
                    config.model().title()));
        }
        String x = encode();
        for (int i = 0; i < backbone.blocks(); i++) {
            x = block(backbone, i, x, body.layers().get(i));
        }
        if (backbone.prenorm() && backbone.finalNorm()) {
            x = norm(backbone.norm(), x, weights.at("model.norm."), backbone.dModel());
        }
        decode(x);
        layers.outputs();
        Map<String, String> metadata = new TreeMap<>(Map.of("s4j.fingerprint", fingerprint, "s4j.config",
                Json.print(file.config())));
        if (!step) {
            metadata.put("s4j.longest", String.valueOf(length));
        }
        return graph.model(metadata);
    }

    private Object[] shape(Object... last) {
        Object[] all = new Object[last.length + (step ? 1 : 2)];
        all[0] = "batch";
        all[1] = step ? last[0] : "steps";
        System.arraycopy(last, 0, all, all.length - last.length, last.length);
        return all;
    }

    private String encode() {
        EncoderConfig encoder = config.encoder();
        int h = config.model().dModel();
        return switch (encoder.name()) {
            case ID -> graph.input("x", shape(h));
            case LINEAR -> linear("encoder.0", graph.input("x", shape(config.dInput())), config.dInput(), h, weights);
            case EMBEDDING -> {
                if (!encoder.classes().isEmpty()) {
                    throw new IllegalArgumentException("encoder.classes: sequences are told classes; expected none");
                }
                float[] table = weights.floats("encoder.0.weight", config.dInput(), h);
                for (int i = 0; config.decoder().tied() && i < table.length; i++) {
                    table[i] *= (float) Math.sqrt(h);
                }
                String x = step
                        ? graph.wholeInput("x", "batch")
                        : graph.wholeInput("x", "batch", "steps");
                yield graph.node("Gather", graph.constant(table, config.dInput(), h), x);
            }
            case ADAPTIVE -> throw new IllegalArgumentException("encoder adaptive: expected linear, id or embedding");
        };
    }

    private String block(BackboneConfig backbone, int i, String x, Layer layer) {
        Weights w = weights.at("model.layers." + i + ".");
        int h = backbone.dModel();
        String u = backbone.prenorm() ? norm(backbone.norm(), x, w.at("norm."), h) : x;
        String y = layer(backbone.layer(i), u, w.at("layer."), h, layer, i);
        String sum = backbone.residual() == BackboneConfig.Residual.R ? graph.node("Add", x, y) : y;
        return backbone.prenorm() ? sum : norm(backbone.norm(), sum, w.at("norm."), h);
    }

    private String layer(LayerConfig layer, String u, Weights w, int h, Layer loaded, int i) {
        return switch (layer) {
            case S4LayerConfig s4 when loaded instanceof S4Block block -> s4(s4, u, w, h, block.ssm(), i);
            case FeedForwardConfig ff -> {
                int middle = Math.multiplyExact(h, ff.expand());
                boolean glu = ff.activation() == S4LayerConfig.Activation.GLU;
                String z = linear(ff.inner(), u, h, glu ? 2 * middle : middle, w);
                yield linear("ff.2", layers.activate(ff.activation(), z), middle, h, w);
            }
            case LinearConfig linear -> layers.activate(linear.activation(),
                    linear("", u, h, h, w));
            default -> throw new IllegalArgumentException(
                    "layer %s is not exported; expected s4, ff and linear ones".formatted(layer.title()));
        };
    }

    private String s4(S4LayerConfig s4, String u, Weights w, int h, SsmLayer ssm, int i) {
        if (s4.gate() != null || s4.bottleneck() != null || s4.bidirectional() || s4.disc() == S4LayerConfig.Disc.DSS) {
            throw new IllegalArgumentException(
                    "layer %d: gate, bottleneck, bidirectional and disc dss are not exported".formatted(i + 1));
        }
        if (step && ssm.forms() instanceof LowRankForms forms && forms.stiff()) {
            throw new IllegalArgumentException("layer %d: a mode has dt |λ| above %.0e, too fast for steps in float32"
                    .formatted(i + 1, LowRankForms.STIFF));
        }
        String z = layers.activate(s4.activation(), layers.ssm(u, ssm, i));
        z = layers.activate(s4.multAct(), z);
        if (s4.finalAct() == null) {
            return z;
        }
        boolean glu = s4.finalAct() == S4LayerConfig.Activation.GLU;
        return layers.activate(s4.finalAct(),
                linear(w.has("output_linear.0.weight") ? "output_linear.0" : "output_linear", z, s4.channels() * h,
                        glu ? 2 * h : h, w));
    }

    /** {@code x W^T + b}. */
    private String linear(String name, String x, int in, int out, Weights w) {
        String prefix = name.isEmpty() ? "" : name + ".";
        TensorData tensor = w.tensor(prefix + "weight", new long[]{out, in}, new long[]{out, in, 1});
        if (w.scales(prefix + "weight", tensor, out) != null) {
            throw new IllegalArgumentException("int8 weights are not exported; expected the model with float32 ones");
        }
        float[] rows = w.floats(prefix + "weight", tensor);
        float[] columns = new float[rows.length];
        for (int r = 0; r < out; r++) {
            for (int c = 0; c < in; c++) {
                columns[c * out + r] = rows[r * in + c];
            }
        }
        return graph.node("Add", graph.node("MatMul", x, graph.constant(columns, in, out)),
                graph.constant(w.floats(prefix + "bias", out), out));
    }

    private String norm(BackboneConfig.@Nullable Norm kind, String x, Weights named, int h) {
        if (kind == null || kind == BackboneConfig.Norm.NONE) {
            return x;
        }
        Weights w = named.has("weight") ? named : named.at("norm.");
        return switch (kind) {
            case LAYER -> graph.node("LayerNormalization", Map.of("axis", -1L, "epsilon", (float) Norm.EPS), x,
                    graph.constant(w.floats("weight", h), h), graph.constant(w.floats("bias", h), h));
            case BATCH -> {
                double[] mean = w.doubles("running_mean", h);
                double[] variance = w.doubles("running_var", h);
                float[] factor = w.floats("weight", h);
                float[] term = w.floats("bias", h);
                for (int i = 0; i < h; i++) {
                    double f = factor[i] / Math.sqrt(variance[i] + Norm.EPS);
                    factor[i] = (float) f;
                    term[i] = (float) (term[i] - mean[i] * f);
                }
                yield graph.node("Add", graph.node("Mul", x, graph.constant(factor, h)), graph.constant(term, h));
            }
            case NONE, INSTANCE, SCALAR_LAYER -> throw new IllegalArgumentException(
                    "norm %s is not exported; expected layer, batch or none".formatted(kind));
        };
    }

    private void decode(String x) {
        DecoderConfig decoder = config.decoder();
        if (decoder.name() == DecoderConfig.Kind.ADAPTIVE || decoder.pairs() || decoder.mode() == Mode.RAGGED
                || (step && decoder.mode() == Mode.FIRST)) {
            throw new IllegalArgumentException("decoder %s in mode %s is not exported%s".formatted(decoder.name(),
                    decoder.mode(), step ? " as a step" : ""));
        }
        int h = config.model().dModel();
        int out = decoder.name() == DecoderConfig.Kind.ID ? h : config.dOutput();
        int steps = decoder.steps();
        String pooled = step ? layers.running(decoder.mode(), x, h) : pooled(decoder.mode(), x, steps);
        String y = decoder.name() == DecoderConfig.Kind.ID
                ? pooled
                : linear("decoder.0.output_transform", pooled, h, out / Math.max(1, steps), weights);
        if (steps > 0) {
            y = graph.node("Reshape", y, graph.wholes(0, out));
        }
        Object[] shape = !step && decoder.mode() == Mode.STEP
                ? List.of("batch", "steps", out).toArray()
                : List.of("batch", out).toArray();
        graph.output("y", y, shape);
    }

    private String pooled(Mode mode, String x, int steps) {
        if (steps > 0) {
            return graph.node("Slice", x, graph.wholes(-steps), graph.wholes(Long.MAX_VALUE), graph.wholes(1));
        }
        return switch (mode) {
            case STEP -> x;
            case POOL -> graph.node("ReduceMean", Map.of("axes", new long[]{1}, "keepdims", 0L), x);
            case SUM -> graph.node("ReduceSum", Map.of("keepdims", 0L), x, graph.wholes(1));
            case FIRST -> layers.at(x, 0);
            case LAST -> layers.at(x, -1);
            case RAGGED -> throw new AssertionError("refused above");
        };
    }
}
