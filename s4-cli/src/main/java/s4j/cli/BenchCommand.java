package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import s4j.cli.bench.Contender;
import s4j.cli.bench.Contenders;
import s4j.cli.bench.JsonReport;
import s4j.cli.bench.Machine;
import s4j.cli.bench.MarkdownReport;
import s4j.cli.bench.Plots;
import s4j.cli.bench.Result;
import s4j.cli.bench.SideBySide;
import s4j.cli.bench.StoppedException;
import s4j.cli.bench.Work;
import s4j.cli.bench.Works;
import s4j.io.AtomicFile;
import s4j.train.config.ConfigLoader;
import s4j.train.run.RunException;

/** {@code s4 bench}: s4j, PyTorch, JAX and the official implementation side by side. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
        description = {
                "Times s4j and, where they are installed, PyTorch and JAX at the same work, in turn, in one run;",
                "with --official the official S4 too."},
        footerHeading = "%nExamples:%n", footer = {
                "  s4 bench --list                            names of all works",
                "  s4 bench --quick --json bench.json         the rows that have a figure to reach",
                "  s4 bench --only s4d/convolution --memory",
                "  s4 bench --memory --out docs/benchmarks    everything, as a page with plots",
                "  s4 bench --only block --official s4        against a checkout of state-spaces/s4 too",
                "  s4 bench --jmh DiagonalScan                JMH on single kernels (--jmh comes first)",
                "", "Let nothing else run. docs/benchmarks/README.md says how to read the results."})
final class BenchCommand implements Callable<Integer> {
    private static final int LEAST_ROUNDS = 5;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--quick", description = "Only the rows that have a figure to reach.")
    boolean quick;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only works whose name contains a match.")
    @Nullable
    String only;

    @Option(names = "--list", description = "Print the names of the works; run nothing.")
    boolean list;

    @Option(names = "--memory", description = "Peak memory too, in processes of their own (Linux).")
    boolean memory;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
            description = "Rounds of each work, at least 5 (default: ${DEFAULT-VALUE}).")
    int rounds;

    @Option(names = "--backend", paramLabel = "WORD", defaultValue = "auto",
            description = "kernel.backend of s4j: auto, simd, scalar or torch (default: ${DEFAULT-VALUE}).")
    String backend = "auto";

    @Option(names = "--python", paramLabel = "PATH", defaultValue = "python3",
            description = "The Python of the peers (default: ${DEFAULT-VALUE} on the PATH).")
    String python = "python3";

    @Option(names = "--official", paramLabel = "DIRECTORY",
            description = "A checkout of state-spaces/s4: its blocks, training steps and SaShiMi take part.")
    @Nullable
    Path official;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
    @Nullable
    Path json;

    @Option(names = "--out", paramLabel = "DIRECTORY",
            description = "Write results.md and plots into it; made if missing.")
    @Nullable
    Path directory;

    @Option(names = "--jmh", paramLabel = "REGEX",
            description = "JMH on single kernels; comes first, then JMH's options.")
    @Nullable
    String jmh;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        PrintWriter out = spec.commandLine().getOut();
        ConfigLoader configs = ConfigLoader.usual(List.of());
        List<Work> works = works(configs);
        if (list) {
            works.forEach(w -> out.println(w.name()));
            out.flush();
            return 0;
        }
        check(configs);
        List<String> warnings = new ArrayList<>(List.of(Machine.load()));
        try (Contenders contenders = Contenders.unpack(); Contender ours = Contenders.ours(backend)) {
            warnings.add(Contenders.checkCoreType(backend));
            warnings.removeIf(String::isEmpty);
            List<Contender> peers = started(ours, contenders.peers(python, official));
            Map<String, String> facts = facts(ours, peers, warnings);
            facts.forEach((name, value) -> out.println(name + ": " + value));
            out.flush();
            List<Contender> present = peers.stream().filter(p -> p.absent() == null).toList();
            SideBySide sides = new SideBySide(ours, present, rounds, memory);
            List<Result> results = new ArrayList<>();
            try {
                for (Work work : works) {
                    Result result = sides.run(work);
                    results.add(result);
                    print(out, result);
                    write(facts, results); // a long run that is stopped leaves what it has
                }
            } finally {
                peers.forEach(Contender::close);
            }
        } catch (StoppedException e) {
            throw new RunException("bench: " + e.getMessage());
        }
        return 0;
    }

    private List<Work> works(ConfigLoader configs) {
        List<Work> all = Works.all(configs, quick);
        if (only == null) {
            return all;
        }
        try {
            List<Work> chosen = Works.only(all, Pattern.compile(only));
            if (chosen.isEmpty()) {
                throw new RunException("no work matches --only " + only + "; s4 bench --list shows all, e.g. "
                        + all.getFirst().name());
            }
            return chosen;
        } catch (PatternSyntaxException e) {
            throw new RunException("--only " + only + " is no regular expression: " + e.getDescription());
        }
    }

    private void check(ConfigLoader configs) throws IOException {
        if (jmh != null) {
            throw new RunException("--jmh " + jmh + " is for the launcher and comes first: ./s4 bench --jmh " + jmh
                    + " [JMH's options]. Without the launcher see docs/benchmarks/README.md");
        }
        if (rounds < LEAST_ROUNDS) {
            throw new RunException("--rounds " + rounds + "; expected at least " + LEAST_ROUNDS);
        }
        configs.load(List.of("pipeline=mnist", "kernel.backend=" + backend));
        Destinations.over().and("--json", json);
        String missing = official == null ? null : Contenders.checkOfficial(official);
        if (missing != null) {
            throw new RunException("--official " + official + ": " + missing + ". See docs/benchmarks/README.md");
        }
        if (directory != null) {
            create(directory);
        }
    }

    /** The last step of its path alone: more would rather be a mistake than a wish. */
    static void create(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new RunException("--out " + directory + ": no directory " + parent + "; create it first");
        }
        Destinations.directory("--out", directory);
    }

    private static List<Contender> started(Contender ours, List<Contender> peers) {
        ours.start();
        if (ours.absent() != null) {
            throw new RunException("s4j's own process cannot take part: " + ours.absent());
        }
        peers.forEach(Contender::start);
        return peers;
    }

    private Map<String, String> facts(Contender ours, List<Contender> peers, List<String> warnings) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneId.systemDefault()).toString());
        facts.put("machine", Machine.describe());
        facts.put("s4j", s4j.io.Version.current() + ", Java " + Runtime.version() + ", " + ours.description());
        for (Contender peer : peers) {
            facts.put(peer.name(), peer.absent() == null
                    ? peer.description()
                    : "absent: " + peer.absent() + " (" + python + "; see --python)");
        }
        facts.put("rounds", rounds + " in turn, after warm-up");
        for (int i = 0; i < warnings.size(); i++) {
            facts.put("note" + (i == 0 ? "" : " " + (i + 1)), warnings.get(i));
        }
        return facts;
    }

    private static void print(PrintWriter out, Result r) {
        out.printf(Locale.ROOT, "%n%s%n", r.work().name());
        line(out, "s4j", r.ours(), "");
        r.peers().forEach((peer, entry) -> {
            Double ratio = r.ratio(peer);
            line(out, peer, entry, ratio == null
                    ? ""
                    : String.format(Locale.ROOT, "  %.2f × (%s)", ratio,
                            r.standing(peer).name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        });
        r.peers().keySet().forEach(peer -> r.notes(peer).forEach(n -> out.println("  note: " + n)));
        out.flush();
    }

    private static void line(PrintWriter out, String name, Result.Entry e, String ratio) {
        String megabytes = e.megabytes() == null ? "" : String.format(Locale.ROOT, "  %,.0f MB", e.megabytes());
        out.printf(Locale.ROOT, "  %-8s %s%s%s%n", name, e.timing(), ratio, megabytes);
    }

    private void write(Map<String, String> facts, List<Result> results) throws IOException {
        if (json != null) {
            write(json, JsonReport.of(results));
        }
        if (directory != null) {
            Map<String, String> plots = new LinkedHashMap<>();
            for (Plots.Plot plot : Plots.of(results)) {
                write(directory.resolve(plot.file()), plot.svg());
                plots.put(plot.file(), plot.title());
            }
            write(directory.resolve("results.md"), MarkdownReport.of(facts, results, plots));
        }
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }
}
