package s4j.train.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.io.AtomicFile;
import s4j.io.InputFile;
import s4j.train.LearnerFactory;
import s4j.train.StopRequest;
import s4j.train.config.TrainConfig;
import s4j.train.config.Yaml;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;
import s4j.train.task.Metric;
import s4j.train.task.Task;
import s4j.train.task.Tasks;

/**
 * A comparison from its plan to its report. Below its directory: {@code plan.txt}, {@code models/NAME.yaml} (sized), {@code
 * runs/NAME-lr…-seed…} (runs like any other), {@code growth/}, then {@code report.html}, CSV tables and SVG charts. Started
 * again in the same directory it goes on where it ended: what is finished is read, what was in progress is resumed.
 */
public final class Comparison {
    private static final long FIRST_SEED = 1;
    /** More epochs than a budget of minutes will hold. */
    private static final int MANY = 1_000_000;

    private final Job job;
    private final PrintWriter out;
    private final StopRequest stop;
    private boolean failed;

    /**
     * What to do.
     *
     * @param plan what to compare
     * @param configs of the models as they are configured, by name, in order
     * @param data set of all of them
     * @param learners makes networks
     * @param directory where to write
     * @param version of s4j
     */
    public record Job(Plan plan, Map<String, TrainConfig> configs, Dataset data, LearnerFactory learners,
            Path directory, String version) {}

    /** A comparison that has not begun. */
    public Comparison(Job job, PrintWriter out, StopRequest stop) {
        this.job = job;
        this.out = out;
        this.stop = stop;
    }

    /**
     * Runs to the end.
     *
     * @return the report; null when it was stopped
     * @throws RunException when the directory holds another comparison
     */
    public @Nullable Path run() throws IOException {
        claim();
        try {
            List<Standing> standings = standings();
            failed = standings.stream().allMatch(s -> s.runs().isEmpty());
            List<Growth.Point> growth = growth(standings);
            return new ComparisonReport(job, task(), standings, growth).write();
        } catch (Stopped e) {
            say("stopped; the same command with run.dir=" + job.directory + " goes on from here");
            return null;
        }
    }

    /** Whether no model was trained: the report says why of each. */
    public boolean failed() { return failed; }

    private Task task() { return Tasks.of(first().resolved(job.data).task()); }

    private TrainConfig first() { return job.configs.values().iterator().next(); }

    private void claim() throws IOException {
        Path plan = job.directory.resolve("plan.txt");
        String words = job.plan.fingerprint();
        if (Files.exists(plan) && !InputFile.text(plan).equals(words)) {
            throw new RunException("run.dir=%s holds another comparison: got %s; expected %s. Choose another run.dir"
                    .formatted(job.directory, words.strip(), InputFile.text(plan).strip()));
        }
        RunDirectory.make(job.directory.resolve("models"));
        AtomicFile.write(plan, words);
    }

    private List<Standing> standings() throws IOException {
        Map<String, Sizing> sizes = new LinkedHashMap<>();
        Map<String, String> failures = new LinkedHashMap<>();
        Long budget = job.plan.params();
        for (String model : job.plan.models()) {
            try {
                Sizing sizing = sized(model, budget);
                budget = budget == null ? Long.valueOf(sizing.parameters()) : budget;
                sizes.put(model, sizing);
                say(String.format(Locale.ROOT, "%s: %,d parameters, %s", model, sizing.parameters(),
                        sizing.config().model().size()));
            } catch (RuntimeException | OutOfMemoryError e) {
                failures.put(model, Members.reason(e));
                say(model + ": " + Members.reason(e));
            }
        }
        List<Standing> standings = new ArrayList<>();
        for (String model : job.plan.models()) {
            Sizing sizing = sizes.get(model);
            standings.add(sizing == null
                    ? Standing.failed(model, null, List.of(), String.valueOf(failures.get(model)))
                    : standing(model, sizing));
        }
        return standings;
    }

    /** The model at its size with its budget, as it was when the comparison began. */
    private Sizing sized(String model, @Nullable Long budget) throws IOException {
        Path file = file(model);
        if (Files.exists(file)) {
            TrainConfig before = TrainConfig.of(Yaml.read(InputFile.text(file), file.toString()));
            return Sizing.of(model, before, job.data, job.learners, null);
        }
        TrainConfig config = java.util.Objects.requireNonNull(job.configs.get(model)).resolved(job.data);
        Sizing sizing = Sizing.of(model, config, job.data, job.learners, budget);
        TrainConfig given = sizing.config();
        if (job.plan.epochs() != null) {
            given = TrainConfig.of(given.tree().with("trainer.max_epochs", budget(job.plan.epochs())));
        }
        if (job.plan.minutes() != null) {
            given = TrainConfig.of(given.tree().with("trainer.max_minutes", budget(job.plan.minutes()))
                    .with("trainer.max_epochs", budget(MANY)).without("scheduler.num_training_steps"));
        }
        AtomicFile.write(file, given.toYaml());
        return new Sizing(given, sizing.parameters());
    }

    private static ConfigTree budget(Object value) { return ConfigTree.of(value, new Origin("budget")); }

    private Path file(String model) { return job.directory.resolve("models").resolve(model + ".yaml"); }

    private Standing standing(String model, Sizing sizing) throws IOException {
        List<Result> tried = new ArrayList<>();
        for (double factor : Plan.RATES) {
            tried.add(result(Member.of(model, sizing.config(), factor, FIRST_SEED, job.directory)));
        }
        Metric monitor = task().monitor();
        Result best = null;
        for (Result r : tried) {
            if (r.failure() == null && (best == null || monitor.better(r.validation(), best.validation()))) {
                best = r;
            }
        }
        if (best == null) {
            return Standing.failed(model, sizing, tried, String.valueOf(tried.getFirst().failure()));
        }
        double factor = Plan.RATES.get(tried.indexOf(best));
        List<Result> runs = new ArrayList<>(List.of(best));
        for (int i = 1; i < job.plan.seeds(); i++) {
            runs.add(result(Member.of(model, sizing.config(), factor, FIRST_SEED + i, job.directory)));
        }
        try {
            Speeds speeds = Speeds.of(best.member().run().model(), job.data.test());
            Growth.Point peak = job.plan.lengths().isEmpty()
                    ? null
                    : growth().point(model, file(model), Growth.Kind.TRAIN, job.data.lMax(),
                            sizing.config().loader().batchSize());
            return new Standing(model, sizing, tried, runs, speeds, peak, null);
        } catch (RuntimeException | OutOfMemoryError e) {
            return new Standing(model, sizing, tried, runs, null, null, Members.reason(e));
        }
    }

    private Result result(Member member) throws IOException {
        return members().result(member, job.data, task().monitor());
    }

    private Members members() { return new Members(job.learners, job.version, out, stop); }

    private Growth growth() { return new Growth(job.directory.resolve("growth"), stop); }

    private List<Growth.Point> growth(List<Standing> standings) throws IOException {
        List<Growth.Point> points = new ArrayList<>();
        for (Standing s : standings) {
            for (Growth.Kind kind : Growth.Kind.values()) {
                if (s.sizing() == null || job.plan.lengths().isEmpty()) {
                    continue;
                }
                say("%s: growth of a %s".formatted(s.model(), kind.title()));
                points.addAll(growth().curve(s.model(), file(s.model()), kind, job.plan.lengths()));
                if (stop.requested()) {
                    throw new Stopped();
                }
            }
        }
        return points;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
