package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.data.Dataset;
import s4j.train.config.ConfigLoader;
import s4j.train.report.DatasetPage;
import s4j.train.report.DatasetSummary;

/** {@code s4 data}: what a data set holds. */
@Command(name = "data", mixinStandardHelpOptions = true, sortOptions = false, sortSynopsis = false,
        description = "Reads or fetches a data set and describes it, without training: counts, lengths, ranges, balance of"
                + " classes, missing values; and a page with examples.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 data mnist",
                "  s4 data series path=FILE_OR_FOLDER target=COLUMN",
                "  s4 data series url=jdbc:duckdb: query=\"select * from 'x.parquet'\"   driver on S4_CLASSPATH",
                "  s4 data text path=book.txt", "  s4 data audio-classes path=FOLDER"})
final class DataCommand implements Callable<Integer> {
    private static final String DATASET = "dataset";

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DATASET", description = "Its name, or dataset=NAME as s4 train has it.")
    String dataset = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE",
            description = "Its keys; path=X is dataset.path=X.")
    List<String> words = List.of();

    @Option(names = "--html", paramLabel = "FILE", description = "Where the page goes; runs/data-DATASET.html else.")
    @Nullable
    Path html;

    @Option(names = "--config-dir", paramLabel = "DIRECTORY",
            description = "Look for group files here first. May be repeated.")
    List<Path> configDirectories = List.of();

    DataCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (html != null) {
            prepare(html);
        }
        ConfigLoader loader = ConfigLoader.usual(configDirectories);
        Dataset data = parts.datasets().load(loader.load(configuration(loader)).dataset(), line -> {
            out.println(line);
            out.flush();
        });
        DatasetSummary summary = DatasetSummary.of(data);
        data.facts().forEach((fact, value) -> out.println(fact.toLowerCase(java.util.Locale.ROOT) + ": " + value));
        summary.lines(data).forEach(out::println);
        Path page = html == null ? Path.of("runs", "data-" + data.name() + ".html") : html;
        prepare(page);
        new DatasetPage(data, summary).write(page);
        out.println("page: " + page);
        out.flush();
        return 0;
    }

    private static void prepare(Path page) throws IOException {
        Path folder = page.toAbsolutePath().getParent();
        if (folder != null) {
            Destinations.directory("--html", folder);
        }
        Destinations.over().and("--html", page);
    }

    /** A data set without a file of its own (of a jar) is named by its key. */
    private List<String> configuration(ConfigLoader loader) {
        List<String> out = new ArrayList<>();
        String name = dataset.startsWith(DATASET + "=") ? dataset.substring(DATASET.length() + 1) : dataset;
        out.add((loader.files().choices(DATASET).contains(name) ? DATASET : DATASET + "._name_") + "=" + name);
        for (String word : words) {
            boolean off = word.startsWith("~");
            String key = off ? word.substring(1) : word;
            out.add((off ? "~" : "") + (key.startsWith(DATASET + ".") ? "" : DATASET + ".") + key);
        }
        return out;
    }
}
