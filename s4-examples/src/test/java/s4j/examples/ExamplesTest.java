package s4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import s4j.hippo.HippoMatrix;
import s4j.hippo.Measure;
import s4j.math.Complex;
import s4j.ssm.DenseSsm;
import s4j.ssm.DiagonalSsm;
import s4j.ssm.Discretization;
import s4j.ssm.Dplr;
import s4j.ssm.SsmInit;
import s4j.testkit.Tolerances;

class ExamplesTest {
    @Test
    void minimalS4dPrintsTheLibrarysKernel() throws Exception {
        Dplr lin = SsmInit.create(List.of("diag-lin"), 64, 1, 1, SsmInit.Options.DEFAULTS, new SplittableRandom(1))
                .getFirst();
        Complex[] c = new Complex[32];
        Arrays.setAll(c, i -> Complex.of(Math.cos(i), Math.sin(3 * i)));
        DiagonalSsm ssm = new DiagonalSsm(new double[]{0.01}, lin.lambda(), lin.b(), new Complex[][]{c}, new double[1]);
        requireKernel(run("MinimalS4D.java"), ssm.kernel(Discretization.ZOH, 1000)[0]);
    }

    @Test
    void minimalS4PrintsTheLibrarysKernel() throws Exception {
        double[] c = new double[16];
        Arrays.setAll(c, Math::cos);
        DenseSsm ssm = DenseSsm.of(HippoMatrix.of(new Measure.LegS(), 16), 0.02, new double[][]{c}, new double[1]);
        requireKernel(run("MinimalS4.java"), ssm.kernel(Discretization.BILINEAR, 256)[0]);
    }

    @Test
    void minimalFilesStayMinimal() throws IOException {
        assertTrue(Files.readAllLines(source("MinimalS4D.java")).size() <= 120, "MinimalS4D.java");
        assertTrue(Files.readAllLines(source("MinimalS4.java")).size() <= 200, "MinimalS4.java");
    }

    @Test
    void theStreamingServiceGivesEachClientItsOwnStream() throws Exception {
        String output = java("--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
                StreamingService.class.getName());
        assertTrue(output.contains("100 streams of 200 steps") && output.contains("same bits: true"), output);
        requireWorst(output, 1e-5);
    }

    @Test
    void generatedAudioHasTheLikelihoodOfTheWholeSequence() throws Exception {
        // without the vector module, as a reader may start it
        String output = java("-cp", System.getProperty("java.class.path"), GenerateAudio.class.getName());
        assertTrue(output.contains("0.50 s at 8000 samples per second"), output);
        requireWorst(output, 1e-5);
        Files.delete(Path.of(output.lines().filter(line -> line.contains(".wav:")).findFirst().orElseThrow()
                .replaceFirst("\\.wav:.*", ".wav")));
    }

    @Test
    void yourOwnModelLearnsRealSeriesInSixtyLines() throws Exception {
        assertTrue(Files.readAllLines(source("YourOwnModel.java")).size() <= 60, "YourOwnModel.java");
        String output = java("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), YourOwnModel.class.getName());
        Matcher accuracy = Pattern.compile("test accuracy: (\\S+)").matcher(output);
        assertTrue(accuracy.find() && Double.parseDouble(accuracy.group(1)) >= 0.95, output);
    }

    /** The output of {@code java FILE}, as a reader starts it. */
    private static String run(String file) throws IOException, InterruptedException {
        return java(source(file).toString());
    }

    private static String java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    private static Path source(String file) { return Path.of("src", "main", "java", "s4j", "examples", file); }

    private static void requireKernel(String output, double[] kernel) {
        Matcher printed = Pattern.compile("K\\[(\\d+)] = (\\S+?)(?:,|\\s)").matcher(output);
        double scale = Arrays.stream(kernel).map(Math::abs).max().orElseThrow();
        int found = 0;
        for (; printed.find(); found++) {
            assertEquals(kernel[Integer.parseInt(printed.group(1))], Double.parseDouble(printed.group(2)),
                    Tolerances.SAME_KERNEL * scale, output);
        }
        assertEquals(2, found, output);
        requireWorst(output, 1e-12);
    }

    private static void requireWorst(String output, double tolerance) {
        Matcher worst = Pattern.compile("max \\|.*\\| = (\\S+)").matcher(output);
        assertTrue(worst.find() && Double.parseDouble(worst.group(1)) < tolerance, output);
    }
}
