package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** Over all systems that can be stored, from those that never forget to those that forget at once, the forms agree. */
class EverySystemTest {
    private static final int LENGTH = 300;
    private static final int H = 16;
    private static final int N = 4;
    private static final int DRAWS = 60;

    /** dt from 1e-8 to 1e3, Re A from −1e-6 to −1e6, Im A to ±1e6, each as likely at every scale; some at their ends. */
    static ModelFile model(String disc, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        put(tensors, "encoder.0.weight", random, H, 1);
        put(tensors, "encoder.0.bias", random, H);
        String block = "model.layers.0.";
        String kernel = block + "layer.layer.kernel.";
        tensors.put(kernel + "inv_dt", drawn(random, H, -8, 3, H, 1));
        tensors.put(kernel + "A_real", drawn(random, H * N, -6, 6, H, N));
        float[] imag = new float[H * N];
        for (int i = 0; i < imag.length; i++) {
            imag[i] = (float) ((random.nextBoolean() ? 1 : -1) * Math.pow(10, random.nextDouble(-6, 6)));
        }
        tensors.put(kernel + "A_imag", TensorData.of(imag, H, N));
        put(tensors, kernel + "B", random, 1, H, N, 2);
        put(tensors, kernel + "C", random, 1, H, N, 2);
        put(tensors, block + "layer.layer.D", random, 1, H);
        put(tensors, block + "layer.output_linear.0.weight", random, 2 * H, H);
        put(tensors, block + "layer.output_linear.0.bias", random, 2 * H);
        for (String norm : List.of(block + "norm.norm", "model.norm.norm")) {
            put(tensors, norm + ".weight", random, H);
            put(tensors, norm + ".bias", random, H);
        }
        put(tensors, "decoder.0.output_transform.weight", random, 3, H);
        put(tensors, "decoder.0.output_transform.bias", random, 3);
        Map<String, @Nullable Object> layer = Map.of("d_state", 2 * N, "mode", "diag", "disc", disc, "dt_transform",
                "exp", "real_transform", "exp", "imag_transform", "none");
        NetworkConfig config = Binder.bind(ConfigTree.of(Map.of("d_input", 1, "d_output", 3, "l_max", LENGTH, "model",
                Map.of("_name_", "model", "d_model", H, "n_layers", 1, "layer", layer), "decoder",
                Map.of("mode", "step")), new Origin("test")), NetworkConfig.class);
        return new ModelFile(tensors, Map.of("network", Binder.tree(config).toValue()), Map.of());
    }

    /** ln of numbers that are uniform on a scale of decades; every eighth stands at an end. */
    private static TensorData drawn(SplittableRandom random, int n, double least, double most, long... shape) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            double decade = random.nextInt(8) == 0
                    ? random.nextBoolean() ? least : most
                    : random.nextDouble(least, most);
            values[i] = (float) (decade * Math.log(10));
        }
        return TensorData.of(values, shape);
    }

    private static void put(Map<String, TensorData> to, String name, SplittableRandom random, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        to.put(name, TensorData.of(values, shape));
    }

    private static List<Backend> backends() { return List.of(Backend.SCALAR, Backend.best()); }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void convolutionChunksAndStepsAgreeAndAreFinite(Precision precision) throws Exception {
        for (long seed = 0; seed < DRAWS; seed++) {
            ModelFile file = Quantization.of(model(seed % 2 == 0 ? "zoh" : "bilinear", seed), precision);
            float[] x = TinyModels.noise(LENGTH, seed);
            S4Model exact = S4Model.reference(S4Model.network(file, "exact"), file.tensors(),
                    new ModelOptions(Backend.SCALAR, 1, 1));
            float[] expected = exact.forwardChunk(exact.newState(), x);
            for (Backend backend : backends()) {
                S4Model model = TinyModels.model(file, backend);
                String name = precision + " " + backend + ", ";
                Comparison.requireClose(name + "convolution", seed,
                        model.forward(new SequenceBatch(1, LENGTH, 1, x, new int[1])), expected,
                        Tolerances.EVERY_SYSTEM);
                Comparison.requireClose(name + "chunks", seed, chunked(model, x), expected, Tolerances.EVERY_SYSTEM);
                Comparison.requireClose(name + "steps", seed, stepped(model, x), expected, Tolerances.EVERY_SYSTEM);
            }
        }
    }

    private static float[] chunked(S4Model model, float[] x) {
        StreamState state = model.newState();
        List<float[]> all = new ArrayList<>();
        for (int at = 0, size = 1; at < x.length; at += size, size += 13) {
            size = Math.min(size, x.length - at);
            all.add(model.forwardChunk(state, Arrays.copyOfRange(x, at, at + size)));
        }
        return joined(all);
    }

    private static float[] stepped(S4Model model, float[] x) {
        Session session = model.newSession();
        List<float[]> all = new ArrayList<>();
        for (float value : x) {
            all.add(session.step(value).clone());
        }
        return joined(all);
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(p -> p.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Test
    void depthIsAllowedItsOwnRoundings() throws Exception {
        assertTrue(Verification.tolerance(1e-5, 4) == 1e-5 && Verification.tolerance(1e-5, 1) == 1e-5);
        assertTrue(Verification.tolerance(1e-5, 64) == 4e-5);
    }
}
