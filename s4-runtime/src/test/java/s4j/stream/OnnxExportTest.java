package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.io.ModelFile;
import s4j.model.SequenceBatch;

/** Exported graphs in ONNX Runtime say what the runtime says, for every kind that is exported. */
final class OnnxExportTest {
    private static final double TOLERANCE = 1e-5;
    private static final int L = 64;
    private static final int B = 3;

    @TempDir
    Path tmp;

    /** A network. */
    private record Kind(String name, Map<String, @Nullable Object> network) {
        @Override
        public String toString() { return name; }
    }

    private static Kind kind(String name, Object layer, Map<String, @Nullable Object> body, Map<String, Object> rest) {
        Map<String, @Nullable Object> model = new LinkedHashMap<>(
                Map.of("_name_", "model", "d_model", 8, "n_layers", 2));
        model.put("layer", layer);
        model.putAll(body);
        Map<String, @Nullable Object> network = new LinkedHashMap<>(
                Map.of("d_input", 2, "d_output", 4, "l_max", L, "model", model, "decoder", Map.of("mode", "pool")));
        network.putAll(rest);
        return new Kind(name, network);
    }

    private static Map<String, Object> ssm(Object... more) {
        Map<String, Object> out = new LinkedHashMap<>(Map.of("d_state", 8));
        for (int i = 0; i < more.length; i += 2) {
            out.put((String) more[i], more[i + 1]);
        }
        return out;
    }

    static Stream<Kind> kinds() {
        Map<String, @Nullable Object> plain = Map.of();
        Map<String, Object> same = Map.of();
        return Stream.of(kind("s4d", ssm("mode", "diag", "init", "diag-lin"), plain, same),
                kind("s4d bilinear, every step", ssm("mode", "diag", "disc", "bilinear"), plain,
                        Map.of("decoder", Map.of("mode", "step"))),
                kind("s4 legs of 64 states", ssm("d_state", 64), plain, Map.of("decoder", Map.of("mode", "last"))),
                kind("s4 of rank 2, 2 channels",
                        ssm("init", List.of("legt"), "rank", 2, "channels", 2, "activation", "silu"), plain,
                        Map.of("decoder", Map.of("mode", "sum"))),
                kind("s4d of 2 channels and glu", ssm("mode", "diag", "channels", 2, "activation", "glu", "final_act",
                        "tanh"), plain, same),
                kind("s4d, ff and linear, batch norm",
                        List.of(ssm("mode", "diag"), Map.of("_name_", "ff", "activation", "glu"),
                                Map.of("_name_", "linear", "activation", "elu")),
                        Map.of("norm", "batch"), same),
                kind("no norm, post", List.of(ssm("mode", "diag"), Map.of("_name_", "ff", "activation", "softplus")),
                        Map.of("norm", "none", "prenorm", false), same),
                kind("post norm", ssm("mode", "diag"), Map.of("prenorm", false), same),
                kind("tokens", ssm("mode", "diag"), plain,
                        Map.of("d_input", 5, "encoder", "embedding", "decoder", Map.of("mode", "step"))));
    }

    /** The file of a graph. */
    private Path export(ModelFile file, OnnxExport.Kind kind, int length) throws IOException {
        return Files.write(tmp.resolve(kind + ".onnx"), OnnxExport.of(file, "test", kind, length));
    }

    private static float[] input(S4Model model, int rows) {
        SplittableRandom random = new SplittableRandom(5);
        boolean tokens = model.config().encoder().tokens();
        float[] x = new float[rows * model.dInput()];
        for (int i = 0; i < x.length; i++) {
            x[i] = tokens ? random.nextInt(model.config().dInput()) : (float) random.nextGaussian();
        }
        return x;
    }

    private static OnnxTensor tensor(S4Model model, float[] x, long... rows) throws OrtException {
        OrtEnvironment ort = OrtEnvironment.getEnvironment();
        if (model.config().encoder().tokens()) {
            long[] tokens = new long[x.length];
            Arrays.setAll(tokens, i -> (long) x[i]);
            return OnnxTensor.createTensor(ort, LongBuffer.wrap(tokens), rows);
        }
        long[] shape = Arrays.copyOf(rows, rows.length + 1);
        shape[rows.length] = model.dInput();
        return OnnxTensor.createTensor(ort, FloatBuffer.wrap(x), shape);
    }

    private static float[] floats(OrtSession.Result result, String name) throws OrtException {
        FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
        float[] out = new float[buffer.remaining()];
        buffer.get(out);
        return out;
    }

