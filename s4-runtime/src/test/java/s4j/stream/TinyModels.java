package s4j.stream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.model.NetworkConfig;

/** Small seeded models: the same bytes in every process. */
public final class TinyModels {
    private static final int N = 4;

    private final SplittableRandom random = new SplittableRandom(3);
    private final Map<String, TensorData> tensors = new LinkedHashMap<>();
    private final boolean diagonal;
    private final boolean bidirectional;

    private TinyModels(boolean diagonal) { this(diagonal, false); }

    private TinyModels(boolean diagonal, boolean bidirectional) {
        this.diagonal = diagonal;
        this.bidirectional = bidirectional;
    }

    /** Two layers of width 6; decoder mode pool or step. */
    public static ModelFile classifier(boolean diagonal, String mode) {
        return classifier(new TinyModels(diagonal), mode);
    }

    /** The same with two-sided kernels. */
    static ModelFile bidirectional(boolean diagonal) {
        return classifier(new TinyModels(diagonal, true), "pool");
    }

    private static ModelFile classifier(TinyModels m, String mode) {
        for (int i = 0; i < 2; i++) {
            m.s4("model.layers." + i + ".", 6);
        }
        m.norm("model.norm.norm", 6);
        return m.file(Map.of("_name_", "model", "d_model", 6, "n_layers", 2), mode);
    }

    /** Two blocks of width 6 around another layer than S4, with an output of every step or of the last one. */
    static ModelFile rival(Map<String, ?> layer, String mode) {
        TinyModels m = new TinyModels(true);
        for (int i = 0; i < 2; i++) {
            m.norm("model.layers." + i + ".norm", 6);
            m.rival("model.layers." + i + ".layer.", layer);
        }
        m.norm("model.norm.norm", 6);
        m.linear("encoder.0", 6, 2);
        m.linear("decoder.0.output_transform", 3, 6);
        Map<String, @Nullable Object> network = Map.of("d_input", 2, "d_output", 3, "l_max", 96, "model",
                Map.of("_name_", "model", "d_model", 6, "n_layers", 2, "layer", layer), "decoder",
                Map.of("mode", mode));
        NetworkConfig config = Binder.bind(ConfigTree.of(network, new Origin("test")), NetworkConfig.class);
        return new ModelFile(m.tensors, Map.of("network", Binder.tree(config).toValue()), Map.of());
    }

    private void rival(String prefix, Map<String, ?> layer) {
        String kind = String.valueOf(layer.get("_name_"));
        switch (kind) {
            case "lstm", "gru" -> {
                int gates = kind.equals("lstm") ? 4 : 3;
                for (String part : List.of("ih", "hh")) {
                    put(prefix + "weight_" + part + "_l0", 0, 0.4, 6L * gates, 6);
                    put(prefix + "bias_" + part + "_l0", 0, 0.1, 6L * gates);
                }
            }
            case "attention" -> {
                put(prefix + "in_proj_weight", 0, 0.6, 18, 6);
                put(prefix + "in_proj_bias", 0, 0.1, 18);
                linear(prefix + "out_proj", 6, 6);
                if ("learned".equals(layer.get("positions"))) {
                    put(prefix + "positions.weight", 0, 1, 96, 6);
                }
            }
            case "tcn" -> {
                for (int i = 0; i < 2; i++) {
                    put(prefix + "convs." + i + ".weight", 0, 0.3, 6, 6, 3);
                    put(prefix + "convs." + i + ".bias", 0, 0.1, 6);
                }
            }
            default -> throw new IllegalArgumentException(kind);
        }
    }

    /** Width 6, pools 2 and 3, one layer a stage. */
    static ModelFile sashimi(boolean diagonal) {
        TinyModels m = new TinyModels(diagonal);
        int[] pools = {2, 3};
        for (int stage = 0; stage < 2; stage++) {
            int h = 6 << stage;
            m.linear("model.d_layers." + stage + ".linear", 2 * h, h * pools[stage]);
            m.linear("model.u_layers." + (1 - stage) + ".0.linear", h * pools[stage], 2 * h);
            m.pair("model.u_layers." + (1 - stage) + ".", 1, h);
        }
        m.pair("model.c_layers.", 0, 24);
        m.norm("model.norm", 6);
        return m.file(Map.of("_name_", "sashimi", "d_model", 6, "n_layers", 1, "pool", List.of(2, 3)), "step");
    }

