package s4j.train.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.train.parity.Parity.Report;
import s4j.train.parity.Parity.Result;

class ParityTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    Path temp;

    @Test
    void officialCasesPass() throws IOException {
        Report report = Parity.run(GOLDEN, Set.of());
        for (Result r : report.results()) {
            assertTrue(r.passed(), r::toString);
            assertTrue(r.error() <= r.tolerance() && r.tensors() > 0 && r.message().isEmpty(), r::toString);
        }
        assertEquals("parity: 35 of 35 cases, 333 tensors", report.summary());
        assertTrue(report.ok());
    }

    @Test
    void kindsSelectCases() throws IOException {
        Report report = Parity.run(GOLDEN, Set.of("hippo", "kernel", "block", "training"));
        assertEquals(33, report.results().size());
        assertTrue(report.ok());
        assertEquals(9, Parity.run(GOLDEN, Set.of("hippo")).passed());
    }

    @Test
    void casesOfOtherOptionsPass() throws IOException {
        Report report = Parity.run(Path.of("src/test/resources/golden-options"), Set.of());
        report.results().forEach(r -> assertTrue(r.passed(), r::toString));
        assertEquals(12, report.results().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hippo_legt_N16", "kernel_s4_legs", "kernel_s4d_legs_bilinear", "block_s4_default",
            "block_s4d_inv_channels2"})
    void everyPerturbedReferenceFails(String name) throws IOException {
        SafeTensors golden = read(name);
        for (String key : golden.tensors().keySet()) {
            if (!key.startsWith("param.") && !key.equals("u") && !key.equals("grad_out")) {
                requireFailure(name, golden, key, perturbed(golden.tensor(key)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"training_s4d_prenorm,logits.2", "training_s4d_prenorm,loss_and_gradnorm",
            "training_s4_postnorm,paramN.encoder.weight", "training_s4_postnorm,paramN.layers.1.layer.kernel.C",
            "kernel_s4d_lin_dss,K", "kernel_s4_fout,dA", "block_s4_bidirectional,grad.u", "sashimi_s4,y",
            "sashimi_s4d_unet,y"})
    void perturbedReferenceFails(String name, String key) throws IOException {
        SafeTensors golden = read(name);
        requireFailure(name, golden, key, perturbed(golden.tensor(key)));
    }

    @ParameterizedTest
    @CsvSource({"kernel_s4_legs,param.C", "kernel_s4d_lin_zoh,param.inv_dt", "block_s4_default,param.layer.kernel.P",
            "block_s4d_lin,u", "block_s4d_lin,grad_out", "training_s4d_prenorm,param0.decoder.weight",
            "training_s4_postnorm,x.3", "sashimi_s4,param.d_layers.1.linear.weight",
            "sashimi_s4d_unet,param.u_layers.1.2.layer.ff.0.0.bias", "sashimi_s4d_unet,x"})
    void perturbedInputFails(String name, String key) throws IOException {
        SafeTensors golden = read(name);
        Result result = with(name, golden, key, perturbed(golden.tensor(key)));
        assertFalse(result.passed(), result::toString);
        assertTrue(result.error() > result.tolerance(), result::toString);
    }

    @Test
    void referencesThatAreNotNumbersFail() throws IOException {
        SafeTensors golden = read("kernel_s4d_lin_zoh");
        double[] k = golden.tensor("K").toDoubles();
        k[3] = Double.NaN;
        requireFailure("kernel_s4d_lin_zoh", golden, "K", TensorData.of(k, golden.tensor("K").shape()));
    }

    private void requireFailure(String name, SafeTensors golden, String key, TensorData changed) throws IOException {
        Result result = with(name, golden, key, changed);
        assertFalse(result.passed(), () -> key + " perturbed: " + result);
        // the products of the NPLR form share their factors
        assertTrue(
                result.worst().equals(key) || result.worst().startsWith(key + " (")
                        || (key.startsWith("nplr_") && result.worst().startsWith("nplr_")),
                () -> key
                        + " perturbed: " + result);
        assertFalse(result.error() <= result.tolerance());
        assertEquals("", result.message());
    }

    /** Of relative size 1e-3. */
    private static TensorData perturbed(TensorData data) {
        return switch (data.dtype()) {
            case F32 -> {
                float[] values = data.toFloats();
                for (int i = 0; i < values.length; i++) {
                    values[i] *= 1.001f;
                }
                yield TensorData.of(values, data.shape());
            }
            default -> TensorData.of(Arrays.stream(data.toDoubles()).map(x -> x * 1.001).toArray(), data.shape());
        };
    }

    @Test
    void missingTensorsFailByName() throws IOException {
        assertMessage("reference tensor K is missing", with("kernel_s4_legs", read("kernel_s4_legs"), "K", null));
        assertMessage("reference tensor y_step is missing",
                with("block_s4d_lin", read("block_s4d_lin"), "y_step", null));
        assertMessage("tensor logits.4 is missing",
                with("training_s4d_prenorm", read("training_s4d_prenorm"), "logits.4", null));
        assertMessage("tensor grad_out is missing", with("kernel_s4_legs", read("kernel_s4_legs"), "grad_out", null));
        assertMessage("tensor x.2 is missing",
                with("training_s4d_prenorm", read("training_s4d_prenorm"), "x.2", null));
        assertMessage("tensor C is missing; expected shape [1, 4, 8, 2]",
                with("kernel_s4_legs", read("kernel_s4_legs"), "param.C", null));
        assertMessage("tensor nplr_V is missing", with("hippo_legs_N4", read("hippo_legs_N4"), "nplr_V", null));
    }

    @Test
    void tensorsOfOtherShapesFail() throws IOException {
        SafeTensors golden = read("kernel_s4_legs");
        assertMessage("tensor K has shape [1, 2, 128], ours has [1, 4, 64]", with("kernel_s4_legs", golden, "K",
                TensorData.of(golden.tensor("K").toDoubles(), 1, 2, 128)));
        assertMessage("tensor C has shape [1, 8, 4, 2]; expected [1, 4, 8, 2]",
                with("kernel_s4_legs", golden, "param.C",
                        TensorData.of(golden.tensor("param.C").toFloats(), 1, 8, 4, 2)));
        assertMessage("nothing computed for reference tensor surplus",
                with("kernel_s4_legs", golden, "surplus", TensorData.of(new double[1], 1)));
    }

    @Test
    void missingTolerancesFail() throws IOException {
        String tol = read("block_s4d_lin").metadata().getOrDefault("tol", "");
        assertMessage("reference tensor y has no tolerance", metadata("block_s4d_lin", "tol",
                tol.replace("\"y\": 1e-05, ", "")));
        assertMessage("tolerance of y is tight; expected a number", metadata("block_s4d_lin", "tol",
                tol.replace("\"y\": 1e-05", "\"y\": \"tight\"")));
        assertMessage("metadata has no tol; expected a JSON object", metadata("block_s4d_lin", "tol", null));
        assertMessage("metadata has no case; expected a JSON object", metadata("block_s4d_lin", "case", null));
        assertMessage("metadata case is no JSON object", metadata("block_s4d_lin", "case", "[1]"));
    }

    @Test
    void unknownOptionsAndKindsFail() throws IOException {
        String options = read("kernel_s4_legs").metadata().getOrDefault("case", "");
        Result typo = metadata("kernel_s4_legs", "case", options.replace("d_state", "d_sate"));
        assertMessage("unknown key d_sate (case kernel_s4_legs); did you mean d_state?", typo);
        Result missing = metadata("kernel_s4_legs", "case", options.replace("\"rate\": 1.0, ", ""));
        assertMessage("option rate is null; expected a number", missing);
        Result measure = metadata("hippo_legs_N4", "case", "{\"measure\": \"leg\", \"N\": 4, \"rank\": 1}");
        assertTrue(measure.message().startsWith("unknown HiPPO measure leg; did you mean leg"), measure.message());

        Files.copy(GOLDEN.resolve("hippo_legs_N4.safetensors"), temp.resolve("hipo_legs.safetensors"));
        assertMessage("unknown kind hipo; known are [block, hippo, kernel, sashimi, training]",
                Parity.run(temp.resolve("hipo_legs.safetensors")));
        assertEquals("parity: 0 of 1 cases, 0 tensors", Parity.run(temp, Set.of("hipo")).summary());
    }

    @Test
    void brokenFilesFail() throws IOException {
        byte[] bytes = Files.readAllBytes(GOLDEN.resolve("kernel_s4_legs.safetensors"));
        for (int length : new int[]{0, 7, 100, bytes.length - 1}) {
            Path file = temp.resolve("kernel_cut.safetensors");
            Files.write(file, Arrays.copyOf(bytes, length));
            Result result = Parity.run(file);
            assertFalse(result.passed());
            assertTrue(result.message().contains("kernel_cut.safetensors"), result.message());
        }
    }

    @Test
    void emptyDirectoriesAreAFailure() throws IOException {
        Report empty = Parity.run(temp, Set.of());
        assertFalse(empty.ok());
        assertEquals("parity: 0 of 0 cases, 0 tensors", empty.summary());
        assertFalse(Parity.run(GOLDEN, Set.of("nothing")).ok());
    }

    private static void assertMessage(String expected, Result result) {
        assertFalse(result.passed());
        assertEquals(expected, result.message());
        assertEquals(0, result.tensors());
    }

    private static SafeTensors read(String name) throws IOException {
        return SafeTensors.read(GOLDEN.resolve(name + ".safetensors"));
    }

    /** The result of a case in which one tensor is another, or missing. */
    private Result with(String name, SafeTensors golden, String key, @Nullable TensorData changed) throws IOException {
        Map<String, TensorData> tensors = new LinkedHashMap<>(golden.tensors());
        if (changed == null) {
            tensors.remove(key);
        } else {
            tensors.put(key, changed);
        }
        return run(name, new SafeTensors(tensors, golden.metadata()));
    }

    private Result metadata(String name, String key, @Nullable String value) throws IOException {
        SafeTensors golden = read(name);
        Map<String, String> metadata = new LinkedHashMap<>(golden.metadata());
        if (value == null) {
            metadata.remove(key);
        } else {
            metadata.put(key, value);
        }
        return run(name, new SafeTensors(golden.tensors(), metadata));
    }

    private Result run(String name, SafeTensors content) throws IOException {
        Path file = temp.resolve(name + ".safetensors");
        content.write(file);
        return Parity.run(file);
    }
}
