package s4j.train.config;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Range;

/**
 * Batches ({@code loader.*}).
 *
 * @param batchSize sequences that go through the network at once; a training step takes as many for each worker and for each part
 *     that trainer.accumulate_grad_batches says
 * @param batchSizeEval sequences per batch of validation and test; null: batch_size
 * @param dropLast whether an epoch leaves out a smaller last batch, unless it is the only one
 * @param lMax of text: it is read in order, in chunks of so many tokens, as many rows as a batch has; null: in windows of
 *     dataset.sample_len tokens, in an order of their own each epoch, unless train.state carries something from chunk to chunk
 * @param rollSeed of text that is read in order: turns it round by another number of tokens each epoch; null: not
 * @param contextEval tokens before each window of an evaluation that are only read; -1: all that came before, at constant memory;
 *     null: what train.state says
 */
public record LoaderConfig(@Default("50") @Range(min = 1, max = 1_000_000) int batchSize,
        @Range(min = 1, max = 1_000_000) @Nullable Integer batchSizeEval, @Default("true") boolean dropLast,
        @Range(min = 1, max = 1 << 24) @Nullable Integer lMax, @Nullable Long rollSeed,
        @Range(min = -1, max = 1 << 24) @Nullable Integer contextEval) {
    public static final LoaderConfig DEFAULTS = Defaults.of(LoaderConfig.class);

    /** Sequences per batch of validation and test. */
    public int evalBatch() {
        return batchSizeEval == null ? batchSize : batchSizeEval;
    }
}
