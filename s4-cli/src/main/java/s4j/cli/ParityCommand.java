package s4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.train.run.RunException;

/** {@code s4 parity}: golden cases of the official implementation against ours. */
@Command(name = "parity", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Computes the golden cases in a directory and compares them with what the official S4 gave.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 parity golden                        every case in golden/*.safetensors",
                "  s4 parity golden --kinds hippo,kernel   only files named hippo_… and kernel_…",
                "", "Exit code 1 unless every case passes."})
final class ParityCommand implements Callable<Integer> {
    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "DIRECTORY", description = "Directory of .safetensors files, one per case.")
    @Nullable
    Path directory;

    @Option(names = "--kinds", split = ",", paramLabel = "KIND",
            description = "Only these kinds of cases, with commas between (hippo, kernel, block, training, sashimi).")
    List<String> kinds = List.of();

    ParityCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || directory == null) {
            throw new IllegalStateException("called without being parsed");
        }
        if (!Files.isDirectory(directory)) {
            throw new RunException(
                    "no directory " + directory + "; expected one with .safetensors files of golden cases");
        }
        Set<String> chosen = new LinkedHashSet<>();
        kinds.forEach(k -> chosen.add(k.trim()));
        var out = spec.commandLine().getOut();
        Parts.ParityResult result = parts.parity().run(directory, chosen);
        out.print(result.table());
        out.flush();
        return result.passed() ? 0 : Failures.FAILED;
    }
}
