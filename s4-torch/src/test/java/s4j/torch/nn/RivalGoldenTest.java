package s4j.torch.nn;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.model.BackboneConfig;
import s4j.model.FeedForwardConfig;
import s4j.model.LayerConfig;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/**
 * Outputs and gradients of PyTorch's own modules (rivals/golden.py) with the same weights, which are loaded under the names that
 * PyTorch gives them.
 */
class RivalGoldenTest {
    private static final int SEED = 1;
    private static final int H = 4;

    /** A file and its layer. */
    record Case(String file, Map<String, ?> layer) {}

    static Stream<Case> layers() {
        return Stream.of(new Case("lstm", Map.of("_name_", "lstm")), new Case("gru", Map.of("_name_", "gru")),
                new Case("linear", Map.of("_name_", "linear")),
                new Case("attention",
                        Map.of("_name_", "attention", "n_heads", 2, "causal", false, "positions", "none")),
                new Case("attention_causal", Map.of("_name_", "attention", "n_heads", 2, "positions", "none")),
                new Case("tcn", Map.of("_name_", "tcn", "kernel_size", 3, "dilations", List.of(1, 2))));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void layerIsPyTorchsModule(Case c) throws IOException {
        Map<String, TensorData> golden = golden(c.file());
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.open()) {
            LayerConfig config = Binder.bind(ConfigTree.of(c.layer(), new Origin("test")), LayerConfig.class,
                    FeedForwardConfig.DEFAULTS);
            Layer layer = Layer.create(config, H, 16, 0, "", store, Kernels.torch());
            store.load(parameters(golden, name -> name));
            requireGolden(c.file(), golden, store, x -> layer.forward(x, null, 1, null, true).y(), name -> name);
        }
    }

    /** norm1, self_attn, norm2, linear1, linear2 are the two residual blocks of {@code model=transformer}. */
    @Test
    void attentionAndFeedForwardAreThePreNormTransformer() throws IOException {
        Map<String, TensorData> golden = golden("transformer");
        Map<String, @Nullable Object> body = Map.of("_name_", "model", "d_model", 6, "n_layers", 1, "final_norm", false,
                "layer", List.of(Map.of("_name_", "attention", "n_heads", 3, "positions", "none"),
                        Map.of("_name_", "ff", "expand", 2)));
        BackboneConfig config = Binder.bind(ConfigTree.of(body, new Origin("test")), BackboneConfig.class);
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.open()) {
            Backbone backbone = new Backbone(config, 16, "", store, Kernels.torch());
            store.load(parameters(golden, RivalGoldenTest::place));
            requireGolden("transformer", golden, store, x -> backbone.forward(x, null, 1, null, true).y(),
                    RivalGoldenTest::place);
        }
    }

    private static String place(String name) {
        return name.replace("norm1.", "layers.0.norm.norm.").replace("self_attn.", "layers.0.layer.")
                .replace("norm2.", "layers.1.norm.norm.").replace("linear1.", "layers.1.layer.ff.0.0.")
                .replace("linear2.", "layers.1.layer.ff.2.");
    }

    private static void requireGolden(String what, Map<String, TensorData> golden, ParameterStore store,
            UnaryOperator<Tensor> forward, UnaryOperator<String> place) {
        Tensor x = tensor(golden, "x").requires_grad_(true);
        Tensor y = forward.apply(x);
        y.mul(tensor(golden, "w")).sum().backward();
        requireClose(what, "y", y, golden);
        requireClose(what, "grad.x", x.grad(), golden);
        Map<String, Parameter> own = new LinkedHashMap<>();
        store.trained().forEach(p -> own.put(p.name(), p));
        golden.keySet().stream().filter(k -> k.startsWith("param.")).map(k -> k.substring(6))
                .forEach(name -> requireClose(
                        what, "grad." + name, Objects.requireNonNull(own.get(place.apply(name))).value().grad(),
                        golden));
    }

    private static void requireClose(String what, String name, Tensor got, Map<String, TensorData> golden) {
        Comparison.requireClose(what + " " + name, SEED, Tensors.doubles(got),
                Objects.requireNonNull(golden.get(name)).toDoubles(), Tolerances.FORMS);
    }

    private static Tensor tensor(Map<String, TensorData> golden, String name) {
        TensorData data = Objects.requireNonNull(golden.get(name));
        return Tensor.create(data.toDoubles(), data.shape());
    }

    private static Map<String, TensorData> parameters(Map<String, TensorData> golden,
            UnaryOperator<String> place) {
        Map<String, TensorData> parameters = new LinkedHashMap<>();
        golden.forEach((name, t) -> {
            if (name.startsWith("param.")) {
                parameters.put(place.apply(name.substring(6)), t);
            }
        });
        return parameters;
    }

    private static Map<String, TensorData> golden(String name) throws IOException {
        String path = "/rivals/" + name + ".safetensors";
        try (InputStream in = Objects.requireNonNull(RivalGoldenTest.class.getResourceAsStream(path))) {
            return SafeTensors.fromBytes(in.readAllBytes(), path).tensors();
        }
    }
}
