package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.Json;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.model.S4LayerConfig;
import s4j.model.SashimiConfig;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** What the official S4 computes in float64, by every form of the runtime. */
class GoldenTest {
    private static final int SEED = 0;

    private static SafeTensors file(String name) throws IOException {
        try (InputStream in = Objects
                .requireNonNull(GoldenTest.class.getResourceAsStream("/golden/" + name + ".safetensors"))) {
            return SafeTensors.fromBytes(in.readAllBytes(), name);
        }
    }

    private static Map<String, @Nullable Object> options(SafeTensors file) throws IOException {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        Object parsed = Json.parse(Objects.requireNonNull(file.metadata().get("case")), "case");
        ((Map<?, ?>) Objects.requireNonNull(parsed)).forEach((k, v) -> options.put(String.valueOf(k), v));
        options.keySet().removeAll(List.of("L", "B", "H", "seed"));
        return options;
    }

    private static S4LayerConfig layer(Map<String, @Nullable Object> options) {
        Map<String, @Nullable Object> layer = new LinkedHashMap<>(Map.of("dt_transform", "exp"));
        layer.put("n_ssm", null);
        layer.putAll(options);
        return Binder.bind(ConfigTree.of(layer, new Origin("case")), S4LayerConfig.class);
    }

    private static Map<String, TensorData> parameters(SafeTensors file) {
        Map<String, TensorData> found = new LinkedHashMap<>();
        file.tensors().forEach((name, tensor) -> {
            if (name.startsWith("param.")) {
                found.put(name.substring("param.".length()), tensor);
            }
        });
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sashimi_s4", "sashimi_s4d_unet"})
    void sashimiEqualsTheOfficialOneWholeInChunksAndByStep(String name) throws IOException {
        SafeTensors file = file(name);
        Map<String, @Nullable Object> options = options(file);
        Map<String, @Nullable Object> model = new LinkedHashMap<>();
        for (String key : new ArrayList<>(options.keySet())) {
            if (List.of("d_model", "n_layers", "pool", "unet", "expand", "ff").contains(key)) {
                model.put(key, options.remove(key));
            }
        }
        model.put("layer", Binder.tree(layer(options)).toValue());
        SashimiConfig config = Binder.bind(ConfigTree.of(model, new Origin("case")), SashimiConfig.class);
        SashimiForms forms = SashimiForms.of(config, parameters(file), file.tensor("x"));
        double[] expected = file.tensor("y").toDoubles();
        Comparison.requireClose(name + " whole", SEED, forms.y().toDoubles(), expected, Tolerances.RUNTIME);
        Comparison.requireClose(name + " steps", SEED, forms.yStep().toDoubles(), file.tensor("y_step").toDoubles(),
                Tolerances.RUNTIME);
        assertTrue(forms.yChunk().equals(forms.yStep()), name + ": chunks have the bits of steps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"block_s4_bidirectional", "block_s4_default", "block_s4d_bidirectional",
            "block_s4d_inv_channels2", "block_s4d_lin", "block_s4d_noact"})
    void blocksEqualTheOfficialOnesWholeAndByStep(String name) throws IOException {
        SafeTensors file = file(name);
        TensorData u = file.tensor("u");
        int b = (int) u.shape()[0];
        int l = (int) u.shape()[1];
        int h = (int) u.shape()[2];
        for (Backend backend : EnumSet.of(Backend.SCALAR, Backend.best())) {
            Build build = new Build(Machine.of(backend, 2), 1, false);
            S4Block block = new S4Block(layer(options(file)), h, l, new Weights(parameters(file), ""), build);
            float[] x = padded(u.toFloats(), h);
            float[] y = new float[x.length];
            block.whole(x, new Sequences(b, l, null), y);
            Comparison.requireClose(name + " whole " + backend, SEED, cut(y, h), file.tensor("y").toDoubles(),
                    Tolerances.RUNTIME);
            if (block.refusal() == null) {
                Flow flow = new Flow();
                for (int i = 0; i < b; i++) {
                    flow.add(new StreamState("", new float[build.stateSize()], new double[0], build.newCaches(), 0), l,
                            0);
                }
                block.stream(x, flow, y, build.shared().get());
                Comparison.requireClose(name + " steps " + backend, SEED, cut(y, h),
                        file.tensor("y_step").toDoubles(), Tolerances.RUNTIME);
            }
        }
    }

    private static float[] padded(float[] x, int h) {
        int stride = Padding.stride(h);
        float[] y = new float[x.length / h * stride];
        for (int r = 0; r < x.length / h; r++) {
            System.arraycopy(x, r * h, y, r * stride, h);
        }
        return y;
    }

    private static double[] cut(float[] x, int h) {
        int stride = Padding.stride(h);
        double[] y = new double[x.length / stride * h];
        Arrays.setAll(y, i -> x[i / h * stride + i % h]);
        return y;
    }
}
