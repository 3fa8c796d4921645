package s4j.train.schedule;

/**
 * The factor of every learning rate at a step, for step k = 0, 1, … of T, with w warm-up steps:
 *
 * <pre>
 * constant        1
 * linear_warmup   k/w for k &lt; w, then (T − k)/(T − w), at least 0
 * cosine_warmup   k/w for k &lt; w, then ½ (1 + cos(π (k − w)/(T − w))), 0 after the end
 * cosine          e + (1 − e) ½ (1 + cos(π epoch/T_max)), e = eta_min/lr
 * step            gamma^⌊k / step_size⌋
 * multistep       gamma^(number of milestones ≤ epoch)
 * plateau         the factor of {@link Plateau}
 * </pre>
 *
 * <p>With a warm-up the first step has factor 0, as in the official code. Sources: {@code get_linear_schedule_with_warmup}
 * and {@code get_cosine_schedule_with_warmup} of Hugging Face's transformers; {@code CosineAnnealingLR},
 * {@code StepLR}, {@code MultiStepLR} and {@code ReduceLROnPlateau} of PyTorch.
 */
public final class Schedule {
    /** Where in a run the factor is asked for: step k, epochs done, steps and epochs of the
     * whole run, state of plateau. */
    public record At(long step, int epoch, long total, int epochs, Plateau plateau) {}

    /**
     * The factor for the step that comes next.
     *
     * @param lr the optimizer's learning rate, which eta_min is compared with
     */
    public static double factor(SchedulerConfig c, double lr, At at) {
        Integer set = c.numTrainingSteps();
        double total = set == null ? at.total : set;
        double k = at.step;
        double w = c.numWarmupSteps();
        return switch (c.name()) {
            case CONSTANT -> 1;
            case LINEAR_WARMUP -> k < w ? k / w : Math.max(0, (total - k) / Math.max(1, total - w));
            case COSINE_WARMUP -> k < w ? k / w : cosine((k - w) / Math.max(1, total - w));
            case COSINE -> annealed(c, lr, at);
            case STEP -> Math.pow(c.gamma(), (double) Math.floorDiv(at.step, c.stepSize()));
            case MULTISTEP -> Math.pow(c.gamma(), (double) passed(c, at.epoch));
            case PLATEAU -> at.plateau.factor();
        };
    }

    /** Whether the factors depend on the length of the run, so that changing it changes steps already done. */
    public static boolean dependsOnLength(SchedulerConfig c) {
        return switch (c.name()) {
            case LINEAR_WARMUP, COSINE_WARMUP -> c.numTrainingSteps() == null;
            case COSINE -> c.tMax() == null;
            case CONSTANT, STEP, MULTISTEP, PLATEAU -> false;
        };
    }

    private static long passed(SchedulerConfig c, int epoch) {
        return c.milestones().stream().filter(m -> m <= epoch).count();
    }

    private static double annealed(SchedulerConfig c, double lr, At at) {
        Integer set = c.tMax();
        double period = set == null ? at.epochs : set;
        double floor = lr > 0 ? Math.min(1, c.etaMin() / lr) : 0;
        return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * at.epoch / period));
    }

    private static double cosine(double progress) {
        return progress >= 1 ? 0 : 0.5 * (1 + Math.cos(Math.PI * progress));
    }

    private Schedule() {}
}
