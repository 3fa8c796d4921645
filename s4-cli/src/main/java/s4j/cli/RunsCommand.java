package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import s4j.train.compare.RunSummary;
import s4j.train.report.Html;
import s4j.train.run.RunException;

/** {@code s4 runs}: the runs of a directory. */
@Command(name = "runs", mixinStandardHelpOptions = true, sortOptions = false, subcommands = RunsCompareCommand.class,
        description = "Lists runs with what they reached: the best validation, and the test split where they have ended.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 runs                                          all below runs/",
                "  s4 runs --where dataset=mnist --where 'accuracy>0.98' --sort accuracy",
                "  s4 runs --sort optimizer.lr --show optimizer.lr,model.d_model",
                "  s4 runs compare runs/A runs/B --html both.html   what differs, and both curves",
                "",
                "Names: val.METRIC, test.METRIC, METRIC (as val.METRIC), status, or a key of the configuration."})
final class RunsCommand implements Callable<Integer> {
    private static final Pattern CONDITION = Pattern.compile("([^=<>]+)([=<>])(.*)");

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--dir", paramLabel = "PLACE", description = "Where runs lie (${DEFAULT-VALUE}).")
    String directory = "runs";

    @Option(names = "--where", paramLabel = "NAME=VALUE",
            description = "Only runs of which this holds; also NAME<NUMBER and NAME>NUMBER. May be repeated.")
    List<String> where = List.of();

    @Option(names = "--sort", paramLabel = "NAME",
            description = "Largest first for numbers (of losses: the smallest); else by name. Default: by directory.")
    @Nullable
    String sort;

    @Option(names = "--show", paramLabel = "NAMES", split = ",", description = "Further columns.")
    List<String> show = List.of();

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Path root = Path.of(directory);
        if (!Files.isDirectory(root)) {
            throw new RunException(
                    "no directory " + directory + "; expected one with runs. Name another with --dir PLACE");
        }
        List<Condition> conditions = where.stream().map(RunsCommand::condition).toList();
        List<RunSummary> runs = new ArrayList<>(RunSummary.below(root, err::println));
        runs.removeIf(r -> !conditions.stream().allMatch(c -> c.holds(r)));
        if (sort != null) {
            String name = sort;
            if (!runs.isEmpty() && runs.stream().allMatch(r -> r.value(name) == null)) {
                throw new RunException("--sort " + name + ": no run has it; expected a metric, e.g. val."
                        + runs.getFirst().monitor().name() + ", or a key of its configuration, e.g. optimizer.lr");
            }
            runs.sort(order(name));
        }
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("run", "status", "dataset", "model", "validation", "test"));
        head.addAll(show);
        rows.add(head);
        for (RunSummary r : runs) {
            rows.add(row(r, root));
        }
        print(rows, out);
        out.println("%,d run%s".formatted(runs.size(), runs.size() == 1 ? "" : "s"));
        out.flush();
        return 0;
    }

    private List<String> row(RunSummary r, Path root) {
        String metric = r.monitor().name();
        List<String> row = new ArrayList<>(List.of(root.toAbsolutePath().relativize(r.run().path()).toString(),
                r.status(), text(r, "dataset"), text(r, "model.layer") + (text(r, "model").equals("sashimi")
                        ? " in sashimi"
                        : ""),
                r.best().isEmpty() ? "" : metric + " " + text(r, "val." + metric),
                r.test().isEmpty() ? "" : metric + " " + text(r, "test." + metric)));
        show.forEach(name -> row.add(text(r, name)));
        return row;
    }

    /** A value as it is shown. */
    static String text(RunSummary r, String name) {
        Object value = r.value(name);
        return value == null ? "" : value instanceof Double d ? Html.number(d) : String.valueOf(value);
    }

    /** Columns under each other. */
    static void print(List<List<String>> rows, PrintWriter out) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        rows.forEach(r -> {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], r.get(c).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private Comparator<RunSummary> order(String name) {
        boolean loss = name.endsWith("loss");
        return Comparator.comparing((RunSummary r) -> r.value(name) == null).thenComparing((a, b) -> {
            Object x = a.value(name);
            Object y = b.value(name);
            if (x instanceof Number m && y instanceof Number n) {
                int sign = Double.compare(m.doubleValue(), n.doubleValue());
                return loss ? sign : -sign;
            }
            return String.valueOf(x).compareTo(String.valueOf(y));
        });
    }

    /** What must hold of a run. */
    private record Condition(String name, char sign, String value) {
        boolean holds(RunSummary r) {
            Object found = r.value(name);
            if (sign == '=') {
                return found != null && (String.valueOf(found).equals(value)
                        || (found instanceof Number n && Objects.equals(n.doubleValue(), number(value))));
            }
            double limit = Objects.requireNonNull(number(value));
            return found instanceof Number n && (sign == '<' ? n.doubleValue() < limit : n.doubleValue() > limit);
        }

        static @Nullable Double number(String text) {
            try {
                return Double.valueOf(text);
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    private static Condition condition(String text) {
        Matcher m = CONDITION.matcher(text);
        if (!m.matches() || (m.group(2).charAt(0) != '=' && Condition.number(m.group(3)) == null)) {
            throw new RunException("--where " + text + "; expected NAME=VALUE, NAME<NUMBER or NAME>NUMBER");
        }
        return new Condition(m.group(1).strip(), m.group(2).charAt(0), m.group(3).strip());
    }
}
