package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.train.StopRequest;
import s4j.train.compare.Sweep;
import s4j.train.compare.SweepPlan;
import s4j.train.config.ConfigLoader;
import s4j.train.config.OfficialWords;
import s4j.train.config.TrainConfig;
import s4j.train.run.RunDirectory;

/** {@code s4 sweep}: every combination of some values. */
@Command(name = "sweep", mixinStandardHelpOptions = true, sortOptions = false, sortSynopsis = false,
        description = "Trains every combination of the values that are given for some keys, one after the other, and chooses by validation.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 sweep pipeline=mnist model=s4d optimizer.lr=0.001,0.004 model.d_model=64,128 run.dir=runs/sizes",
                "  s4 sweep -m model=s4,s4d,lstm train.seed=1,2,3      -m, as Hydra's users write it, changes nothing",
                "",
                "The same command with the same run.dir goes on after an interruption. sweep.html has a table, parallel",
                "coordinates and curves; the test split of the best run by validation alone is shown."})
final class SweepCommand implements Callable<Integer> {
    private static final int STOPPED = 130;

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "KEY=V1,V2",
            description = "As for s4 train; keys with several values are swept over. Commas within [ ] belong to one value.")
    List<String> words = List.of();

    @Option(names = {"-m", "--multirun"}, description = "Accepted for habit's sake.")
    boolean multirun;

    @Option(names = "--config-dir", paramLabel = "DIRECTORY",
            description = "Look for group files here first. May be repeated.")
    List<Path> configDirectories = List.of();

    SweepCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        PrintWriter out = spec.commandLine().getOut();
        SweepPlan plan = SweepPlan.of(words);
        ConfigLoader loader = ConfigLoader.usual(configDirectories);
        List<TrainConfig> configs = new ArrayList<>();
        for (List<String> combination : plan.combinations()) { // all of them before any is trained
            List<String> one = new ArrayList<>(plan.words());
            one.addAll(plan.own(combination));
            configs.add(loader.load(OfficialWords.translate(one, line -> {})));
        }
        Path directory = plan.directory() != null
                ? plan.directory()
                : RunDirectory.fresh(Path.of("runs"), LocalDateTime.now(ZoneId.systemDefault()),
                        "sweep-" + configs.getFirst().dataset().name()).path();
        out.println("sweep of %,d runs in %s".formatted(configs.size(), directory));
        try (StopRequest stop = StopRequest.onSignals()) {
            Path page = new Sweep(new Sweep.Job(plan, configs, config -> parts.datasets().load(config, out::println),
                    parts.learners(), directory, s4j.io.Version.current()), out, stop).run();
            if (page == null) {
                return STOPPED;
            }
            out.println("report: " + page);
            out.flush();
            return 0;
        }
    }
}
