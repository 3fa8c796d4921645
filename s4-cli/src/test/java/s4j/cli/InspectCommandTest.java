package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.cli.Commands.Said;

final class InspectCommandTest {
    @TempDir
    Path tmp;

    private String model(Map<String, Object> layer) throws IOException {
        return Commands.model(tmp.resolve("m.safetensors"),
                Map.of("d_input", 2, "d_output", 3, "l_max", 64, "model",
                        Map.of("_name_", "model", "d_model", 6, "n_layers", 2, "layer", layer), "decoder",
                        Map.of("mode", "pool")),
                Map.of()).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"diag", "nplr"})
    void eachLayerIsToldOfAndDrawn(String mode) throws IOException {
        Path page = tmp.resolve("page.html");
        Said said = s4("", "inspect", model(Map.of("mode", mode, "d_state", 8, "init", mode.equals("diag")
                ? "diag-lin"
                : "legs")), "--html", page.toString());
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("layer 2") && said.out().contains("6 features of 4 pairs"), said.out());
        assertFalse(said.out().contains("NaN"), said.out());
        String html = Files.readString(page);
        assertEquals(12, html.split("<svg", -1).length - 1, "six charts a layer");
        assertTrue(html.contains("before") && !html.contains("NaN"), "eigenvalues before training are known");
        assertEquals("page: " + page, said.lastLine());
    }

    @Test
    void whatIsNoS4IsLeftOutAndSaid() throws IOException {
        Said said = s4("", "inspect", model(Map.of("mode", "diag", "disc", "dss", "d_state", 8)));
        assertEquals(0, said.code(), said.err());
        assertEquals("note: 2 of 2 layers are no S4 with a recurrence and are left out", said.lastLine());
        assertEquals(2, s4("", "inspect", "nowhere").code());
    }
}
