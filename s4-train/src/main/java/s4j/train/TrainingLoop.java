package s4j.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.torch.Learner;
import s4j.torch.Scorer;
import s4j.torch.distributed.Group;
import s4j.train.config.TrainConfig;
import s4j.train.run.Checkpoint;
import s4j.train.run.MetricsLog;
import s4j.train.run.MetricsLog.Row;
import s4j.train.run.Position;
import s4j.train.run.RunDirectory;
import s4j.train.run.Running;
import s4j.train.schedule.Plateau;
import s4j.train.schedule.Schedule;
import s4j.train.task.Evaluation;
import s4j.train.task.Evaluator;
import s4j.train.task.Metric;
import s4j.train.task.Task;
import s4j.train.task.Tasks;

/**
 * The loop itself: steps, validation after each epoch, metrics, checkpoints. Everything that decides what comes next is
 * in the {@link Position} and the learner; this class holds only what a continued run has anew.
 */
final class TrainingLoop {
    /** How much work a crash may cost at most, when steps are slow. */
    private static final long SAVE_NANOS = 120_000_000_000L;
    private static final double MOST_MARGIN = 0.2;

    private final TrainConfig config;
    private final Learner learner;
    private final Feed.Splits feeds;
    private final Task task;
    private final TargetSpec targets;
    private final RunDirectory run;
    private final @Nullable MetricsLog log;
    private final Group group;
    private final Progress progress;
    private final Stamp stamp;
    private final StopRequest stop;
    private final RunLength length;
    private double trained;
    private long lastSave = System.nanoTime();
    private @Nullable Long savedStep;

    /** What every checkpoint of a run has in common. */
    record Stamp(String config, String fingerprint, String dataHash) {}

    /**
     * Where and how a run reports.
     *
     * @param log null at workers that do not write
     */
    record Output(RunDirectory run, @Nullable MetricsLog log, Progress progress, StopRequest stop, Group group) {}

    TrainingLoop(TrainConfig config, Learner learner, Feed.Splits feeds, TargetSpec targets, Output output,
            Stamp stamp, @Nullable Long savedStep) {
        this.config = config;
        this.task = Tasks.of(config.task());
        this.learner = learner;
        this.feeds = feeds;
        this.targets = targets;
        this.run = output.run;
        this.log = output.log;
        this.progress = output.progress;
        this.stop = output.stop;
        this.group = output.group;
        this.stamp = stamp;
        this.savedStep = savedStep;
        this.length = RunLength.of(config.trainer(), feeds.train().count());
    }

    /** Trains from {@code p} to the end; null when it was stopped, after saving. */
    @Nullable
    Position run(Position p) throws IOException {
        trained = p.trained();
        boolean validate = feeds.validation().count() > 0;
        if (p.step() == 0 && validate && task.startCounts()) {
            Evaluation start = evaluate("validation", feeds.validation());
            if (start == null) {
                save(p);
                return null;
            }
            p = start(p, start);
        }
        while (length.goesOn(p)) {
            p = trainEpoch(p);
            Evaluation validation = validate ? evaluate("validation", feeds.validation()) : null;
            if (stopping()) {
                save(p);
                return null;
            }
            p = endEpoch(p, validation);
        }
        return p;
    }

    /** What the network is before any step is the first best: training may have nothing to add. */
    private Position start(Position p, Evaluation validation) throws IOException {
        Position next = p.started(new Position.Best(0, validation.metrics()));
        write(next, run.best());
        progress.line("start: " + task.words("validation", validation.metrics()));
        return next;
    }

    private Position trainEpoch(Position p) throws IOException {
        progress.start(p.batch());
        while (p.batch() < feeds.train().count() && !length.timeIsOver(p) && !stopping()) {
            long start = System.nanoTime();
            List<SequenceBatch> parts = feeds.train().parts(p.epoch(), p.batch());
            double factor = Schedule.factor(config.scheduler(), config.optimizer().lr(), length.at(p));
            Learner.StepResult result = step(parts, factor, p);
            // the slowest worker's time and rank 0's clock count for all, so that all do the same next
            double[] agreed = group.max((System.nanoTime() - start) / 1e9, group.leads() && saveIsDue() ? 1 : 0);
            double seconds = agreed[0];
            trained += seconds;
            p = p.plus(result, length.limited() ? seconds : 0);
            double lr = config.optimizer().lr() * factor;
            progress.step(p, parts, group.size(), lr);
            if (p.interval().steps() >= config.trainer().logEveryNSteps()) {
                Running r = p.interval();
                log(new Row("train", p.epoch() + 1, p.step(), lr, r.gradientNorm(), task.ofTraining(r)));
                time(p);
                p = p.logged();
            }
            Integer every = config.trainer().checkpointEveryNSteps();
            if ((every != null && p.step() % every == 0) || agreed[1] > 0) {
                save(p);
            }
        }
        return p;
    }

