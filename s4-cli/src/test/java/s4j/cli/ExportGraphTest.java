package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.cli.Commands.Said;

/** {@code s4 export --format onnx} as a command; what it writes is run by s4-runtime's OnnxExportTest. */
final class ExportGraphTest {
    @TempDir
    Path tmp;

    @Test
    void bothGraphsAreWritten() throws Exception {
        String model = Commands.values(tmp);
        for (String graph : new String[]{"whole", "step"}) {
            Path out = tmp.resolve(graph + ".onnx");
            Said said = s4("", "export", model, "--format", "onnx", "--graph", graph, "--out", out.toString());
            assertEquals(0, said.code(), said.err());
            assertTrue(said.out().contains(graph.equals("step") ? "one step" : "up to 64 steps"), said.out());
            assertTrue(Files.size(out) > 1000);
        }
    }

    @Test
    void whatCannotBeIsSaidAndNothingIsWritten() throws Exception {
        String lstm = Commands.model(tmp.resolve("lstm.safetensors"), Map.of("d_input", 1, "d_output", 2, "l_max", 8,
                "model", Map.of("_name_", "model", "d_model", 4, "n_layers", 1, "layer", Map.of("_name_", "lstm")),
                "decoder", Map.of("mode", "pool")), Map.of()).toString();
        Path out = tmp.resolve("x.onnx");
        Said said = s4("", "export", lstm, "--format", "onnx", "--out", out.toString());
        assertTrue(said.code() == 2 && said.err().contains("layer LSTM is not exported"), said.err());
        Said both = s4("", "export", lstm, "--format", "npz", "--graph", "step", "--out", out.toString());
        assertTrue(both.code() == 2 && both.err().contains("are for --format onnx"), both.err());
        Said none = s4("", "export", lstm, "--format", "onnx", "--length", "0", "--out", out.toString());
        assertTrue(none.code() == 2 && none.err().contains("expected 1 to 1,048,576"), none.err());
        assertTrue(Files.notExists(out));
    }
}
