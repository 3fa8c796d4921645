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
import s4j.train.compare.RunSummary;
import s4j.train.compare.RunsPage;
import s4j.train.run.RunException;

/** {@code s4 runs compare}: what differs between runs. */
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows what differs in the configurations of runs, and what they reached.")
final class RunsCompareCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Directories that s4 train wrote, two or more.")
    List<Path> directories = List.of();

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with their curves.")
    @Nullable
    Path html;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        if (directories.size() < 2) {
            throw new RunException("one run; expected two or more to compare");
        }
        Destinations.over().and("--html", html);
        List<RunSummary> runs = new ArrayList<>();
        for (Path d : directories) {
            runs.add(RunSummary.read(d));
        }
        RunsPage page = new RunsPage(runs);
        PrintWriter out = spec.commandLine().getOut();
        table(page.head("metric"), page.metrics(), out);
        out.println();
        table(page.head("key"), page.differences(), out);
        if (html != null) {
            page.write(html);
            out.println("page: " + html);
        }
        out.flush();
        return 0;
    }

    private static void table(List<String> head, List<List<String>> rows, PrintWriter out) {
        List<List<String>> all = new ArrayList<>(List.of(head));
        all.addAll(rows);
        RunsCommand.print(all, out);
    }
}
