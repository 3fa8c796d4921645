package s4j.train.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.io.AtomicFile;
import s4j.io.InputFile;
import s4j.train.LearnerFactory;
import s4j.train.StopRequest;
import s4j.train.config.TrainConfig;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;
import s4j.train.task.Metric;
import s4j.train.task.Tasks;

/**
 * A sweep from its plan to its page. Below its directory: {@code plan.txt}, {@code runs/001-KEY=VALUE…} (runs like any other), {@code
 * sweep.csv}, {@code sweep.html}. Started again in the same directory it goes on where it ended. The best run is chosen by
 * validation; the test split of that one alone is shown.
 */
public final class Sweep {
    private static final int LONGEST_NAME = 100;

    private final Job job;
    private final Members members;

    /** Reads the data set of a configuration. */
    @FunctionalInterface
    public interface Data {
        Dataset load(DatasetConfig config) throws IOException;
    }

    /**
     * What to do.
     *
     * @param configs of the runs, in the order of {@link SweepPlan#combinations}
     * @param data reads a data set; each is read once
     * @param directory where to write
     * @param version of s4j
     */
    public record Job(SweepPlan plan, List<TrainConfig> configs, Data data, LearnerFactory learners, Path directory,
            String version) {}

    /** A sweep that prints its progress. */
    public Sweep(Job job, PrintWriter out, StopRequest stop) {
        this.job = job;
        this.members = new Members(job.learners, job.version, out, stop);
    }

    /**
     * Runs it, or goes on with it.
     *
     * @return the page; null when it was stopped
     * @throws RunException when the directory holds another sweep
     */
    public @Nullable Path run() throws IOException {
        claim();
        Map<DatasetConfig, Dataset> sets = new HashMap<>();
        List<Result> results = new ArrayList<>();
        Metric monitor = null;
        try {
            for (int i = 0; i < job.configs.size(); i++) {
                TrainConfig config = job.configs.get(i);
                Dataset data = sets.get(config.dataset());
                if (data == null) {
                    data = job.data.load(config.dataset());
                    sets.put(config.dataset(), data);
                }
                Metric own = Tasks.of(config.resolved(data).task()).monitor();
                if (monitor == null) {
                    monitor = own;
                } else if (!own.equals(monitor)) {
                    throw new RunException("sweep: run %d is judged by %s, the first by %s; expected one metric for all"
                            .formatted(i + 1, own.name(), monitor.name()));
                }
                Member member = member(i, config.resolved(data));
                members.say("run %d of %d".formatted(i + 1, job.configs.size()));
                results.add(members.result(member, data, monitor));
                new SweepPage(job.plan, results, monitor).write(job.directory);
            }
        } catch (Stopped e) {
            members.say("stopped; the same command with run.dir=" + job.directory + " goes on from here");
            return null;
        }
        return job.directory.resolve(SweepPage.PAGE);
    }

    private void claim() throws IOException {
        Path plan = job.directory.resolve("plan.txt");
        String words = job.plan.fingerprint();
        if (Files.exists(plan) && !InputFile.text(plan).equals(words)) {
            throw new RunException("run.dir=%s holds another sweep: got %s; expected %s. Choose another run.dir"
                    .formatted(job.directory, words.strip(), InputFile.text(plan).strip()));
        }
        RunDirectory.make(job.directory);
        AtomicFile.write(plan, words);
    }

    private Member member(int index, TrainConfig config) {
        String title = String.join(" ", job.plan.own(job.plan.combinations().get(index)));
        String name = "%03d-%s".formatted(index + 1, title.replaceAll("[^A-Za-z0-9._=-]+", "-"));
        Path run = job.directory.resolve("runs").resolve(name.substring(0, Math.min(LONGEST_NAME, name.length())));
        ConfigTree tree = config.tree().with("run.dir", ConfigTree.of(run.toString(), new Origin("sweep")));
        return new Member(title, title, config.optimizer().lr(), config.train().seed(), TrainConfig.of(tree),
                new RunDirectory(run));
    }
}
