package s4j.train;

import s4j.model.SequenceBatch;

/**
 * A split as the loop sees it: a number of batches per epoch, and any of them without the earlier ones, so that a run
 * may continue in the middle of an epoch.
 */
interface Feed {
    /** Batches per epoch, with the trainer's limit. */
    int count();

    /** Batch {@code i} of epoch {@code epoch}. */
    SequenceBatch get(int epoch, int i);

    /** The first {@code n} batches of this feed. */
    default Feed limited(int n) {
        Feed all = this;
        return new Feed() {
            @Override
            public int count() { return Math.min(n, all.count()); }

            @Override
            public SequenceBatch get(int epoch, int i) { return all.get(epoch, i); }
        };
    }
}
