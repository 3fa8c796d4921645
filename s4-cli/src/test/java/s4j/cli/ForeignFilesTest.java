package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;
import static s4j.testkit.Refusal.messageOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.cli.Commands.Said;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.train.run.RunException;

/** Model files from anywhere: what they may make the command show, read and cost. */
class ForeignFilesTest {
    @TempDir
    Path tmp = Path.of("");

    private Path changed(Map<String, @Nullable TensorData> changes) throws IOException {
        ModelFile file = ModelFile.read(Path.of(Commands.values(tmp)));
        Map<String, TensorData> tensors = new LinkedHashMap<>(file.tensors());
        changes.forEach((name, tensor) -> {
            if (tensor == null) {
                tensors.remove(name);
            } else {
                tensors.put(name, tensor);
            }
        });
        Path out = tmp.resolve("changed.safetensors");
        new ModelFile(tensors, file.config(), file.provenance()).write(out);
        return out;
    }

    @Test
    void escapeSequencesOfNamesAreShownAsText() throws IOException {
        ModelFile file = ModelFile.read(Path.of(Commands.values(tmp)));
        Map<String, @Nullable Object> network = new LinkedHashMap<>();
        ((Map<?, ?>) file.config().getOrDefault("network", Map.of())).forEach((k, v) -> network.put((String) k, v));
        network.put("\u001b[31mred\u009b\u202e\u0007", 1);
        Path out = tmp.resolve("escapes.safetensors");
        new ModelFile(file.tensors(), Map.of("network", network), Map.of()).write(out);
        for (List<String> command : List.of(List.of("verify"), List.of("stream"), List.of("generate"),
                List.of("eval"))) {
            Said said = s4("", command.getFirst(), out.toString());
            assertEquals(2, said.code(), said.err());
            assertTrue(said.err().contains("\\u001b[31mred\\u009b\\u202e\\u0007"), said.err());
            assertTrue(said.err().chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)), said.err());
        }
    }

    @Test
    void aFileThatLacksATensorIsTheUsersFaultInEveryCommand() throws IOException {
        Map<String, @Nullable TensorData> none = new LinkedHashMap<>();
        none.put("encoder.0.weight", null);
        String file = changed(none).toString();
        String out = tmp.resolve("out").toString();
        for (List<String> command : List.of(List.of("eval", file, "pipeline=mnist"), List.of("verify", file),
                List.of("stream", file), List.of("export", file, "--format", "npz", "--out", out),
                List.of("export", file, "--weights", "int8", "--out", out))) {
            Said said = s4("", command.toArray(String[]::new));
            assertTrue(said.code() == 2 && said.err().contains("no tensor encoder.0.weight"), command + said.err());
        }
    }

    @Test
    void placesInAModelFileAreShownAndNotSearched() throws IOException {
        Path elsewhere = Files.createDirectory(tmp.resolve("elsewhere"));
        for (String place : List.of("/", elsewhere.toString(), "..", ".", "")) {
            ConfigTree config = ConfigTree.of(Map.of("dataset", Map.of("_name_", "audio", "path", place)),
                    new Origin("model"));
            String message = s4j.testkit.Refusal.messageOf(RunException.class,
                    () -> FilePaths.checked(config, List.of(), line -> {}, "m"));
            assertTrue(message.contains("dataset.path=" + place + " stands in the file"), message);
            assertEquals(config, FilePaths.checked(config, List.of("dataset.path=" + place), line -> {}, "m"));
        }
        StringBuilder said = new StringBuilder();
        ConfigTree config = ConfigTree.of(Map.of("dataset", Map.of("_name_", "mnist", "data_dir", "/")),
                new Origin("model"));
        ConfigTree checked = FilePaths.checked(config, List.of(), said::append, "m");
        assertTrue(checked.find("dataset.data_dir") == null && said.toString().contains("data_dir=/"));
    }

    @Test
    void databaseOfAModelFileIsAskedOnlyWhereTheCommandLineNamesIt() {
        Map<String, Object> series = Map.of("_name_", "series", "url", "jdbc:duckdb:", "query", "copy x to 'y'");
        ConfigTree config = ConfigTree.of(Map.of("dataset", series), new Origin("m"));
        for (String given : List.of("dataset.url=jdbc:duckdb:", "dataset.query=copy")) {
            String message = messageOf(RunException.class,
                    () -> FilePaths.checked(config, List.of(given), line -> {}, "m"));
            assertTrue(message.contains("stands in the file"), message);
        }
    }

    @Test
    void outputsThatAreTheInputAreRefusedAndItStays() throws IOException {
        Path model = Path.of(Commands.sound(tmp));
        byte[] before = Files.readAllBytes(model);
        Path link = Files.createSymbolicLink(tmp.resolve("link"), model);
        for (List<String> command : List.of(
                List.of("export", model.toString(), "--format", "npz", "--out", link.toString()),
                List.of("export", model.toString(), "--weights", "int8", "--out", model.toString()),
                List.of("generate", model.toString(), "--steps", "3", "--out", model.toString()),
                List.of("generate", model.toString(), "--steps", "3", "--report", link.toString()),
                List.of("stream", model.toString(), "--state", model.toString()))) {
            Said said = s4("", command.toArray(String[]::new));
            assertTrue(said.code() == 2 && said.err().contains("is the file that is read"), command + said.err());
            org.junit.jupiter.api.Assertions.assertArrayEquals(before, Files.readAllBytes(model));
        }
        assertFalse(Files.exists(tmp.resolve("out.wav")));
    }
}
