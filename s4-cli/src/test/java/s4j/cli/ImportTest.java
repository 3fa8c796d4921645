package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.ModelFile;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.testkit.TorchFile;
import s4j.testkit.TorchFile.Tensor;
import s4j.torch.Learner;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;

/** From a checkpoint to a model file, its evaluation and its export, with the real libtorch. */
final class ImportTest {
    private static final int H = 8;
    private static final int PAIRS = 4;

    @TempDir
    Path tmp;

    private final SplittableRandom random = new SplittableRandom(7);

    /** What a command said and its exit code. */
    private record Said(int code, String out, String err) {}

    private static Said s4(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = S4.commandLine(Parts.standard(), new PrintWriter(out), new PrintWriter(err)).execute(args);
        return new Said(code, out.toString(), err.toString());
    }

    private Tensor floats(double from, double to, long... shape) {
        int n = 1;
        for (long s : shape) {
            n = Math.toIntExact(n * s);
        }
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextDouble(from, to);
        }
        return Tensor.floats(values, shape);
    }

    /** example.py's network with one minimal S4D, for ten classes of colour images. */
    Map<String, Object> checkpoint() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("encoder.weight", floats(-1, 1, H, 3));
        m.put("encoder.bias", floats(-1, 1, H));
        m.put("s4_layers.0.D", floats(-1, 1, H));
        m.put("s4_layers.0.kernel.C", floats(-1, 1, H, PAIRS, 2));
        m.put("s4_layers.0.kernel.log_dt", floats(-4, -3, H));
        m.put("s4_layers.0.kernel.log_A_real", floats(-1, 0, H, PAIRS));
        m.put("s4_layers.0.kernel.A_imag", floats(0, 9, H, PAIRS));
        m.put("s4_layers.0.output_linear.0.weight", floats(-1, 1, 2 * H, H, 1));
        m.put("s4_layers.0.output_linear.0.bias", floats(-1, 1, 2 * H));
        m.put("norms.0.weight", floats(0.5, 1, H));
        m.put("norms.0.bias", floats(-1, 1, H));
        m.put("decoder.weight", floats(-1, 1, 10, H));
        m.put("decoder.bias", floats(-1, 1, 10));
        return m;
    }

    private String model() { return tmp.resolve("m.safetensors").toString(); }

    private String file() { return tmp.resolve("c.pth").toString(); }

    @BeforeEach
    void save() throws IOException {
        Files.write(tmp.resolve("c.pth"), TorchFile.of(Map.of("model", checkpoint(), "epoch", 3)));
        byte[] images = new byte[12 * 3073];
        random.nextBytes(images);
        for (int i = 0; i < 12; i++) {
            images[i * 3073] = (byte) (i % 10);
        }
        Files.write(tmp.resolve("data_batch_1.bin"), images);
        Files.write(tmp.resolve("test_batch.bin"), images);
    }

    @Test
    void anImportedModelIsEvaluatedOnAPipelinesData() throws IOException {
        Said imported = s4("import", file(), "--out", model());
        assertEquals(0, imported.code(), imported.err());
        assertTrue(imported.out().contains("model.n_layers=1") && imported.out().contains("model.prenorm=false"),
                imported.out());
        assertEquals("c.pth", ModelFile.read(tmp.resolve("m.safetensors")).provenance().get("imported_from"));
        Said nothing = s4("eval", model());
        assertEquals(2, nothing.code(), nothing.out());
        assertTrue(nothing.err().contains("pipeline=cifar"), nothing.err());
        Path csv = tmp.resolve("p.csv");
        Said eval = s4("eval", model(), "pipeline=cifar", "dataset.data_dir=" + tmp, "loader.batch_size=4",
                "--predictions", csv.toString());
        assertEquals(0, eval.code(), eval.err());
        assertTrue(eval.out().contains("of 12 test sequences right") && eval.out().contains("test accuracy: 0."),
                eval.out());
        List<String> lines = Files.readAllLines(csv);
        assertEquals(13, lines.size());
        assertTrue(lines.getFirst().startsWith("label,predicted,score_0,"), lines.getFirst());
        assertTrue(lines.get(4).matches("3,[0-9](,-?[0-9.E-]+){10}"), lines.get(4));
    }

    @Test
    void wordsOverrideWhatWasAssumed() throws IOException {
        Said said = s4("import", file(), "--out", model(), "model.prenorm=true", "l_max=64");
        assertEquals(0, said.code(), said.err());
        assertFalse(said.out().contains("  model.prenorm=false"), said.out());
        assertTrue(said.out().contains("set: model.prenorm=true, l_max=64"), said.out());
        Object network = ModelFile.read(tmp.resolve("m.safetensors")).config().get("network");
        assertTrue(String.valueOf(network).contains("prenorm=true"), String.valueOf(network));
    }

    /** Whole networks of every kind of body, by the words of a configuration. */
    @ParameterizedTest
    @ValueSource(strings = {"model=s4 model.n_layers=2", "model=s4d model.layer.n_ssm=2 model.layer.channels=2",
            "model=s4 model.prenorm=false model.norm=batch model.layer.bidirectional=true",
            "model=s4 model.layer.final_act=id model.layer.gate=2 model.layer.bottleneck=2",
            "model=sashimi model.n_layers=1 model.pool=[2,3] decoder.mode=step",
            "model=sashimi model.n_layers=2 model.pool=[4] model.unet=true model.layer.mode=diag decoder.mode=step"})
    void aNetworksOwnTensorsComeBackThroughACheckpoint(String words) throws IOException {
        List<String> all = new ArrayList<>(List.of("pipeline=mnist", "model.d_model=8", "model.layer.d_state=4"));
        all.addAll(List.of(words.split(" ")));
        TrainConfig config = ConfigLoader.usual(List.of()).load(all);
        NetworkConfig network = new NetworkConfig(3, 5, 32, config.encoder(), config.model(), config.decoder());
        Map<String, Object> saved = new LinkedHashMap<>();
        Map<String, TensorData> tensors;
        try (Learner learner = Learner.create(network, config.learnerOptions())) {
            tensors = learner.modelTensors();
        }
        tensors.forEach((name, t) -> saved.put(name, t.dtype().floating()
                ? Tensor.floats(t.toFloats(), t.shape())
                : Tensor.longs(t.toLongs(), t.shape())));
        Files.write(tmp.resolve("c.pth"), TorchFile.of(Map.of("state_dict", saved)));
        Said said = s4("import", file(), "--out", model());
        assertEquals(0, said.code(), said.err());
        assertEquals(tensors, ModelFile.read(tmp.resolve("m.safetensors")).tensors());
    }

    @Test
    void mistakesAreExplained() throws IOException {
        fails("did you mean prenorm?", "import", file(), "--out", model(), "model.prenrm=true");
        fails("do not make this network: tensor", "import", file(), "--out", model(), "model.n_layers=2");
        fails("expected key=value", "import", file(), "--out", model(), "prenorm");
        fails("no network at a place with teacher", "import", file(), "--out", model(), "--from", "teacher");
        fails("no file", "import", tmp.resolve("none.pt").toString(), "--out", model());
        fails("eval cannot change experiment=x", "eval", model(), "experiment=x");
        Files.writeString(tmp.resolve("c.pth"), "not a checkpoint");
        fails("no checkpoint", "import", file(), "--out", model());
        assertFalse(Files.exists(Path.of(model())));
    }

    private static void fails(String reason, String... args) {
        Said said = s4(args);
        assertEquals(2, said.code(), said.out() + said.err());
        assertTrue(said.err().contains(reason), said.err());
        assertFalse(said.err().contains("\tat "), said.err());
    }

    /** A SaShiMi of the official src/ without pools, as Lightning saves it: norms of one shift and one scale. */
    private Map<String, Object> transposedSashimi() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("encoder.0.weight", floats(-1, 1, 5, H));
        for (int i = 0; i < 2; i++) {
            m.put("model.c_layers." + i + ".norm.norm.m", floats(0.2, 0.4, 1));
            m.put("model.c_layers." + i + ".norm.norm.s", floats(0.8, 1.2, 1));
        }
        String block = "model.c_layers.0.layer.";
        checkpoint().forEach((name, value) -> {
            if (name.startsWith("s4_layers.0.")) {
                m.put(block + name.substring("s4_layers.0.".length()), value);
            }
        });
        m.put("model.c_layers.1.layer.ff.0.0.weight", floats(-0.5, 0.5, 2 * H, H));
        m.put("model.c_layers.1.layer.ff.0.0.bias", floats(-0.5, 0.5, 2 * H, 1));
        m.put("model.c_layers.1.layer.ff.2.weight", floats(-0.5, 0.5, H, 2 * H));
        m.put("model.c_layers.1.layer.ff.2.bias", floats(-0.5, 0.5, H, 1));
        m.put("model.norm.weight", floats(0.5, 1, H));
        m.put("model.norm.bias", floats(-1, 1, H));
        m.put("decoder.0.output_transform.weight", floats(-1, 1, 5, H));
        m.put("decoder.0.output_transform.bias", floats(-1, 1, 5));
        return m;
    }

    @Test
    void normsOfOneShiftAndOneScaleComeInRunAndGoOutUnderTheirNames() throws IOException {
        Map<String, Object> names = transposedSashimi();
        Files.write(tmp.resolve("c.ckpt"), TorchFile.of(Map.of("state_dict", names)));
        Said said = s4("import", tmp.resolve("c.ckpt").toString(), "--out", model(), "l_max=32");
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("model.norm=scalar_layer"), said.out());
        Said verified = s4("verify", model(), "--steps", "200");
        assertEquals(0, verified.code(), verified.out() + verified.err());
        Path plain = tmp.resolve("w.safetensors");
        assertEquals(0, s4("export", model(), "--format", "safetensors", "--out", plain.toString()).code());
        for (int i = 0; i < 2; i++) {
            for (String number : List.of(".norm.norm.m", ".norm.norm.s")) {
                TensorData out = SafeTensors.read(plain).tensor("model.c_layers." + i + number);
                assertArrayEquals(new long[]{1}, out.shape());
                assertEquals(TensorData.of(floatsOf(names.get("model.c_layers." + i + number)), 1), out);
            }
        }
    }

    private static float[] floatsOf(@Nullable Object tensor) {
        byte[] data = ((Tensor) Objects.requireNonNull(tensor)).data();
        float[] out = new float[data.length / 4];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
        return out;
    }

    @Test
    void exportWritesTheSameTensorsUnderOfficialNames() throws IOException {
        assertEquals(0, s4("import", file(), "--out", model()).code());
        Path plain = tmp.resolve("w.safetensors");
        Said said = s4("export", model(), "--format", "safetensors", "--out", plain.toString());
        assertEquals(0, said.code(), said.err());
        SafeTensors weights = SafeTensors.read(plain);
        assertEquals(ModelFile.read(tmp.resolve("m.safetensors")).tensors(), weights.tensors());
        assertArrayEquals(new long[]{1, H, PAIRS, 2}, weights.tensor("model.layers.0.layer.layer.kernel.C").shape());
        assertEquals(0, s4("export", model(), "--format", "npz", "--out", tmp.resolve("w.npz").toString()).code());
        assertTrue(Files.size(tmp.resolve("w.npz")) > Files.size(tmp.resolve("c.pth")));
        assertEquals(2, s4("export", model(), "--format", "pickle", "--out", "x").code());
    }
}
