package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.StreamState;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** The pure-Java runtime gives what libtorch gives, for every kind of network, whole, in chunks and by steps. */
class RuntimeParityTest {
    private static final int SEED = 21;
    private static final int L = 16;
    private static final int B = 3;
    private static final Map<String, Object> S4 = Map.of("d_state", 8);
    private static final Map<String, Object> S4D = Map.of("d_state", 8, "mode", "diag", "init", "diag-lin");
    private static final String FF = "ff";

    /** What a network has that the usual one has not. */
    record Case(List<@Nullable Object> options) {
        @Nullable
        Object[] and(String key, Object value) {
            List<@Nullable Object> all = new ArrayList<>(options);
            all.add(key);
            all.add(value);
            return all.toArray();
        }
    }

    private static Case with(@Nullable Object... options) { return new Case(Arrays.asList(options)); }

    static Stream<Case> networks() {
        return Stream.of(with(), with("model.prenorm", false), with("model.norm", "batch"),
                with("model.norm", "none", "model.layer.mode", "diag", "model.layer.init", "diag-lin"),
                with("model.norm", "instance"), with("model.norm", "scalar_layer"),
                with("model.norm", "scalar_layer", "model.prenorm", false, "model.d_model", 70),
                with("model._name_", "sashimi", "model.pool", List.of(2), "model.norm", "scalar_layer"),
                with("model.final_norm", false, "model.d_model", 70),
                with("model.residual", "none", "model.layer.n_ssm", 1),
                with("encoder._name_", "embedding", "d_input", 7),
                with("encoder._name_", "embedding", "encoder.classes", List.of("a", "b", "c"), "d_input", 7),
                with("encoder._name_", "id", "d_input", 4), with("decoder._name_", "id"),
                with("model.pool._name_", "average", "model.pool.expand", 2), with("model.pool._name_", "sample",
                        "model.pool.expand", 2),
                with("model.pool._name_", "linear", "model.pool.stride", 3, "model.n_repeat", 2),
                with("model.layer.channels", 3, "model.layer.n_ssm", 2), with("model.layer.bidirectional", true),
                with("model.layer.mode", "diag", "model.layer.init", "diag-inv", "model.layer.bidirectional", true),
                with("model.layer.mode", "diag", "model.layer.init", "diag-inv", "model.layer.disc", "bilinear",
                        "model.layer.channels", 2),
                with("model.layer.mode", "diag", "model.layer.init", "diag-lin", "model.layer.disc", "dss"),
                with("model.layer.mode", "diag", "model.layer.init", "diag-legs", "model.layer.dt_tie", false,
                        "model.layer.bandlimit", 0.3),
                with("model.layer.init", "legt", "model.layer.rank", 2, "model.layer.dt_tie", false),
                with("model.layer.rank", 3, "model.layer.bandlimit", 0.3, "model.layer.channels", 2),
                with("model.layer.gate", 2, "model.layer.bottleneck", 2, "model.layer.activation", "glu"),
                with("model.layer.gate", 1, "model.layer.gate_act", "glu", "model.layer.mult_act", "silu",
                        "model.layer.mode", "diag", "model.layer.init", "diag-lin", "model.layer.final_act", null),
                with("model.layer.real_transform", "softplus", "model.layer.dt_transform", "exp",
                        "model.layer.imag_transform", "exp"),
                with("model.layer.activation", "sigmoid", "model.layer.final_act", "softplus"),
                with("model.layer.activation", "tanh", "model.layer.final_act", "elu"),
                with("model._name_", "sashimi", "model.pool", List.of(4, 2), "model.n_layers", 1),
                with("model._name_", "sashimi", "model.pool", List.of(3, 5), "model.unet", true, "model.layer.mode",
                        "diag", "model.layer.init", "diag-lin", "model.expand", 3),
                with("model._name_", "sashimi", "model.pool", List.of(2), "model.ff", 0, "model.layer.bidirectional",
                        true),
                with("model._name_", "sashimi", "model.pool", List.of(3), "model.unet", true, "model.layer.mode",
                        "diag",
                        "model.layer.init", "diag-lin", "model.layer.bidirectional", true),
                with("model.layer.activation", "relu", "model.layer.final_act", "id", "model.layer.d_state", 2),
                with("model.layer", List.of(S4, FF)),
                with("model.layer", List.of(S4D, S4, FF), "model.d_model", 70),
                with("model.layer", List.of(Map.of("_name_", "ff", "activation", "glu", "expand", 3), S4D),
                        "model.prenorm", false, "model.norm", "batch"),
                with("model.layer", List.of(S4D, Map.of("_name_", "ff", "activation", "sigmoid")),
                        "model.pool._name_", "linear", "model.pool.expand", 2, "model.n_layers", 1),
                with("model.layer", List.of(FF), "model.residual", "none"), layer("linear"),
                layer("linear", "activation", "sigmoid"), layer("lstm"), layer("gru"),
                with("model.layer", Map.of("_name_", "lstm"), "model.d_model", 70),
                with("model.layer", List.of(Map.of("_name_", "gru"), S4D), "model.norm", "batch"),
                layer("attention", "n_heads", 2),
                with("model.layer", List.of(Map.of("_name_", "attention", "n_heads", 5), FF), "model.d_model", 70),
                layer("attention", "n_heads", 1, "window", 3), layer("attention", "n_heads", 4, "positions", "learned"),
                layer("attention", "n_heads", 4, "positions", "none", "window", 1),
                layer("attention", "n_heads", 2, "causal", false),
                layer("attention", "n_heads", 2, "causal", false, "positions", "learned"),
                layer("tcn"), layer("tcn", "dilations", List.of(2, 1), "activation", "sigmoid"),
                with("model.layer", Map.of("_name_", "tcn", "kernel_size", 1), "model.d_model", 70),
                with("model.layer", List.of(Map.of("_name_", "lstm"), Map.of("_name_", "attention", "n_heads", 2),
                        Map.of("_name_", "tcn"), FF), "encoder._name_", "embedding", "d_input", 7));
    }

