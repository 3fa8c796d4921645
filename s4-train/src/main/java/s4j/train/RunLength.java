package s4j.train;

import java.util.Locale;
import s4j.train.config.TrainerConfig;
import s4j.train.run.Position;
import s4j.train.schedule.Schedule;

/**
 * How long a run goes on: a number of epochs, or a time of training steps, whichever ends first.
 *
 * @param epochs at most
 * @param seconds of training steps at most; infinite: no limit
 * @param batches of an epoch
 */
record RunLength(int epochs, double seconds, int batches) {
    static RunLength of(TrainerConfig trainer, int batches) {
        Double minutes = trainer.maxMinutes();
        return new RunLength(trainer.epochs(), minutes == null ? Double.POSITIVE_INFINITY : 60 * minutes, batches);
    }

    /** Whether time ends it. */
    boolean limited() { return Double.isFinite(seconds); }

    /** Whether the time is over, to the nearest step. */
    boolean timeIsOver(Position p) {
        return limited() && p.trained() + 0.5 * p.trained() / Math.max(1, p.step()) >= seconds;
    }

    /** Whether another epoch begins, or one that was begun is to be ended. */
    boolean goesOn(Position p) {
        return p.epoch() < epochs && (p.batch() > 0 || !timeIsOver(p));
    }

    /** Where the schedules see the run: of a limited time, steps and epochs are as many as there will be at the pace so far. */
    Schedule.At at(Position p) {
        long total = (long) epochs * batches;
        int all = epochs;
        if (limited()) {
            double share = Math.max(p.trained() / seconds, 1.0 / total);
            total = Math.clamp(Math.round(p.step() / share), p.step() + 1, total);
            all = (int) Math.ceilDiv(total, (long) batches);
        }
        return new Schedule.At(p.step(), p.epoch(), total, all, p.plateau());
    }

    /** Seconds to its end, without validation, at so many a batch. */
    double left(Position p, double secondsPerBatch) {
        double steps = ((double) batches * (epochs - p.epoch()) - p.batch()) * secondsPerBatch;
        return Math.min(steps, limited() ? seconds - p.trained() : steps);
    }

    /** {@code 3/10}, or {@code 3, 4.2 of 20 minutes}. */
    String words(Position p, int epoch) {
        return limited()
                ? String.format(Locale.ROOT, "%d, %.1f of %s minutes", epoch, p.trained() / 60, minutes())
                : epoch + "/" + epochs;
    }

    /** What a run says at its start. */
    String title() {
        return limited()
                ? minutes() + " minutes of epochs"
                : epochs + " epoch" + (epochs == 1 ? "" : "s");
    }

    private String minutes() { return String.format(Locale.ROOT, "%.4g", seconds / 60).replaceFirst("\\.?0+$", ""); }
}
