package s4j.train.run;

import java.util.Collections;
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
 * @param trained seconds of training steps of a run that time limits; 0 otherwise, as equal runs write equal checkpoints
 */
public record Position(int epoch, int batch, long step, Running interval, Running epochSums, @Nullable Best best,
        Plateau plateau, MetricsLog.Lengths files, double trained) {
    /** Before the first step. */
    public static final Position START = new Position(0, 0, 0, Running.NOTHING, Running.NOTHING, null, Plateau.START,
            MetricsLog.Lengths.NONE, 0);

    /**
     * The best validation so far.
     *
     * @param epoch epochs done then
     * @param metrics of it, {@code loss} among them
     */
    public record Best(int epoch, Map<String, Double> metrics) {
        /**
         * Keeps them in the order of their names, so that equal runs write equal checkpoints. A loss that overflowed is left out: a
         * checkpoint holds no infinity, and what is not there is worse than any number.
         */
        public Best {
            TreeMap<String, Double> finite = new TreeMap<>(metrics);
            finite.values().removeIf(v -> !Double.isFinite(v));
            metrics = Collections.unmodifiableMap(finite);
        }

        Map<String, Object> toJson() {
            Map<String, Object> out = new TreeMap<>(metrics);
            out.put("epoch", epoch);
            return out;
        }

        static Best fromJson(JsonFields f) {
            Map<String, Double> metrics = new TreeMap<>();
            f.fields().keySet().stream().map(String::valueOf).filter(k -> !k.equals("epoch"))
                    .forEach(k -> metrics.put(k, f.real(k)));
            return new Best((int) f.whole("epoch"), metrics);
        }
    }

    /** After one more training step, which took so many seconds of a limited time. */
    public Position plus(s4j.torch.Learner.StepResult result, double seconds) {
        return new Position(epoch, batch + 1, step + 1, interval.plus(result), epochSums.plus(result), best, plateau,
                files, trained + seconds);
    }

    /** With the network before its first step as the first best. */
    public Position started(Best start) {
        return new Position(epoch, batch, step, interval, epochSums, start, plateau, files, trained);
    }

    /** With the interval's sums begun anew. */
    public Position logged() {
        return new Position(epoch, batch, step, Running.NOTHING, epochSums, best, plateau, files, trained);
    }

    /** At the start of the next epoch. */
    public Position nextEpoch(@Nullable Best newBest, Plateau newPlateau) {
        return new Position(epoch + 1, 0, step, interval, Running.NOTHING, newBest, newPlateau, files, trained);
    }

    /** With the lengths of the metrics files as they are now. */
    public Position at(MetricsLog.Lengths lengths) {
        return new Position(epoch, batch, step, interval, epochSums, best, plateau, lengths, trained);
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("epoch", epoch);
        out.put("batch", batch);
        out.put("step", step);
        out.put("interval", interval.toJson());
        out.put("epoch_sums", epochSums.toJson());
        out.put("best", best == null ? null : best.toJson());
        out.put("plateau", plateau.toJson());
        out.put("files", files.toJson());
        if (trained > 0) {
            out.put("trained", trained);
        }
        return out;
    }

    static Position fromJson(@Nullable Object json, String source) {
        JsonFields f = JsonFields.of(json, source);
        Best best = null;
        if (f.fields().get("best") != null) {
            best = Best.fromJson(f.object("best"));
        }
        JsonFields p = f.object("plateau");
        return new Position((int) f.whole("epoch"), (int) f.whole("batch"), f.whole("step"),
                Running.fromJson(f.object("interval")), Running.fromJson(f.object("epoch_sums")), best,
                new Plateau(p.realOrNull("best"), (int) p.whole("bad_epochs"), p.real("factor")),
                MetricsLog.Lengths.fromJson(f.object("files")),
                f.fields().containsKey("trained") ? f.real("trained") : 0);
    }
}
