package s4j.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.Dataset;
import s4j.io.AtomicFile;
import s4j.io.Json;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.torch.Learner;
import s4j.torch.distributed.Group;
import s4j.train.config.TrainConfig;
import s4j.train.mlflow.MlflowRun;
import s4j.train.run.Checkpoint;
import s4j.train.run.MetricsLog;
import s4j.train.run.Position;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;
import s4j.train.task.Evaluation;
import s4j.train.task.Metric;
import s4j.train.task.Task;
import s4j.train.task.Tasks;

/**
 * One run, from its configuration to the model file: trains, validates after each epoch, tests the weights of the best
 * validation, writes the run directory.
 */
public final class Trainer {
    private final Job job;
    private final PrintWriter out;
    private final boolean terminal;
    private final StopRequest stop;

    /**
     * What to do.
     *
     * @param config resolved
     * @param data set to train on
     * @param learners makes the network
     * @param run where to write
     * @param from checkpoint to continue; null: a new run
     * @param anyMachine continue although the bits will differ
     * @param version of s4j
     * @param group the workers that train together; rank 0 writes and speaks for all
     */
    public record Job(ResolvedConfig config, Dataset data, LearnerFactory learners, RunDirectory run,
            @Nullable Path from,
            boolean anyMachine, String version, Group group) {
        /** One worker alone. */
        public Job(ResolvedConfig config, Dataset data, LearnerFactory learners, RunDirectory run, @Nullable Path from,
                boolean anyMachine, String version) {
            this(config, data, learners, run, from, anyMachine, version, Group.alone());
        }
    }

    /**
     * A run that has not begun.
     *
     * @param terminal whether {@code out} is a terminal, on which progress may be written over
     * @param stop asks it to save and end
     */
    public Trainer(Job job, PrintWriter out, boolean terminal, StopRequest stop) {
        this.job = job;
        this.out = job.group.leads() ? out : Nowhere.writer();
        this.terminal = terminal && job.group.leads();
        this.stop = stop;
    }

    /**
     * Runs to the end, or until stopped.
     *
     * @throws RunException when it cannot start: nothing has been changed then
     * @throws DivergedException when the loss or a gradient is not finite
     */
    public Outcome run() throws IOException {
        TrainConfig config = job.config.values();
        Agreement.onRun(job.group, job.config, job.data, job.from != null);
        Feed.Splits feeds = Feed.Splits.of(job.data, config, division());
        Checkpoint from = job.from == null ? null : SharedCheckpoint.read(job.group, job.from);
        if (from != null) {
            Continuation.checkConfig(from, config, job.config.json(), job.group.size(), job.anyMachine);
            Continuation.checkData(from, job.data.hash());
        } else if (job.group.leads()) {
            job.run.requireFree();
        }
        try (Learner learner = learner(config)) {
            if (from != null) {
                Continuation.checkMachine(from, learner.fingerprint(), job.anyMachine);
                if (!from.fingerprint().equals(learner.fingerprint())) {
                    out.println("note: the checkpoint is of [" + from.fingerprint() + "]; this run, of [" + learner
                            .fingerprint() + "], does not go on to the same bits");
                }
                restore(learner, from);
            }
            Agreement.onNetwork(job.group, learner, job.anyMachine);
            long bytes = learner.trainingState().values().stream().mapToLong(TensorData::byteSize).sum();
            if (!job.group.leads()) {
                return run(learner, feeds, from);
            }
            job.run.prepare(bytes);
            try (FileChannel _ = job.run.lock()) {
                return run(learner, feeds, from);
            }
        }
    }

    private Division division() { return Division.of(job.group, job.config.values().trainer()); }

    private Learner learner(TrainConfig config) {
        try {
            return job.learners.create(config.network(job.data), config.learnerOptions(job.data));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConfigException("model: " + e.getMessage(), e);
        }
    }

    private void restore(Learner learner, Checkpoint from) throws MalformedFileException {
        try {
            learner.restore(from.state());
        } catch (RuntimeException e) { // whatever a damaged state makes of a library
            throw new MalformedFileException(job.from + ": its state does not fit its configuration: " + e.getMessage()
                    + ". The checkpoint is damaged; go on from another one", e);
        }
    }

