package s4j.data;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;

/**
 * A set cut into batches. The order of an epoch derives from (seed, epoch) alone, so that any batch of any epoch is
 * made without the ones before it, and a run continues in the middle of an epoch.
 *
 * @param set the sequences
 * @param batchSize sequences per batch
 * @param shuffle whether each epoch has its own order
 * @param dropLast whether a smaller last batch is left out, unless it is the only one
 * @param seed of the orders
 */
public record Batches(SequenceSet set, int batchSize, boolean shuffle, boolean dropLast, long seed)
        implements
            BatchSource {
    /** Checks the batch size. */
    public Batches {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch_size " + batchSize + "; expected at least 1");
        }
    }

    /** All sequences in their own order: for evaluation. */
    public static Batches inOrder(SequenceSet set, int batchSize) {
        return new Batches(set, batchSize, false, false, 0);
    }

    @Override
    public @Nullable SequenceBatch batch(int epoch, int i, Share share) { return epoch(epoch).batch(i, share); }

    @Override
    public int count() {
        return dropLast && set.size() > batchSize ? set.size() / batchSize : Math.ceilDiv(set.size(), batchSize);
    }

    /** Epoch {@code epoch}, from 0. */
    public Epoch epoch(int epoch) {
        int[] order = new int[set.size()];
        if (shuffle) {
            order = SplitMix64.of(seed, "epoch", epoch).permutation(set.size());
        } else {
            Arrays.setAll(order, i -> i);
        }
        return new Epoch(this, order, epoch);
    }

    /**
     * One pass over the set.
     *
     * @param batches where it comes from
     * @param order indices in the order of this epoch
     * @param number of the epoch, from 0
     */
    public record Epoch(Batches batches, int[] order, int number) {
        /** Batches in it. */
        public int count() { return batches.count(); }

        /** Indices of the sequences in batch {@code i}. */
        public int[] indices(int i) {
            if (i < 0 || i >= count()) {
                throw new IndexOutOfBoundsException("batch " + i + " of " + count());
            }
            int from = i * batches.batchSize;
            return Arrays.copyOfRange(order, from, Math.min(from + batches.batchSize, order.length));
        }

        /** Batch {@code i}. */
        public SequenceBatch batch(int i) { return Objects.requireNonNull(batch(i, Share.ALL)); }

        /** A part of batch {@code i}, of which nothing else is read; null: it has no row. */
        public @Nullable SequenceBatch batch(int i, Share share) {
            int[] all = indices(i);
            int[] own = Arrays.copyOfRange(all, share.from(all.length), share.to(all.length));
            if (own.length == 0) {
                return null;
            }
            return batches.shuffle ? batches.set.batch(own, batches.seed, number) : batches.set.batch(own);
        }
    }
}
