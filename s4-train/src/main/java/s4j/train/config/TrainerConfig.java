package s4j.train.config;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Range;

/**
 * The training loop ({@code trainer.*}). Limits are a whole number of batches, or a fraction of them (1.0: all).
 *
 * @param maxEpochs passes over the training split; left open it is 1, or with maxMinutes as many as fit into them
 * @param maxMinutes of training steps (validation not counted), after which the run ends as after its last epoch; schedules then
 *     run over that time instead of the epochs; null: no limit. Such a run does not repeat bit for bit
 * @param limitTrainBatches batches per training epoch; null: all
 * @param limitValBatches batches per validation; null: all
 * @param limitTestBatches batches per test; null: all
 * @param gradientClipVal global gradient norm to clip at; 0: no clipping
 * @param accumulateGradBatches parts of loader.batch_size that a step takes one after the other, as one batch of all of them
 * @param device where tensors live; auto: CUDA if there is one
 * @param threads of libtorch and the kernels; 0: all cores
 * @param recompute keeps of each block its input alone and computes the rest again for the backward pass: the same to rounding, in
 *     a fraction of the memory, for one more forward pass (long sequences)
 * @param logEveryNSteps steps between two lines of the metrics files
 * @param checkpointEveryNSteps steps between two checkpoints within an epoch; null: one every two minutes
 */
public record TrainerConfig(@Range(min = 1, max = MANY) @Nullable Integer maxEpochs,
        @Range(min = 0.001) @Nullable Double maxMinutes,
        @Range(min = 0) @Nullable Number limitTrainBatches, @Range(min = 0) @Nullable Number limitValBatches,
        @Range(min = 0) @Nullable Number limitTestBatches, @Default("1.0") @Range(min = 0) double gradientClipVal,
        @Default("1") @Range(min = 1, max = 1_000_000) int accumulateGradBatches,
        @Default("auto") Device device, @Default("0") @Range(min = 0, max = 4096) int threads,
        @Default("false") boolean recompute,
        @Default("10") @Range(min = 1) int logEveryNSteps, @Range(min = 1) @Nullable Integer checkpointEveryNSteps) {
    private static final int MANY = 1_000_000;
    public static final TrainerConfig DEFAULTS = Defaults.of(TrainerConfig.class);

    /** Where tensors live. */
    public enum Device {
        AUTO, CPU, CUDA
    }

    /** Checks the fractions. */
    public TrainerConfig {
        checkFraction("limit_train_batches", limitTrainBatches);
        checkFraction("limit_val_batches", limitValBatches);
        checkFraction("limit_test_batches", limitTestBatches);
    }

    /** Passes over the training split at most. */
    public int epochs() {
        return maxEpochs != null ? maxEpochs : maxMinutes == null ? 1 : MANY;
    }

    private static void checkFraction(String key, @Nullable Number limit) {
        if (limit instanceof Double d && d > 1) {
            throw new IllegalArgumentException(
                    key + " " + d + " is no fraction; expected a whole number of batches or a fraction up to 1.0");
        }
    }

    /** How many of {@code available} batches a limit leaves: at least one of a fraction above 0. */
    public static int batches(@Nullable Number limit, int available) {
        return switch (limit) {
            case null -> available;
            case Double fraction -> fraction == 0 || available == 0
                    ? 0
                    : Math.max(1, (int) Math.floor(fraction * available));
            default -> Math.min(limit.intValue(), available);
        };
    }
}
