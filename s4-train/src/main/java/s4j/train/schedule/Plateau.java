package s4j.train.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * State of the {@code plateau} schedule, which lowers the rate when the validation metric has not improved for more than
 * {@code patience} epochs. Arithmetic of PyTorch's {@code ReduceLROnPlateau} (relative threshold 1e-4, no
 * cooldown).
 *
 * @param best the best score so far; null: none yet
 * @param badEpochs epochs since it improved
 * @param factor of the learning rate now
 */
public record Plateau(@Nullable Double best, int badEpochs, double factor) {
    /** Before the first epoch. */
    public static final Plateau START = new Plateau(null, 0, 1);

    private static final double THRESHOLD = 1e-4;

    /**
     * After one more epoch.
     *
     * @param c its factor, patience and min_lr
     * @param lr the optimizer's learning rate, whose product with the factor stays at or above min_lr
     * @param score of the epoch's validation
     * @param higherIsBetter mode max, as of an accuracy; else mode min, as of a loss
     */
    public Plateau next(SchedulerConfig c, double lr, double score, boolean higherIsBetter) {
        boolean better = Double.isFinite(score) && (best == null
                || (higherIsBetter ? score > best * (1 + THRESHOLD) : score < best * (1 - THRESHOLD)));
        Double newBest = better ? Double.valueOf(score) : best;
        int bad = better ? 0 : badEpochs + 1;
        if (bad <= c.patience()) {
            return new Plateau(newBest, bad, factor);
        }
        double floor = lr > 0 ? c.minLr() / lr : 0;
        return new Plateau(newBest, 0, Math.max(factor * c.factor(), Math.min(factor, floor)));
    }

    /** As plain JSON values. */
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("best", best);
        out.put("bad_epochs", badEpochs);
        out.put("factor", factor);
        return out;
    }
}
