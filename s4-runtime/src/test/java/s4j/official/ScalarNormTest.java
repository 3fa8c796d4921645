package s4j.official;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.TensorData;
import s4j.model.BackboneConfig;
import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SashimiConfig;
import s4j.model.SequenceBatch;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;
import s4j.testkit.TorchFile;
import s4j.testkit.TorchFile.Tensor;

/** TransposedLN of one shift and one scale: what the official src/ makes of {@code norm: layer, transposed: true}. */
final class ScalarNormTest {
    private static final int SEED = 5;
    private static final int L = 23;

    @TempDir
    Path directory = Path.of("");

    private OfficialModel read(Map<String, Object> names) throws IOException {
        Path file = directory.resolve("last.ckpt");
        Files.write(file, TorchFile.of(Map.of("state_dict", names)));
        return OfficialModel.read(file, null);
    }

    private static NetworkConfig network(OfficialModel model) {
        return Binder.bind(model.findings().tree().with("decoder.mode",
                ConfigTree.of("step", new Origin("test"))), NetworkConfig.class);
    }

    private static Map<String, Object> below(String prefix, Map<String, Object> names) {
        Map<String, Object> out = new LinkedHashMap<>();
        names.forEach((k, v) -> out.put(prefix + k, v));
        return out;
    }

    @Test
    void sashimiOfSrcKeepsTheNamesOfItsNorms() throws IOException {
        Map<String, Object> names = Fixtures.scalarNorms(Fixtures.sashimi(false, true));
        OfficialModel model = read(below("model.", names));
        assertEquals(BackboneConfig.Norm.SCALAR_LAYER, ((SashimiConfig) network(model).model()).norm());
        Predicate<String> norms = n -> n.contains("norm");
        assertEquals(names.keySet().stream().filter(norms).map(n -> "model." + n).sorted().toList(),
                model.tensors().keySet().stream().filter(norms).sorted().toList());
        assertEquals(S4LayerConfig.Transform.SOFTPLUS, network(model).model().s4().orElseThrow().dtTransform(),
                "the default of the layer files of src/");
        requireFormsAgree(model);
    }

    @Test
    void transposedBackbonesOfSrcKeepTheNamesOfTheirNorms() throws IOException {
        Map<String, Object> names = Fixtures.scalarNorms(Fixtures.network());
        OfficialModel model = read(names);
        BackboneConfig body = (BackboneConfig) network(model).model();
        assertEquals(BackboneConfig.Norm.SCALAR_LAYER, body.norm());
        assertEquals(Fixtures.H, body.dModel(), "read from the embedding");
        assertTrue(body.prenorm() && body.finalNorm());
        assertEquals(names.keySet(), model.tensors().keySet());
        requireFormsAgree(model);
        Map<String, Object> alone = new LinkedHashMap<>();
        names.forEach((k, v) -> {
            if (k.startsWith("model.")) {
                alone.put(k.substring("model.".length()), v);
            }
        });
        assertEquals(Fixtures.H, network(read(alone)).model().dModel(), "read from D where there is no encoder");
    }

    private static void requireFormsAgree(OfficialModel official) {
        S4Model model = new S4Model(network(official), official.tensors(), ModelOptions.standard());
        SplittableRandom random = new SplittableRandom(SEED);
        int d = model.dInput();
        boolean tokens = model.config().encoder().name() == EncoderConfig.Kind.EMBEDDING;
        float[] x = new float[L * d];
        for (int i = 0; i < x.length; i++) {
            x[i] = tokens ? random.nextInt(model.config().dInput()) : (float) random.nextGaussian();
        }
        float[] chunks = model.forwardChunk(model.newState(), x);
        float[] steps = new float[chunks.length];
        Session session = model.newSession();
        for (int t = 0; t < L; t++) {
            float[] y = session.step(Arrays.copyOfRange(x, t * d, (t + 1) * d));
            System.arraycopy(y, 0, steps, t * y.length, y.length);
        }
        assertArrayEquals(chunks, steps, "steps have the bits of a chunk");
        float[] whole = model.forward(new SequenceBatch(1, L, d, x, new int[1]));
        Comparison.requireClose("steps against the convolution", SEED, steps, whole, Tolerances.RUNTIME);
    }

    /** Blocks whose output projections are 0 leave the embedding and the last norm. */
    @Test
    void theLastNormIsTheOfficialFormula() throws IOException {
        Map<String, Object> names = Fixtures.scalarNorms(Fixtures.network());
        names.replaceAll((k, v) -> k.contains("output_linear") && v instanceof Tensor t
                ? Tensor.floats(new float[t.data().length / 4], t.shape())
                : v);
        names.keySet().removeIf(k -> k.startsWith("decoder."));
        OfficialModel official = read(names);
        S4Model model = new S4Model(network(official), official.tensors(), ModelOptions.standard());
        TensorData table = official.tensors().get("encoder.0.weight");
        assertNotNull(table);
        double m = 0.3f;
        double s = 1.2f;
        for (int token = 0; token < 7; token++) {
            double[] x = Arrays.copyOfRange(table.toDoubles(), token * Fixtures.H, (token + 1) * Fixtures.H);
            double mean = Arrays.stream(x).average().orElseThrow();
            double sigma = Math.sqrt(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
            double[] expected = Arrays.stream(x).map(v -> s / sigma * (v - mean + m)).toArray();
            float[] y = model.newSession().step(token);
            for (int i = 0; i < y.length; i++) {
                assertEquals(expected[i], y[i], Tolerances.RUNTIME, "token " + token + ", feature " + i);
            }
        }
    }
}