    private static double error(float[] got, float[] expected) {
        assertEquals(expected.length, got.length);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < got.length; i++) {
            error += Math.pow(got[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / norm);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void wholeSequencesAreThoseOfTheRuntime(Kind kind) throws Exception {
        ModelFile file = Filled.model(kind.network);
        // any length up to that of the kernels
        same(kind, load(file), export(file, OnnxExport.Kind.WHOLE, L), L, 17, 1);
    }

    private static S4Model load(ModelFile file) throws IOException {
        return S4Model.of(file, "test", ModelOptions.standard());
    }

    private static void same(Kind kind, S4Model model, Path onnx, int... lengths) throws OrtException {
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx.toString())) {
            for (int l : lengths) {
                float[] x = input(model, B * l);
                float[] expected = model.forward(new SequenceBatch(B, l, model.dInput(), x));
                try (OnnxTensor in = tensor(model, x, B, l); OrtSession.Result y = session.run(Map.of("x", in))) {
                    double error = error(floats(y, "y"), expected);
                    assertTrue(error <= TOLERANCE, kind + " of " + l + " steps: " + error);
                }
            }
            assertEquals(model.fingerprint(), session.getMetadata().getCustomMetadata().get("s4j.fingerprint"));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void stepsAreThoseOfTheRuntime(Kind kind) throws Exception {
        ModelFile file = Filled.model(kind.network);
        Path onnx = export(file, OnnxExport.Kind.STEP, L);
        S4Model model = load(file);
        Session expected = model.newSession();
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx.toString())) {
            Map<String, float[]> states = new LinkedHashMap<>();
            Map<String, long[]> shapes = new LinkedHashMap<>();
            for (var input : session.getInputInfo().entrySet()) {
                if (!input.getKey().equals("x")) {
                    long[] shape = ((TensorInfo) input.getValue().getInfo()).getShape();
                    shape[0] = 1;
                    shapes.put(input.getKey(), shape);
                    states.put(input.getKey(), new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)]);
                }
            }
            float[] all = input(model, 40);
            for (int t = 0; t < 40; t++) {
                float[] x = Arrays.copyOfRange(all, t * model.dInput(), (t + 1) * model.dInput());
                Map<String, OnnxTensor> in = new LinkedHashMap<>(Map.of("x", tensor(model, x, 1)));
                for (var s : states.entrySet()) {
                    in.put(s.getKey(), OnnxTensor.createTensor(OrtEnvironment.getEnvironment(),
                            FloatBuffer.wrap(s.getValue()), shapes.get(s.getKey())));
                }
                try (OrtSession.Result y = session.run(in)) {
                    double error = error(floats(y, "y"), expected.step(x));
                    assertTrue(error <= TOLERANCE, kind + " at step " + t + ": " + error);
                    for (String s : List.copyOf(states.keySet())) {
                        states.put(s, floats(y, s + "_after"));
                    }
                }
                in.values().forEach(OnnxTensor::close);
            }
        }
    }

    @Test
    void aForecastsLastStepsAreExported() throws Exception {
        Kind kind = kind("horizon", ssm("mode", "diag"), Map.of(),
                Map.of("decoder", Map.of("mode", "last", "l_output", 2)));
        ModelFile file = Filled.model(kind.network);
        same(kind, load(file), export(file, OnnxExport.Kind.WHOLE, 100), 100, 2);
        assertFails(IllegalArgumentException.class, () -> OnnxExport.of(file, "test", OnnxExport.Kind.STEP, L),
                "no step graph: its last 2 steps");
    }

    @Test
    void whatIsNotExportedIsRefusedByName() throws IOException {
        for (Map.Entry<Kind, String> wrong : Map.of(
                kind("lstm", Map.of("_name_", "lstm"), Map.of(), Map.of()), "layer LSTM is not exported",
                kind("two-sided", ssm("bidirectional", true), Map.of(), Map.of()), "bidirectional",
                kind("instance", ssm("mode", "diag"), Map.of("norm", "instance"), Map.of()), "norm INSTANCE",
                kind("sashimi", ssm("mode", "diag"), Map.of("_name_", "sashimi", "pool", List.of(2, 2)),
                        Map.of("decoder", Map.of("mode", "step"))),
                "expected an isotropic one",
                kind("two texts", ssm("mode", "diag"), Map.of(),
                        Map.of("encoder", "embedding", "decoder", Map.of("_name_", "retrieval", "mode", "pool"))),
                "decoder RETRIEVAL in mode POOL is not exported").entrySet()) {
            ModelFile file = Filled.model(wrong.getKey().network);
            assertFails(IllegalArgumentException.class, () -> OnnxExport.of(file, "test", OnnxExport.Kind.WHOLE, L),
                    wrong.getValue());
        }
    }
}
