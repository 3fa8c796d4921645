package s4j.train.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * The learning rate's schedule ({@code scheduler.*}): a factor on every parameter group's own rate. Warm-up kinds count
 * steps; cosine, plateau and multistep count epochs and step counts steps, as in the official files.
 *
 * @param name kind of schedule
 * @param numWarmupSteps {@code linear_warmup}, {@code cosine_warmup}: steps of linear rise from 0
 * @param numTrainingSteps {@code linear_warmup}, {@code cosine_warmup}: step at which the factor is 0 again; null: the
 *     run's length
 * @param tMax {@code cosine}: epochs from the full rate to eta_min; null: the run's epochs
 * @param etaMin {@code cosine}: the last rate (absolute, not a factor)
 * @param factor {@code plateau}: multiplies the rate
 * @param patience {@code plateau}: epochs without a better validation score before that
 * @param minLr {@code plateau}: smallest rate (absolute, not a factor)
 * @param stepSize {@code step}: steps between two decays
 * @param gamma {@code step}, {@code multistep}: multiplies the rate
 * @param milestones {@code multistep}: epochs at which it does
 */
public record SchedulerConfig(@Key("_name_") @Default("constant") Kind name,
        @Default("0") @Range(min = 0) int numWarmupSteps, @Range(min = 1) @Nullable Integer numTrainingSteps,
        @Key("T_max") @Range(min = 1) @Nullable Integer tMax, @Default("1e-6") @Range(min = 0) double etaMin,
        @Default("0.2") @Range(min = 0, max = 1) double factor, @Default("20") @Range(min = 0) int patience,
        @Default("0.0") @Range(min = 0) double minLr, @Default("1") @Range(min = 1) int stepSize,
        @Default("0.99") @Range(min = 0, max = 1) double gamma,
        @Default("[]") @Range(min = 0) List<Integer> milestones) {
    public static final SchedulerConfig DEFAULTS = Defaults.of(SchedulerConfig.class);

    /** Kinds of schedule. */
    public enum Kind {
        CONSTANT, LINEAR_WARMUP, COSINE_WARMUP, COSINE, PLATEAU, STEP, MULTISTEP
    }

    /** Checks what one component cannot see alone. */
    public SchedulerConfig {
        if (numTrainingSteps != null && numTrainingSteps <= numWarmupSteps && numWarmupSteps > 0) {
            throw new IllegalArgumentException("num_training_steps %d ends before the %d warm-up steps do"
                    .formatted(numTrainingSteps, numWarmupSteps));
        }
        if (name == Kind.MULTISTEP && milestones.isEmpty()) {
            throw new IllegalArgumentException("milestones are empty; expected epochs, e.g. [80, 140, 180]");
        }
        for (int i = 1; i < milestones.size(); i++) {
            if (milestones.get(i) <= milestones.get(i - 1)) {
                throw new IllegalArgumentException("milestones " + milestones + "; expected increasing epochs");
            }
        }
        milestones = List.copyOf(milestones);
    }
}
