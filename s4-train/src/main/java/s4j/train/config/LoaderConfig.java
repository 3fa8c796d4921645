package s4j.train.config;

import org.jspecify.annotations.Nullable;
import s4j.config.Range;

/**
 * Batches ({@code loader.*}).
 *
 * @param batchSize sequences per training step
 * @param batchSizeEval sequences per batch of validation and test; null: batch_size
 * @param dropLast whether an epoch leaves out a smaller last batch
 */
public record LoaderConfig(@Range(min = 1, max = 1_000_000) int batchSize,
        @Range(min = 1, max = 1_000_000) @Nullable Integer batchSizeEval, boolean dropLast) {
    public static final LoaderConfig DEFAULTS = new LoaderConfig(50, null, true);

    /** Sequences per batch of validation and test. */
    public int evalBatch() {
        return batchSizeEval == null ? batchSize : batchSizeEval;
    }
}
