package s4j.data;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.model.SequenceBatch;

/** A split as batches, each of which can be made without the ones before it, so that a run continues in the middle of an epoch. */
public interface BatchSource {
    /** Batches per epoch. */
    int count();

    /** Sequences per batch. */
    int batchSize();

    /** Batch {@code i} of an epoch, both from 0. */
    default SequenceBatch batch(int epoch, int i) {
        return Objects.requireNonNull(batch(epoch, i, Share.ALL));
    }

    /** A part of that batch; null: it has no row. */
    @Nullable
    SequenceBatch batch(int epoch, int i, Share share);
}
