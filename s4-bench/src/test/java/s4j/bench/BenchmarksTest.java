package s4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

final class BenchmarksTest {
    @Test
    void everyBenchmarkRunsOnceAtATinySize() throws Exception {
        var options = new OptionsBuilder().include("s4j\\.bench\\.").mode(Mode.SingleShotTime).forks(0)
                .warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.NONE).shouldFailOnError(true)
                .param("size", "2x5x40").param("threads", "1").build();
        // JMH's own report would be noise among tests
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        var results = new Runner(options, OutputFormatFactory.createFormatInstance(nowhere, VerboseMode.SILENT)).run();
        Set<String> ran = results.stream().map(r -> r.getParams().getBenchmark())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(declared(), ran);
        assertTrue(ran.contains("s4j.bench.DiagonalScanBenchmark.backward"), ran::toString);
    }

    /** What the sources say, so that a benchmark that JMH does not find is noticed. */
    private static Set<String> declared() throws IOException, ClassNotFoundException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("src", "main", "java", "s4j", "bench"))) {
            for (Path file : files.filter(f -> f.toString().endsWith("Benchmark.java")).toList()) {
                Class<?> type = Class.forName("s4j.bench." + String.valueOf(file.getFileName()).replace(".java", ""));
                Arrays.stream(type.getDeclaredMethods()).filter(m -> m.isAnnotationPresent(Benchmark.class))
                        .map(Method::getName).forEach(m -> names.add(type.getName() + "." + m));
            }
        }
        return names;
    }

    @Test
    void sizesAreReadAsWritten() { assertEquals(new Sizes(50, 128, 784), Sizes.parse("50x128x784")); }
}