    /** The same over tokens 0 to 15, which are sound of 4 bits at 200 samples a second. */
    public static ModelFile tokens() {
        TinyModels m = new TinyModels(true);
        for (int i = 0; i < 2; i++) {
            m.s4("model.layers." + i + ".", 6);
        }
        m.norm("model.norm.norm", 6);
        m.put("encoder.0.weight", 0, 1, 16, 6);
        m.put("decoder.0.output_transform.weight", 0, 1, 16, 6);
        m.put("decoder.0.output_transform.bias", 0, 0.1, 16);
        m.tensors.put("data.levels", TensorData.of(s4j.audio.Quantization.LINEAR.table(4), 16));
        m.tensors.put("data.sample_rate", TensorData.of(new long[]{200}, 1));
        m.tensors.put("data.start", TensorData.of(new long[]{8}, 1));
        Map<String, @Nullable Object> network = Map.of("d_input", 16, "d_output", 16, "l_max", 96, "encoder",
                "embedding",
                "model",
                Map.of("_name_", "model", "d_model", 6, "n_layers", 2, "layer", Map.of("d_state", 2 * N, "mode",
                        "diag", "n_ssm", 2)),
                "decoder", Map.of("mode", "step"));
        NetworkConfig config = Binder.bind(ConfigTree.of(network, new Origin("test")), NetworkConfig.class);
        return new ModelFile(m.tensors, Map.of("network", Binder.tree(config).toValue()), Map.of());
    }

    static S4Model model(ModelFile file, Backend backend) {
        try {
            return S4Model.of(file, "tiny", new ModelOptions(backend, 2, 1));
        } catch (s4j.io.MalformedFileException e) {
            throw new AssertionError(e);
        }
    }

    /** Normal values. */
    static float[] noise(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private ModelFile file(Map<String, Object> body, String mode) {
        linear("encoder.0", 6, 2);
        linear("decoder.0.output_transform", 3, 6);
        Map<String, @Nullable Object> model = new LinkedHashMap<>(body);
        Map<String, @Nullable Object> layer = new LinkedHashMap<>(Map.of("d_state", 2 * N, "mode",
                diagonal ? "diag" : "nplr"));
        layer.put("n_ssm", 2);
        layer.put("bidirectional", bidirectional);
        model.put("layer", layer);
        Map<String, @Nullable Object> network = Map.of("d_input", 2, "d_output", 3, "l_max", 96, "model", model,
                "decoder", Map.of("mode", mode));
        NetworkConfig config = Binder.bind(ConfigTree.of(network, new Origin("test")), NetworkConfig.class);
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("network", Binder.tree(config).toValue());
        return new ModelFile(tensors, all, Map.of());
    }

    private void pair(String prefix, int first, int h) {
        s4(prefix + first + ".", h);
        String ff = prefix + (first + 1) + ".";
        norm(ff + "norm", h);
        linear(ff + "layer.ff.0.0", 2 * h, h);
        linear(ff + "layer.ff.2", h, 2 * h);
    }

    private void s4(String prefix, int h) {
        norm(prefix + "norm", h);
        linear(prefix + "layer.output_linear.0", 2 * h, h);
        String layer = prefix + "layer.layer.";
        put(layer + "D", 0, 1, 1, h);
        String kernel = layer + "kernel.";
        put(kernel + "C", 0, 1, bidirectional ? 2 : 1, h, N, 2);
        put(kernel + "inv_dt", -3, 0.5, h, 1);
        put(kernel + "B", 0, 1, 1, 2, N, 2);
        put(kernel + "A_real", -0.7, 0.1, 2, N);
        put(kernel + "A_imag", 5, 3, 2, N);
        if (!diagonal) {
            put(kernel + "P", 0, 0.5, 1, 2, N, 2);
            tensors.put(kernel + "l_kernel", TensorData.of(new long[]{96}));
        }
    }

    private void norm(String name, int h) {
        put(name + ".weight", 1, 0.1, h);
        put(name + ".bias", 0, 0.1, h);
    }

    private void linear(String name, int out, int in) {
        put(name + ".weight", 0, 1 / Math.sqrt(in), out, in);
        put(name + ".bias", 0, 0.1, out);
    }

    private void put(String name, double mean, double scale, long... shape) {
        int n = 1;
        for (long s : shape) {
            n *= (int) s;
        }
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (mean + scale * random.nextGaussian());
        }
        tensors.put(name, TensorData.of(values, shape));
    }
}
