package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes whose files may not grow beyond some bytes, or that a signal ends: nothing is lost without a word. */
class FullDiskTest {
    private static final int PATIENCE_SECONDS = 60;
    /** Blocks of 512 or 1,024 bytes, as the shell has it. */
    private static final int[] LIMITS = {0, 1, 2};

    @TempDir
    Path tmp = Path.of("");

    private static List<String> java(String... args) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"), "-XX:-UsePerfData",
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), "s4j.cli.Main"));
        command.addAll(List.of(args));
        return command;
    }

    private static String quoted(List<String> words) {
        StringBuilder out = new StringBuilder("exec");
        words.forEach(w -> out.append(" '").append(w.replace("'", "'\\''")).append('\''));
        return out.toString();
    }

    /** What it said, with its exit code in front. */
    private String limited(int blocks, String... args) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", "ulimit -f " + blocks + "; " + quoted(java(args)))
                .redirectErrorStream(true).redirectInput(ProcessBuilder.Redirect.from(input().toFile())).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), said);
        return process.exitValue() + " " + said;
    }

    private Path input() throws IOException { return Files.writeString(tmp.resolve("input.csv"), "1,2\n3,4\n"); }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(tmp.resolve("out"))) {
            return all.toList();
        }
    }

    @Test
    void whatDoesNotFitOnTheDiskIsAnErrorAndLeavesNothing() throws Exception {
        Files.createDirectory(tmp.resolve("out"));
        String out = tmp.resolve("out").resolve("file").toString();
        String sound = Commands.sound(tmp);
        String values = Commands.values(tmp);
        List<List<String>> writers = List.of(
                List.of("generate", sound, "--steps", "4000", "--out", out),
                List.of("generate", sound, "--steps", "100", "--out", "/dev/null", "--report", out),
                List.of("export", sound, "--format", "npz", "--out", out),
                List.of("export", sound, "--format", "safetensors", "--out", out),
                List.of("export", sound, "--weights", "bf16", "--out", out),
                List.of("stream", values, "--state", out));
        for (int i = 0; i < writers.size(); i++) {
            int limit = i == writers.size() - 1 ? 0 : LIMITS[i % LIMITS.length];
            String said = limited(limit, writers.get(i).toArray(String[]::new));
            assertTrue(said.startsWith("1 ") && said.contains("cannot write " + out), writers.get(i) + ": " + said);
            assertEquals(List.of(), files(), writers.get(i).toString());
        }
    }

    @Test
    void aStreamThatIsToldToEndSavesWhatItAnswered() throws Exception {
        Path state = tmp.resolve("state");
        String values = Commands.values(tmp);
        Process process = new ProcessBuilder(java("stream", values, "--state", state.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().write("1,2\n3,4\n5,".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        var lines = process.inputReader(StandardCharsets.US_ASCII);
        assertTrue(lines.readLine() != null, "the first step is answered");
        assertTrue(lines.readLine() != null, "the second step is answered");
        process.destroy();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends by itself");
        assertEquals(128 + 15, process.exitValue());
        var model = s4j.stream.S4Model.load(Path.of(values));
        assertEquals(2, model.restore(Files.readAllBytes(state)).steps());
    }
}
