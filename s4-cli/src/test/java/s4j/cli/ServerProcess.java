package s4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code s4 serve} as a process of its own. */
record ServerProcess(Process process, String address) {
    private static final int PATIENCE_SECONDS = 60;

    /** Starts it at any free port and waits until it serves. */
    static ServerProcess start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
                "-XX:-UsePerfData", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), "s4j.cli.Main", "serve", "--port", "0"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith("serving at ")) {
                Thread.startVirtualThread(() -> drain(out)); // else it would wait for a reader
                return new ServerProcess(process, line.replaceFirst("serving at (.*)/ .*", "$1"));
            }
        }
        throw new AssertionError(said);
    }

    private static void drain(BufferedReader out) {
        try {
            while (out.readLine() != null) {
                // what it says from now on is of no use
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    /** As kill -9 does. */
    void kill() throws InterruptedException { process.destroyForcibly().waitFor(); }

    /** As SIGTERM does; its exit code. */
    int end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end by itself");
        }
        return process.exitValue();
    }
}
