package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.data.Dataset;
import s4j.train.StopRequest;
import s4j.train.compare.Comparison;
import s4j.train.compare.Plan;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;
import s4j.train.run.RunDirectory;

/** {@code s4 compare}: several models in the same rooms. */
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false, sortSynopsis = false,
        description = "Trains several models of one size with the same budget and compares accuracy, speed and memory.",
        footerHeading = "%nKeys of its own:%n", footer = {
                "  models=s4,lstm,…       files of configs/model, two or more",
                "  budget.params=N        parameters of each, within 3 %%; else as many as the first has",
                "  budget.minutes=M       of training for each run, or",
                "  budget.epochs=E        epochs of each run; else the pipeline's",
                "  seeds=3                runs of each model at its best learning rate",
                "  growth=16384           longest sequence of the curves of time and memory; 0: no curves",
                "  run.dir=DIRECTORY      where it is kept; the same command goes on after an interruption",
                "",
                "Each model tries 0.3, 1 and 3 times the pipeline's learning rate; validation alone chooses.",
                "",
                "Examples:",
                "  s4 compare pipeline=mnist models=s4,s4d,lstm,transformer budget.params=50000 budget.minutes=10",
                "  s4 compare pipeline=series dataset.path=FOLDER models=s4d,gru,tcn budget.epochs=30 run.dir=runs/mine"})
final class CompareCommand implements Callable<Integer> {
    private static final int STOPPED = 130;

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "KEY=VALUE", description = "As for s4 train, and the keys below.")
    List<String> words = List.of();

    @Option(names = "--config-dir", paramLabel = "DIRECTORY",
            description = "Look for group files here first. May be repeated.")
    List<Path> configDirectories = List.of();

    CompareCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        PrintWriter out = spec.commandLine().getOut();
        Plan plan = Plan.of(words);
        ConfigLoader loader = ConfigLoader.usual(configDirectories);
        Map<String, TrainConfig> configs = new LinkedHashMap<>();
        for (String model : plan.models()) { // all of them before any is trained
            List<String> one = new ArrayList<>(plan.training());
            one.add("model=" + model);
            configs.put(model, loader.load(one));
        }
        TrainConfig first = configs.values().iterator().next();
        Dataset data = parts.datasets().load(first.dataset(), out::println);
        Path directory = plan.directory() != null
                ? plan.directory()
                : RunDirectory.fresh(Path.of("runs"), LocalDateTime.now(ZoneId.systemDefault()),
                        "compare-" + first.dataset().name()).path();
        out.println("comparison in " + directory);
        try (StopRequest stop = StopRequest.onSignals()) {
            Comparison comparison = new Comparison(
                    new Comparison.Job(plan, configs, data, parts.learners(), directory, s4j.io.Version.current()), out,
                    stop);
            Path report = comparison.run();
            if (report == null) {
                return STOPPED;
            }
            out.println("report: " + report);
            out.flush();
            return comparison.failed() ? 1 : 0;
        }
    }
}
