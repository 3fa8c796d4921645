package s4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendTest {
    private static final String MODULE = "--add-modules=jdk.incubator.vector";

    @Test
    void kernelsRunWithoutTheModule() throws Exception { requireProbe(List.of(), Backend.SCALAR.name(), "1"); }

    @Test
    void kernelsRunOnNarrowerVectors() throws Exception {
        requireProbe(List.of(MODULE, "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=2"), Backend.SIMD.name(), "0");
    }

    /** Runs {@link KernelProbe} in a JVM with these flags. */
    private static void requireProbe(List<String> flags, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(
                List.of("-ea", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                        KernelProbe.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    @Test
    void aMissingModuleIsSaidAtOnce() throws Exception { requireProbe(List.of(), "refused", "1"); }
}