    private Outcome run(Learner learner, Feed.Splits feeds, @Nullable Checkpoint from) throws IOException {
        TrainConfig config = job.config.values();
        Position start = from == null ? Position.START : from.position();
        if (from != null && job.from != null && job.group.leads()) {
            adopt(RunDirectory.ofCheckpoint(job.from));
        }
        if (job.group.leads()) {
            AtomicFile.write(job.run.config(), job.config.tree().toYaml());
        }
        new StartLines(config, job.data, feeds, learner, job.run, division()).print(out, start);
        Task task = Tasks.of(config.task());
        Progress progress = new Progress(out, terminal, RunLength.of(config.trainer(), feeds.train().count()), task);
        Metric leading = task.leading();
        MetricsLog.Columns columns = new MetricsLog.Columns(leading == null ? null : leading.name(),
                config.task().metrics());
        try (MetricsLog log = job.group.leads()
                ? MetricsLog.open(job.run, start.files(), start.step(), columns, config.run().tensorboard())
                : null;
                MlflowRun mlflow = log == null
                        ? null
                        : MlflowRun.begin(config.run(), job.run, job.from != null,
                                Continuation.flatten(job.config.json()),
                                System.getenv(), progress::line)) {
            if (log == null || mlflow == null) {
                return run(learner, feeds, start, log, progress, task);
            }
            log.follow(mlflow::row);
            Outcome outcome = run(learner, feeds, start, log, progress, task);
            mlflow.ended(outcome instanceof Outcome.Stopped ? MlflowRun.End.KILLED : MlflowRun.End.FINISHED);
            return outcome;
        }
    }

    private Outcome run(Learner learner, Feed.Splits feeds, Position start, @Nullable MetricsLog log,
            Progress progress, Task task) throws IOException {
        TrainConfig config = job.config.values();
        TrainingLoop loop = new TrainingLoop(config, learner, feeds, job.data.targets(),
                new TrainingLoop.Output(job.run, log, progress, stop, job.group),
                new TrainingLoop.Stamp(Json.print(job.config.json()), learner.fingerprint(), job.data.hash()),
                job.from == null ? null : start.step());
        Position end = trained(loop, start);
        if (end == null) {
            return stopped(progress);
        }
        learner.restore(SharedCheckpoint.read(job.group, job.run.best()).state());
        Evaluation test = loop.evaluate("test", feeds.test());
        boolean calibrates = task.calibrates() && feeds.validation().count() > 0;
        Evaluation validation = test != null && calibrates
                ? loop.evaluate("validation", feeds.validation())
                : null;
        if (test == null || (calibrates && validation == null)) {
            return stopped(progress);
        }
        if (log == null) { // rank 0 does the rest, and asks nothing of the others
            return new Outcome.Finished(job.run, test);
        }
        log.write(loop.row("test", end.epoch(), end.step(), test));
        log.force();
        test = task.compared(test, job.data, feeds.test()::batches);
        Map<String, TensorData> correction = Map.of();
        if (validation != null) {
            Task.Calibrated calibrated = task.calibrated(validation, test);
            test = calibrated.test();
            correction = calibrated.tensors();
        }
        test.baselines().forEach(progress::line);
        new Results(job, learner, correction).write(end, test);
        progress.line("model: " + job.run.model());
        progress.line("report: " + job.run.report());
        return new Outcome.Finished(job.run, test);
    }

    private @Nullable Position trained(TrainingLoop loop, Position start) throws IOException {
        try {
            return loop.run(start);
        } catch (IOException e) {
            String saved = Files.exists(job.run.last())
                    ? job.run.last() + " is whole; mend the cause, then ./s4 train --resume run.dir=" + job.run.path()
                    : "no checkpoint was written yet";
            throw new IOException("training stopped, writing failed: " + RunDirectory.reason(e) + ". " + saved, e);
        }
    }

    private Outcome stopped(Progress progress) {
        progress.line("stopped; saved " + job.run.last());
        progress.line("continue with: ./s4 train --resume run.dir=" + job.run.path());
        return new Outcome.Stopped(job.run);
    }

    /** Continuing in another directory begins with a copy of what the first one had: metrics and the best weights. */
    private void adopt(RunDirectory old) throws IOException {
        if (Files.isSameFile(old.path(), job.run.path())) {
            return;
        }
        job.run.requireFree();
        copy(old.metricsCsv(), job.run.metricsCsv());
        copy(old.metricsJsonl(), job.run.metricsJsonl());
        if (Files.exists(old.timingCsv())) {
            copy(old.timingCsv(), job.run.timingCsv());
        }
        if (Files.exists(old.best())) {
            copy(old.best(), job.run.best());
        }
    }

    private static void copy(Path from, Path to) throws IOException { AtomicFile.copy(from, to); }
}
