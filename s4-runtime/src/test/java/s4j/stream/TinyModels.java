package s4j.stream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.Backend;

/** Small seeded models: the same bytes in every process. */
public final class TinyModels {
    private static final int N = 4;

    private final RandomTensors tensors = new RandomTensors(3);
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
            m.tensors.s4("model.layers." + i + ".", m.sizes(6));
        }
        m.tensors.norm("model.norm.norm", 6);
        return m.file(Map.of("_name_", "model", "d_model", 6, "n_layers", 2), mode);
    }

    /** Two blocks of width 6 around another layer than S4, with an output of every step or of the last one. */
    static ModelFile rival(Map<String, ?> layer, String mode) {
        TinyModels m = new TinyModels(true);
        for (int i = 0; i < 2; i++) {
            m.tensors.norm("model.layers." + i + ".norm", 6);
            m.rival("model.layers." + i + ".layer.", layer);
        }
        m.tensors.norm("model.norm.norm", 6);
        m.tensors.linear("encoder.0", 6, 2);
        m.tensors.linear("decoder.0.output_transform", 3, 6);
        Map<String, @Nullable Object> network = Map.of("d_input", 2, "d_output", 3, "l_max", 96, "model",
                Map.of("_name_", "model", "d_model", 6, "n_layers", 2, "layer", layer), "decoder",
                Map.of("mode", mode));
        return m.tensors.file(network);
    }

    private void rival(String prefix, Map<String, ?> layer) {
        String kind = String.valueOf(layer.get("_name_"));
        switch (kind) {
            case "lstm", "gru" -> {
                int gates = kind.equals("lstm") ? 4 : 3;
                for (String part : List.of("ih", "hh")) {
                    tensors.put(prefix + "weight_" + part + "_l0", 0, 0.4, 6L * gates, 6);
                    tensors.put(prefix + "bias_" + part + "_l0", 0, 0.1, 6L * gates);
                }
            }
            case "attention" -> {
                tensors.put(prefix + "in_proj_weight", 0, 0.6, 18, 6);
                tensors.put(prefix + "in_proj_bias", 0, 0.1, 18);
                tensors.linear(prefix + "out_proj", 6, 6);
                if ("learned".equals(layer.get("positions"))) {
                    tensors.put(prefix + "positions.weight", 0, 1, 96, 6);
                }
            }
            case "tcn" -> {
                for (int i = 0; i < 2; i++) {
                    tensors.put(prefix + "convs." + i + ".weight", 0, 0.3, 6, 6, 3);
                    tensors.put(prefix + "convs." + i + ".bias", 0, 0.1, 6);
                }
            }
            default -> throw new IllegalArgumentException(kind);
        }
    }

    /**
     * Two layers of S4D, one value in and one out at each step.
     *
     * @param h d_model
     * @param n pairs of states of each feature
     */
    public static ModelFile s4d(int h, int n) {
        RandomTensors t = new RandomTensors(7);
        t.linear("encoder.0", h, 1);
        t.linear("decoder.0.output_transform", 1, h);
        for (int i = 0; i < 2; i++) {
            t.s4("model.layers." + i + ".", new RandomTensors.Sizes(h, n, 1, 1, null));
        }
        t.norm("model.norm.norm", h);
        return t.file(Map.of("d_input", 1, "d_output", 1, "l_max", 1024, "model",
                Map.of("_name_", "model", "d_model", h,
                        "n_layers", 2, "layer", Map.of("d_state", 2 * n, "mode", "diag", "n_ssm", 1)),
                "decoder",
                Map.of("mode", "step")));
    }

    /** Width 6, pools 2 and 3, one layer a stage. */
    static ModelFile sashimi(boolean diagonal) {
        TinyModels m = new TinyModels(diagonal);
        int[] pools = {2, 3};
        for (int stage = 0; stage < 2; stage++) {
            int h = 6 << stage;
            m.tensors.linear("model.d_layers." + stage + ".linear", 2 * h, h * pools[stage]);
            m.tensors.linear("model.u_layers." + (1 - stage) + ".0.linear", h * pools[stage], 2 * h);
            m.tensors.pair("model.u_layers." + (1 - stage) + ".", 1, m.sizes(h));
        }
        m.tensors.pair("model.c_layers.", 0, m.sizes(24));
        m.tensors.norm("model.norm", 6);
        return m.file(Map.of("_name_", "sashimi", "d_model", 6, "n_layers", 1, "pool", List.of(2, 3)), "step");
    }

    /** The same over tokens 0 to 15, which are sound of 4 bits at 200 samples a second. */
    public static ModelFile tokens() {
        TinyModels m = new TinyModels(true);
        for (int i = 0; i < 2; i++) {
            m.tensors.s4("model.layers." + i + ".", m.sizes(6));
        }
        m.tensors.norm("model.norm.norm", 6);
        m.tensors.put("encoder.0.weight", 0, 1, 16, 6);
        m.tensors.put("decoder.0.output_transform.weight", 0, 1, 16, 6);
        m.tensors.put("decoder.0.output_transform.bias", 0, 0.1, 16);
        m.tensors.put("data.levels", TensorData.of(s4j.audio.Quantization.LINEAR.table(4), 16));
        m.tensors.put("data.sample_rate", TensorData.of(new long[]{200}, 1));
        m.tensors.put("data.start", TensorData.of(new long[]{8}, 1));
        Map<String, @Nullable Object> network = Map.of("d_input", 16, "d_output", 16, "l_max", 96, "encoder",
                "embedding",
                "model",
                Map.of("_name_", "model", "d_model", 6, "n_layers", 2, "layer", Map.of("d_state", 2 * N, "mode",
                        "diag", "n_ssm", 2)),
                "decoder", Map.of("mode", "step"));
        return m.tensors.file(network);
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
        tensors.linear("encoder.0", 6, 2);
        tensors.linear("decoder.0.output_transform", 3, 6);
        Map<String, @Nullable Object> model = new LinkedHashMap<>(body);
        Map<String, @Nullable Object> layer = new LinkedHashMap<>(Map.of("d_state", 2 * N, "mode",
                diagonal ? "diag" : "nplr"));
        layer.put("n_ssm", 2);
        layer.put("bidirectional", bidirectional);
        model.put("layer", layer);
        Map<String, @Nullable Object> network = Map.of("d_input", 2, "d_output", 3, "l_max", 96, "model", model,
                "decoder", Map.of("mode", mode));
        return tensors.file(network);
    }

    private RandomTensors.Sizes sizes(int h) {
        return new RandomTensors.Sizes(h, N, 2, bidirectional ? 2 : 1, diagonal ? null : 96L);
    }
}