    private static Case layer(String kind, Object... options) {
        Map<String, Object> layer = new LinkedHashMap<>(Map.of("_name_", kind));
        for (int i = 0; i < options.length; i += 2) {
            layer.put((String) options[i], options[i + 1]);
        }
        return with("model.layer", layer);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void runtimeEqualsLibtorchInEveryForm(Case network) {
        for (String mode : new String[]{"pool", "last", "first", "sum", "ragged", "step"}) {
            NetworkConfig config = Cases.network(network.and("decoder.mode", mode));
            try (Learner learner = Learner.create(config, Cases.learner(SEED))) {
                learner.loadModel(trained(learner.modelTensors()));
                for (Backend backend : Backend.values()) {
                    S4Model model = new S4Model(config, learner.modelTensors(), new ModelOptions(backend, 2, 1));
                    requireParity(network.options() + " " + mode + " " + backend, model, learner, mode);
                }
            }
        }
    }

    @Test
    void lastStepsWithAnOutputEachAreTheSameInBoth() {
        NetworkConfig config = Cases.network("decoder.mode", "last", "decoder.l_output", 3, "d_output", 6);
        try (Learner learner = Learner.create(config, Cases.learner(SEED))) {
            for (Backend backend : Backend.values()) {
                S4Model model = new S4Model(config, learner.modelTensors(), new ModelOptions(backend, 2, 1));
                SequenceBatch whole = batch(config, null);
                float[] y = model.forward(whole);
                assertEquals(B * 6, y.length);
                Comparison.requireClose("l_output " + backend, SEED, y, learner.predict(whole), Tolerances.RUNTIME);
                assertNotNull(model.streamingRefusal(), "a stream does not know its last steps");
            }
        }
    }

    @Test
    void twoTextsAreTheSameInBothWhateverTheirPadding() {
        NetworkConfig config = Cases.network("encoder._name_", "embedding", "d_input", 7, "decoder._name_", "retrieval",
                "decoder.mode", "pool", "d_output", 2, "model.layer.bidirectional", true, "model.norm", "batch");
        try (Learner learner = Learner.create(config, Cases.learner(SEED))) {
            for (Backend backend : Backend.values()) {
                S4Model model = new S4Model(config, learner.modelTensors(), new ModelOptions(backend, 2, 1));
                SequenceBatch pairs = pairs(L, 5);
                float[] y = model.forward(pairs);
                assertEquals(B * 2, y.length);
                Comparison.requireClose("retrieval " + backend, SEED, y, learner.predict(pairs), Tolerances.RUNTIME);
                Comparison.requireClose("more padding " + backend, SEED, model.forward(pairs(L + 12, 5)), y,
                        Tolerances.RUNTIME);
                assertEquals("it compares two texts that are there as a whole", model.streamingRefusal());
            }
        }
    }

    /** Texts of some tokens, then padding. */
    private static SequenceBatch pairs(int length, int tokens) {
        float[] x = new float[B * length];
        for (int text = 0; text < 2 * B; text++) {
            for (int t = 0; t < tokens - text % 3; t++) {
                x[text * length / 2 + t] = 1 + (3 * text + 5 * t) % 6;
            }
        }
        return new SequenceBatch(B, length, 1, x, new int[B]);
    }

    /** The tensors with shifts and scales of norms that are not those of the beginning. */
    private static Map<String, TensorData> trained(Map<String, TensorData> tensors) {
        Map<String, TensorData> out = new LinkedHashMap<>(tensors);
        out.replaceAll((name, t) -> name.endsWith("norm.m")
                ? TensorData.of(new float[]{0.4f}, 1)
                : name.endsWith("norm.s") ? TensorData.of(new float[]{1.3f}, 1) : t);
        return out;
    }

    private static SequenceBatch batch(NetworkConfig config, int @Nullable [] lengths) {
        boolean tokens = config.encoder().name() == EncoderConfig.Kind.EMBEDDING;
        int d = tokens ? 1 : config.dInput();
        float[] x = Cases.batch(B, L, d, 2, SEED).x();
        for (int i = 0; tokens && i < x.length; i++) {
            x[i] = Math.abs((int) (x[i] * 100)) % (config.dInput() * Math.max(1, config.encoder().classes().size()));
        }
        return lengths == null
                ? new SequenceBatch(B, L, d, x, new int[B])
                : new SequenceBatch(B, L, d, x, lengths, new int[B]);
    }

    private static void requireParity(String what, S4Model model, Learner learner, String mode) {
        SequenceBatch whole = batch(model.config(), mode.equals("ragged") ? new int[]{L, L, L} : null);
        float[] expected = learner.predict(whole);
        Comparison.requireClose(what + " whole", SEED, model.forward(whole), expected, Tolerances.RUNTIME);
        if (!mode.equals("step")) {
            SequenceBatch padded = batch(model.config(), new int[]{12, L, 9});
            Comparison.requireClose(what + " lengths", SEED, model.forward(padded), learner.predict(padded),
                    Tolerances.RUNTIME);
        }
        if (model.streamingRefusal() == null) {
            requireStreams(what, model, whole, expected);
        }
    }

    private static void requireStreams(String what, S4Model model, SequenceBatch whole, float[] expected) {
        int d = model.dInput();
        int o = model.dOutput();
        float[] stepped = new float[B * L * o];
        float[] chunked = new float[B * L * o];
        for (int i = 0; i < B; i++) {
            var session = model.newSession();
            StreamState state = model.newState();
            int at = 0;
            for (int chunk : new int[]{1, 7, 5, 3}) {
                float[] part = Arrays.copyOfRange(whole.x(), (i * L + at) * d, (i * L + at + chunk) * d);
                float[] y = model.forwardChunk(state, part);
                System.arraycopy(y, 0, chunked, (i * L + at) * o, y.length);
                at += chunk;
            }
            for (int t = 0; t < L; t++) {
                float[] y = session.step(Arrays.copyOfRange(whole.x(), (i * L + t) * d, (i * L + t + 1) * d));
                System.arraycopy(y, 0, stepped, (i * L + t) * o, o);
            }
        }
        assertArrayEquals(stepped, chunked, what + " chunks have the bits of steps");
        float[] last = new float[expected.length];
        for (int i = 0; i < B; i++) {
            int width = expected.length / B;
            System.arraycopy(stepped, (i + 1) * L * o - width, last, i * width, width);
        }
        Comparison.requireClose(what + " steps", SEED, last, expected, Tolerances.RUNTIME);
    }
}
