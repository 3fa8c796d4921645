package s4j.train;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.torch.Learner;
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
    private final MetricsLog log;
    private final Progress progress;
    private final Stamp stamp;
    private final StopRequest stop;
    private final RunLength length;
    private double trained;
    private long lastSave = System.nanoTime();
    private @Nullable Long savedStep;

    /** What every checkpoint of a run has in common. */
    record Stamp(String config, String fingerprint, String dataHash) {}

    /** Where and how a run reports. */
    record Output(RunDirectory run, MetricsLog log, Progress progress, StopRequest stop) {}

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
            if (stop.requested()) {
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
        checkpoint(next).write(run.best());
        progress.line("start: " + task.words("validation", validation.metrics()));
        return next;
    }

    private Position trainEpoch(Position p) throws IOException {
        progress.start(p.batch());
        while (p.batch() < feeds.train().count() && !length.timeIsOver(p) && !stop.requested()) {
            long start = System.nanoTime();
            SequenceBatch batch = feeds.train().get(p.epoch(), p.batch());
            double factor = Schedule.factor(config.scheduler(), config.optimizer().lr(), length.at(p));
            Learner.StepResult result = step(batch, factor, p);
            double seconds = (System.nanoTime() - start) / 1e9;
            trained += seconds;
            p = p.plus(result, length.limited() ? seconds : 0);
            double lr = config.optimizer().lr() * factor;
            progress.step(p, batch, lr);
            if (p.interval().steps() >= config.trainer().logEveryNSteps()) {
                Running r = p.interval();
                log.write(new Row("train", p.epoch() + 1, p.step(), lr, r.gradientNorm(), task.ofTraining(r)));
                log.time(p.step(), progress.seconds(), progress.rate(), trained);
                p = p.logged();
            }
            Integer every = config.trainer().checkpointEveryNSteps();
            if ((every != null && p.step() % every == 0) || System.nanoTime() - lastSave > SAVE_NANOS) {
                save(p);
            }
        }
        return p;
    }

    private Learner.StepResult step(SequenceBatch batch, double factor, Position p) {
        try {
            return learner.trainStep(batch, factor);
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
        log.write(new Row("epoch", epoch, p.step(), null, r.gradientNorm(), task.ofTraining(r)));
        Position.Best best = p.best();
        Plateau plateau = p.plateau();
        if (validation != null) {
            log.write(row("val", epoch, p.step(), validation));
            plateau = plateau.next(config.scheduler(), config.optimizer().lr(),
                    validation.metric(task.monitor().name()), task.monitor().higherIsBetter());
        }
        log.time(p.step(), progress.seconds(), progress.rate(), trained);
        boolean better = validation == null || best == null
                || (task.monitor().better(validation.metrics(), best.metrics())
                        && (best.epoch() > 0 || outdoes(validation, best)));
        if (better) {
            best = new Position.Best(epoch, validation == null ? task.ofTraining(r) : validation.metrics());
        }
        Position next = p.nextEpoch(best, plateau);
        if (better) {
            checkpoint(next).write(run.best());
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
        for (int i = 0; i < feed.count(); i++) {
            if (stop.requested()) {
                return null;
            }
            evaluator.add(feed.get(0, i), learner, Evaluator.Watcher.NOBODY);
            progress.note("%s %d/%d".formatted(what, i + 1, feed.count()));
        }
        return evaluator.result();
    }

    private void save(Position p) throws IOException {
        checkpoint(p).write(run.last());
        savedStep = p.step();
        lastSave = System.nanoTime();
    }

    private Checkpoint checkpoint(Position p) throws IOException {
        Map<String, s4j.io.TensorData> state = learner.trainingState();
        return new Checkpoint(state, p.at(log.force()), stamp.config, stamp.fingerprint, stamp.dataHash);
    }
}
