package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import s4j.io.AtomicFile;

/** Every writer of every command, found by search, on a disk that is full after some bytes. */
class EveryWriterTest {
    private static final int PATIENCE_SECONDS = 300;
    /** Options that name what is read. */
    private static final Set<String> READ = Set.of("--config-dir", "--prefix", "--input", "--vocabulary", "--official",
            "--kept", "--signal", "--token-file", "--keystore", "--data-dir", "--classifier");
    /** Outputs of minutes of work, written by the same line as the others: {@code bench}; the journal of a server (StreamsTest). */
    private static final Set<String> LONG = Set.of("bench --json", "bench --out", "serve --journal");
    /**
     * Classes driven elsewhere: the run directory of {@code train}, the cache (DataFilesTest, SpeechTest), a server's store (StreamsTest); or
     * minutes of work, written by the same line as the others: bench, compare, sweep.
     */
    private static final Set<String> ELSEWHERE = Set.of("Trainer", "MetricsLog", "MlflowRun", "Report", "ModelCard",
            "DataFiles",
            "FileStore",
            "ScPlaces",
            "BenchCommand",
            "Comparison", "ComparisonReport", "Probe", "Sweep", "SweepPage");

    @TempDir
    Path tmp = Path.of("");

    @Test
    void eachOptionThatNamesAnOutputHasADriver() throws IOException {
        Set<String> outputs = new TreeSet<>(LONG);
        Writers.all(tmp).forEach(d -> outputs.add(d.option()));
        Set<String> found = new TreeSet<>();
        for (CommandLine command : Commands.all()) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                boolean file = option.type() == Path.class || option.auxiliaryTypes()[0] == Path.class
                        || List.of("FILE", "DIRECTORY", "MODEL").contains(option.paramLabel());
                if (file && !READ.contains(option.longestName())) {
                    found.add(command.getCommandSpec().qualifiedName().replaceFirst("^s4 ", "") + " "
                            + option.longestName());
                }
            }
        }
        assertEquals(outputs, found);
    }

    @Test
    void eachClassThatWritesAFileHasADriver() throws IOException {
        Set<String> driven = new TreeSet<>(ELSEWHERE);
        Writers.all(tmp).forEach(d -> driven.add(d.writer()));
        Set<String> found = new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("s4j")
                .stream().filter(c -> c.getMethodCallsFromSelf().stream()
                        .anyMatch(m -> m.getTargetOwner().getName().equals(AtomicFile.class.getName())
                                && (m.getName().equals("write") || m.getName().equals("copy"))))
                .map(c -> c.getSimpleName()).filter(c -> !c.equals("AtomicFile"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(driven, found);
    }

    @Test
    void whatDoesNotFitIsAnErrorAndNothingHalfWrittenHasAFinalName() throws Exception {
        Process process = new ProcessBuilder(Stream.of(
                ProcessHandle.current().info().command().orElse("java"), "-XX:-UsePerfData", "-Xmx256m",
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-cp", System.getProperty("java.class.path"),
                FullDiskCampaign.class.getName(), tmp.toString()).toList()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), said);
        String found = said.lines().filter(l -> !l.startsWith("WARNING") && !l.startsWith("SLF4J"))
                .collect(Collectors.joining("\n"));
        assertEquals("end", found);
    }
}
