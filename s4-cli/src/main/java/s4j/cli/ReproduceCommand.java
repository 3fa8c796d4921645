package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.io.AtomicFile;
import s4j.io.InputFile;
import s4j.train.run.RunException;

/** {@code s4 reproduce}: the tables of the papers with what kept runs reached beside the published figures. */
@Command(name = "reproduce", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Writes the tables of the papers with what runs reached beside the published figures. Rows that no run has say so.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 reproduce forecasting runs --kept docs/results/forecasting.csv --csv docs/results/forecasting.csv",
                "  s4 reproduce forecasting --kept docs/results/forecasting.csv --out docs/reproduce-forecasting.md"})
final class ReproduceCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "TABLES", description = "forecasting.")
    String tables = "";

    @Parameters(index = "1..*", paramLabel = "RUNS", description = "Directories with runs in them.")
    List<Path> runs = List.of();

    @Option(names = "--kept", paramLabel = "FILE", description = "Results that --csv wrote before.")
    @Nullable
    Path kept;

    @Option(names = "--csv", paramLabel = "FILE", description = "All results, one a line.")
    @Nullable
    Path csv;

    @Option(names = "--out", paramLabel = "FILE", description = "The tables in Markdown; else to standard output.")
    @Nullable
    Path out;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        if (!tables.equals("forecasting")) {
            throw new ParameterException(spec.commandLine(), "got " + tables + "; expected forecasting");
        }
        Destinations.over().and("--csv", csv).and("--out", out); // --kept may be replaced by --csv
        List<ForecastRow> rows = new ArrayList<>();
        if (kept != null) {
            rows.addAll(ForecastRow.read(InputFile.lines(kept), kept.toString()));
        }
        for (Path directory : runs) {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw new RunException(directory + " is a file; expected a directory with runs in it");
            }
            try (Stream<Path> files = Files.walk(directory, 2)) {
                for (Path f : files.filter(p -> p.endsWith("model.safetensors")).sorted().toList()) {
                    rows.addAll(ForecastRow.of(f));
                }
            }
        }
        List<ForecastRow> all = ForecastRow.newest(rows);
        if (csv != null) {
            AtomicFile.write(csv, ForecastRow.csv(all));
        }
        String text = new ForecastTables(all).markdown() + new MultivariateTables(all).markdown();
        PrintWriter say = spec.commandLine().getOut();
        if (out != null) {
            AtomicFile.write(out, text);
        } else if (csv == null) {
            say.print(text);
        }
        say.flush();
        return 0;
    }
}
