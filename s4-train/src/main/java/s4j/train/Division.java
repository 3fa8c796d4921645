package s4j.train;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.data.Share;
import s4j.model.SequenceBatch;
import s4j.torch.distributed.Group;
import s4j.train.config.TrainerConfig;

/**
 * How the sequences of a training step are divided: among workers, and at each into parts that go through the network one after the
 * other. A step then takes {@code loader.batch_size} sequences for each part of each worker.
 *
 * @param rank of this worker
 * @param workers how many
 * @param parts of each worker
 */
record Division(int rank, int workers, int parts) {
    static Division of(Group group, TrainerConfig trainer) {
        return new Division(group.rank(), group.size(), trainer.accumulateGradBatches());
    }

    /** The sequences of a step. */
    int sequences(int batchSize) {
        return Math.multiplyExact(batchSize, Math.multiplyExact(workers, parts));
    }

    /** A batch, of which any part can be had. */
    @FunctionalInterface
    interface Parts {
        /** A part; null: it has no row. */
        @Nullable
        SequenceBatch of(Share share);
    }

    /** This worker's parts of a batch; fewer where a small last batch has not enough rows. */
    List<SequenceBatch> parts(Parts batch) {
        List<SequenceBatch> out = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            SequenceBatch own = batch.of(new Share(rank * parts + part, workers * parts));
            if (own != null) {
                out.add(own);
            }
        }
        return out;
    }

    /** {@code 50}, or {@code 100 = 2 workers × 50}, or {@code 200 = 2 workers × 2 parts × 50}. */
    String words(int batchSize) {
        String factors = (workers == 1 ? "" : workers + " workers × ") + (parts == 1 ? "" : parts + " parts × ");
        return factors.isEmpty()
                ? "%,d".formatted(batchSize)
                : "%,d = %s%,d".formatted(sequences(batchSize), factors, batchSize);
    }
}
