package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.cli.Commands.Said;
import s4j.io.DType;
import s4j.io.ModelFile;
import s4j.model.SequenceBatch;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.testkit.Comparison;
import s4j.torch.Learner;
import s4j.train.fake.FakeData;

/** {@code s4 export --weights}: smaller models, and what they cost. */
final class ExportWeightsTest {
    private static final String MATRIX = "model.c_layers.0.layer.output_linear.0.weight";
    private static final int LENGTH = 64;
    private static final int SEED = 5;

    @TempDir
    Path tmp;

    private Path model() throws IOException {
        return Commands.model(tmp.resolve("m.safetensors"),
                Map.of("d_input", 2, "d_output", 3, "l_max", LENGTH, "model",
                        Map.of("_name_", "sashimi", "d_model", 32, "n_layers", 1, "pool", List.of(4), "layer",
                                Map.of("d_state", 8)),
                        "decoder", Map.of("mode", "step")),
                Map.of());
    }

    private Said export(Path model, String weights) {
        return s4("", "export", model.toString(), "--weights", weights, "--out", small(weights).toString());
    }

    private Path small(String weights) { return tmp.resolve(weights + ".safetensors"); }

    private static double printed(Said said) {
        Matcher change = Pattern.compile("relative change of the outputs on random input: (\\S+)").matcher(said.out());
        assertTrue(change.find(), said.out());
        return Double.parseDouble(change.group(1));
    }

    private static float[] outputs(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] x = new float[3 * LENGTH * 2];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return S4Model.load(file).forward(new SequenceBatch(3, LENGTH, 2, x, new int[3]));
    }

    @ParameterizedTest
    @CsvSource({"bf16,BF16,1e-4,2e-2", "int8,I8,1e-4,5e-2"})
    void theSmallerModelRunsWithinThePrintedError(String weights, DType dtype, double least, double most)
            throws IOException {
        Path model = model();
        Said said = export(model, weights);
        assertEquals(0, said.code(), said.err());
        double change = printed(said);
        assertTrue(change > least && change < most, said.out());
        double own = Comparison.relativeError(outputs(small(weights)), outputs(model));
        assertTrue(own < 2 * change && own > change / 2, "on other input: " + own + ", printed: " + change);
        assertTrue(Files.size(small(weights)) < 0.8 * Files.size(model), said.out());
        ModelFile file = ModelFile.read(small(weights));
        assertEquals(dtype, java.util.Objects.requireNonNull(file.tensors().get(MATRIX)).dtype());
        assertEquals(weights, file.provenance().get("weights"));
        assertEquals(0, s4("", "verify", small(weights).toString(), "--steps", "1000").code(), "forms agree");
        Session session = S4Model.load(small(weights)).newSession();
        assertEquals(session.step(1, 2)[0] + "",
                s4("1,2", "stream", small(weights).toString()).text().split(",", 2)[0]);
    }

    @Test
    void float32ChangesNothingAndInt8OnceMoreNeither() throws IOException {
        Path model = model();
        Said same = export(model, "float32");
        assertEquals(0, printed(same), same.out());
        assertArrayEquals(outputs(model), outputs(small("float32")));
        assertEquals(0, export(model, "INT8").code(), "in any case");
        Path again = tmp.resolve("again.safetensors");
        Said twice = s4("", "export", small("INT8").toString(), "--weights", "int8", "--out", again.toString());
        assertTrue(printed(twice) < 1e-6, twice.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--weights int4|--weights int4; expected float32, bf16 or int8",
            "--weights int8 --format npz|needs one of --format, --weights and --vocabulary",
            "|needs one of --format, --weights and --vocabulary",
            "--format pickle|expected one of [safetensors, npz, onnx]"})
    void whatIsNotOfferedIsRefused(String line) throws IOException {
        String[] parts = line.split("\\|", 2);
        Path out = tmp.resolve("out");
        List<String> args = new java.util.ArrayList<>(
                List.of("export", model().toString(), "--out", out.toString()));
        if (!parts[0].isEmpty()) {
            args.addAll(List.of(parts[0].split(" ", -1)));
        }
        Said said = s4("", args.toArray(String[]::new));
        assertEquals(2, said.code(), said.out());
        assertTrue(said.err().contains(parts[1]), said.err());
        assertFalse(Files.exists(out), "nothing is written");
    }

    @Test
    void filesThatAreNotThereAreNamed() throws IOException {
        Said nothing = s4("", "export", "nowhere", "--weights", "int8", "--out", "x");
        assertTrue(nothing.code() == 2 && nothing.err().contains("no file nowhere"), nothing.err());
        Path out = tmp.resolve("no").resolve("x");
        Said place = s4("", "export", model().toString(), "--weights", "int8", "--out", out.toString());
        assertTrue(place.code() == 2 && place.err().contains("there is no directory " + tmp.resolve("no")),
                place.err());
        Said plain = s4("", "export", model().toString(), "--format", "npz", "--out", tmp.toString());
        assertTrue(plain.code() == 2 && plain.err().contains("is a directory; expected a file"), plain.err());
    }

    @Test
    void theCostIsMeasuredOnTheTestSplitOfATrainedModel() throws IOException {
        Parts parts = new Parts(Learner::create, (config, log) -> new FakeData(), Parts.standard().parity());
        Path run = tmp.resolve("run");
        Said train = s4(parts, new byte[0], new ByteArrayOutputStream(), "train", "pipeline=mnist", "model=s4d",
                "model.d_model=16", "model.n_layers=1", "model.layer.d_state=8", "trainer.max_epochs=1",
                "loader.batch_size=10", "run.dir=" + run);
        assertEquals(0, train.code(), train.err());
        String model = run.resolve("model.safetensors").toString();
        // the batch size of training leaves no batch of the 210 training sequences, which nobody asks for
        Said said = s4(parts, new byte[0], new ByteArrayOutputStream(), "export", model, "--weights", "int8", "--out",
                small("int8").toString(), "--test", "loader.batch_size=1000");
        assertEquals(0, said.code(), said.err());
        assertTrue(said.lastLine().matches("after: test accuracy: [01]\\.[0-9]{4}"),
                said.out());
        assertTrue(said.out().contains("before: " + train.lastLine()), said.out() + train.out());
        Said eval = s4(parts, new byte[0], new ByteArrayOutputStream(), "eval", model, "loader.batch_size=1000");
        assertEquals(train.lastLine(), eval.lastLine(), eval.err());
        assertEquals(0, s4("", "verify", model, "--steps", "1000").code());
    }
}
