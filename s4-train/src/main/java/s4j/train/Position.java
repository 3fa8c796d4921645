package s4j.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import s4j.train.schedule.Plateau;

/**
 * Where a run stands between two steps. Together with the learner's state this is all that the rest of the run depends
 * on; {@code batch} may equal the number of batches: the epoch's training is done, its validation is not.
 *
 * @param epoch epochs done
 * @param batch batches done in the current epoch
 * @param step training steps done in all
 * @param interval sums since the last line of the metrics
 * @param epochSums sums since the epoch began
 * @param best the best validation so far; null: none yet
 * @param plateau state of the plateau schedule
 * @param files lengths of the metrics files
 */
public record Position(int epoch, int batch, long step, Running interval, Running epochSums, @Nullable Best best,
        Plateau plateau, MetricsLog.Lengths files) {
    /** Before the first step. */
    public static final Position START = new Position(0, 0, 0, Running.NOTHING, Running.NOTHING, null, Plateau.START,
            MetricsLog.Lengths.NONE);

    /**
     * The best validation so far.
     *
     * @param accuracy of it
     * @param loss of it
     * @param epoch epochs done then
     */
    public record Best(double accuracy, double loss, int epoch) {}

    /** After one more training step. */
    Position plus(s4j.torch.Learner.StepResult result) {
        return new Position(epoch, batch + 1, step + 1, interval.plus(result), epochSums.plus(result), best, plateau,
                files);
    }

    /** With the interval's sums begun anew. */
    Position logged() {
        return new Position(epoch, batch, step, Running.NOTHING, epochSums, best, plateau, files);
    }

    /** At the start of the next epoch. */
    Position nextEpoch(@Nullable Best newBest, Plateau newPlateau) {
        return new Position(epoch + 1, 0, step, interval, Running.NOTHING, newBest, newPlateau, files);
    }

    /** With the lengths of the metrics files as they are now. */
    Position at(MetricsLog.Lengths lengths) {
        return new Position(epoch, batch, step, interval, epochSums, best, plateau, lengths);
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("epoch", epoch);
        out.put("batch", batch);
        out.put("step", step);
        out.put("interval", interval.toJson());
        out.put("epoch_sums", epochSums.toJson());
        out.put("best", best == null
                ? null
                : new TreeMap<>(Map.of("accuracy", best.accuracy, "loss", best.loss, "epoch", best.epoch)));
        out.put("plateau", plateau.toJson());
        out.put("files", files.toJson());
        return out;
    }

    static Position fromJson(@Nullable Object json, String source) {
        JsonFields f = JsonFields.of(json, source);
        Best best = null;
        if (f.fields().get("best") != null) {
            JsonFields b = f.object("best");
            best = new Best(b.real("accuracy"), b.real("loss"), (int) b.whole("epoch"));
        }
        JsonFields p = f.object("plateau");
        return new Position((int) f.whole("epoch"), (int) f.whole("batch"), f.whole("step"),
                Running.fromJson(f.object("interval")), Running.fromJson(f.object("epoch_sums")), best,
                new Plateau(p.realOrNull("best"), (int) p.whole("bad_epochs"), p.real("factor")),
                MetricsLog.Lengths.fromJson(f.object("files")));
    }
}
