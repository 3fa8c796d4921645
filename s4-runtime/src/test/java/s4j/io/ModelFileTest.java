package s4j.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Model files and the JSON inside them. */
class ModelFileTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void modelFilesComeBackWhole() throws IOException {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("model", Map.of("d_model", 64L, "dropout", 0.1, "init", List.of("legs")));
        config.put("null", null);
        ModelFile model = new ModelFile(SafeTensorsTest.sample().tensors(), config, Map.of("seed", 7L, "blas", "öß"));
        Path file = directory.resolve("model.safetensors");
        model.write(file);
        assertEquals(model, ModelFile.read(file));
    }

    @Test
    void otherVersionsAndOtherFilesAreRefused() {
        SafeTensors other = new SafeTensors(Map.of(), Map.of("s4j.format", "2"));
        assertFails(MalformedFileException.class, () -> ModelFile.of(other, "m.safetensors"),
                "m.safetensors: model file version 2; this s4j reads version 1");
        SafeTensors foreign = new SafeTensors(Map.of(), Map.of("format", "pt"));
        assertFails(MalformedFileException.class, () -> ModelFile.of(foreign, "m.safetensors"),
                "m.safetensors: no model file of s4j", "[format]");
        SafeTensors bare = new SafeTensors(Map.of(), Map.of("s4j.format", "1", "s4j.config", "[1]"));
        assertFails(MalformedFileException.class, () -> ModelFile.of(bare, "m.safetensors"),
                "s4j.config: got no object; expected a JSON object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1,\"a\":2}", "NaN", "{} {}", "'a'", "[1,]", "99999999999999999999", "01",
            "\"\u0001\"", "// c\n1", "1e"})
    void whatIsNotJsonIsRefused(String text) {
        assertFails(MalformedFileException.class, () -> Json.parse(text, "config"), "config: ");
    }

    @Test
    void jsonIsLimitedInDepthAndNumberLength() {
        assertFails(MalformedFileException.class, () -> Json.parse("[".repeat(1000), "deep"), "deep");
        assertFails(MalformedFileException.class, () -> Json.parse("1".repeat(1000), "long"), "Number");
    }

    @Test
    void jsonValuesComeBack() throws MalformedFileException {
        List<@Nullable Object> value = Arrays.asList("a\"\n", 1L, -0.5, 1e300, true, null, Map.of("k", List.of()));
        assertEquals(value, Json.parse(Json.print(value), "x"));
        assertEquals(value, Json.parse(Json.pretty(value), "x"));
        assertEquals("{\n  \"a\" : [\n    1\n  ]\n}\n", Json.pretty(Map.of("a", List.of(1))));
        assertFails(IllegalArgumentException.class, () -> Json.print(Double.NaN), "no number NaN");
    }
}
