package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes that a signal ends: nothing that was answered is lost. */
class SignalTest {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path tmp = Path.of("");

    private static List<String> java(String... args) {
        // a shell's background jobs ignore SIGINT, what nohup starts SIGHUP, and so would all that they start
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP",
                ProcessHandle.current().info().command().orElse("java"), "-XX:-UsePerfData",
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), "s4j.cli.Main"));
        command.addAll(List.of(args));
        return command;
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15", "INT, 2", "HUP, 1"})
    void aStreamThatIsToldToEndSavesWhatItAnswered(String signal, int number) throws Exception {
        Path state = tmp.resolve("state");
        String values = Commands.values(tmp);
        Process process = new ProcessBuilder(java("stream", values, "--state", state.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().write("1,2\n3,4\n5,".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        var lines = process.inputReader(StandardCharsets.US_ASCII);
        assertTrue(lines.readLine() != null, "the first step is answered");
        assertTrue(lines.readLine() != null, "the second step is answered");
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor());
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends by itself");
        assertEquals(128 + number, process.exitValue());
        var model = s4j.stream.S4Model.load(Path.of(values));
        assertEquals(2, model.restore(Files.readAllBytes(state)).steps());
    }
}
