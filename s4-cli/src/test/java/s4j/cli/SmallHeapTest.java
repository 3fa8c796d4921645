package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of 512 MB: inputs whose cost was once the square or more of their size. How many operations: DplrStepTest. */
class SmallHeapTest {
    private static final int PATIENCE_SECONDS = 300;

    @TempDir
    Path tmp = Path.of("");

    @Test
    void smallInputsCostLittleAndWhatIsAbsurdIsRefused() throws Exception {
        Process process = new ProcessBuilder(List.of(ProcessHandle.current().info().command().orElse("java"),
                "-XX:-UsePerfData", "-Xmx512m", "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), SmallHeapCampaign.class.getName(), tmp.toString()))
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), said);
        String found = said.lines().filter(l -> !l.startsWith("WARNING") && !l.startsWith("SLF4J"))
                .collect(Collectors.joining("\n"));
        StringBuilder lengths = new StringBuilder();
        for (long length : new long[]{Integer.MAX_VALUE, Long.MAX_VALUE, -2, 0}) {
            for (String command : List.of("eval", "verify", "stream")) {
                lengths.append(command).append(" l_kernel ").append(length).append(": 2\n");
            }
        }
        assertEquals("nested 2000: 2\nnested 100000: 2\n" + lengths + "one long number: 2\nmany long numbers: 2\n"
                + "d_state 512: 0\nd_state 1024: 0\nd_state 3200: 0\npool 65536: 2\npool 1024: 0\nword of 50 MB: 2",
                found);
    }
}