    private boolean saveIsDue() { return System.nanoTime() - lastSave > SAVE_NANOS; }

    /** Whether any worker was asked to stop; asked by all at the same points of the loop. */
    boolean stopping() {
        return group.max(stop.requested() ? 1 : 0)[0] > 0;
    }

    private void log(Row row) throws IOException {
        if (log != null) {
            log.write(row);
        }
    }

    private void time(Position p) throws IOException {
        if (log != null) {
            log.time(p.step(), progress.seconds(), progress.rate(), trained);
        }
    }

    private Learner.StepResult step(List<SequenceBatch> parts, double factor, Position p) {
        try {
            return learner.trainStep(parts, factor);
        } catch (Learner.NonFiniteException e) {
            String last = savedStep == null
                    ? "No checkpoint was written yet"
                    : "The last good checkpoint is " + run.last() + " (step " + savedStep + ")";
            throw new DivergedException(
                    "training stopped at step %d (epoch %d, batch %d): %s. %s. Lower optimizer.lr or"
                            .formatted(p.step() + 1, p.epoch() + 1, p.batch() + 1,
                                    String.valueOf(e.getMessage()).replaceFirst("\\.$", ""), last)
                            + " trainer.gradient_clip_val, or lengthen the warm-up",
                    e);
        }
    }

    /** Without a validation every epoch counts as the best, so the last one is tested. */
    private Position endEpoch(Position p, @Nullable Evaluation validation) throws IOException {
        Running r = p.epochSums();
        int epoch = p.epoch() + 1;
        log(new Row("epoch", epoch, p.step(), null, r.gradientNorm(), task.ofTraining(r)));
        Position.Best best = p.best();
        Plateau plateau = p.plateau();
        if (validation != null) {
            log(row("val", epoch, p.step(), validation));
            plateau = plateau.next(config.scheduler(), config.optimizer().lr(),
                    validation.metric(task.monitor().name()), task.monitor().higherIsBetter());
        }
        time(p);
        boolean better = validation == null || best == null
                || (task.monitor().better(validation.metrics(), best.metrics())
                        && (best.epoch() > 0 || outdoes(validation, best)));
        if (better) {
            best = new Position.Best(epoch, validation == null ? task.ofTraining(r) : validation.metrics());
        }
        Position next = p.nextEpoch(best, plateau);
        if (better) {
            write(next, run.best());
        }
        save(next);
        String validated = validation == null
                ? "no validation"
                : task.words("validation", validation.metrics()) + (better ? ", the best so far" : "");
        progress.line("epoch %s: %s; %s  (%s)".formatted(length.words(p, epoch),
                task.words("train", task.ofTraining(r)), validated, Progress.duration((long) progress.seconds())));
        return next;
    }

    /**
     * Whether training gained more on the network as it was before any step than few sequences leave to chance: a share of 2 / n of its
     * loss.
     */
    private boolean outdoes(Evaluation validation, Position.Best start) {
        double before = start.metrics().getOrDefault(Metric.LOSS.name(), Double.NaN);
        double margin = Math.min(MOST_MARGIN, 2.0 / feeds.validation().set().size());
        return validation.loss() < before - margin * Math.abs(before);
    }

    /** The line of a split in the metrics. */
    Row row(String split, int epoch, long step, Evaluation e) {
        return new Row(split, epoch, step, null, null, e.metrics());
    }

    /** Evaluates a split; null when it was stopped. */
    @Nullable
    Evaluation evaluate(String what, Feed feed) {
        Evaluator evaluator = task.evaluator(targets, feed.set());
        Scorer scorer = SharedScorer.of(learner, group, feed);
        for (int i = 0; i < feed.count(); i++) {
            if (stopping()) {
                return null;
            }
            evaluator.add(feed.get(0, i), scorer, Evaluator.Watcher.NOBODY);
            progress.note("%s %d/%d".formatted(what, i + 1, feed.count()));
        }
        return evaluator.result();
    }

    private void save(Position p) throws IOException {
        write(p, run.last());
        savedStep = p.step();
        lastSave = System.nanoTime();
    }

    /** All workers have something in a checkpoint; one writes it. */
    private void write(Position p, Path file) throws IOException {
        Map<String, s4j.io.TensorData> state = learner.trainingState();
        if (log != null) {
            new Checkpoint(state, p.at(log.force()), stamp.config, stamp.fingerprint, stamp.dataHash).write(file);
        }
    }
}
