package s4j.train;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.data.BatchSource;
import s4j.data.Batches;
import s4j.data.Corpus;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.data.Share;
import s4j.data.Tokens;
import s4j.model.SequenceBatch;
import s4j.train.config.LoaderConfig;
import s4j.train.config.TrainConfig;
import s4j.train.config.TrainerConfig;
import s4j.train.run.RunException;

/**
 * A split as the loop sees it: a number of batches, and any of them without the ones before it, so that a run may
 * continue in the middle of an epoch. Keeps the order of the epoch it was asked for last; the order itself derives from
 * seed and epoch alone.
 */
final class Feed {
    private final BatchSource batches;
    private final SequenceSet set;
    private final int count;
    private final Division division;
    private Batches.@Nullable Epoch order;
    private int epoch = -1;

    private Feed(BatchSource batches, SequenceSet set, @Nullable Number limit, Division division) {
        this.division = division;
        this.batches = batches;
        this.set = set;
        this.count = TrainerConfig.batches(limit, batches.count());
    }

    /** The three splits with the trainer's limits. */
    record Splits(Feed train, Feed validation, Feed test) {
        /** All of them, for one worker. */
        static Splits of(Dataset data, TrainConfig config) {
            return of(data, config, new Division(0, 1, config.trainer().accumulateGradBatches()));
        }

        static Splits of(Dataset data, TrainConfig config, Division division) {
            LoaderConfig loader = config.loader();
            TrainerConfig trainer = config.trainer();
            TextFeed text = TextFeed.of(data, config);
            BatchSource train = text != null && text.inOrder()
                    ? text.training(division)
                    : new Batches(data.train(), division.sequences(loader.batchSize()), true, loader.dropLast(), config
                            .train().seed());
            Splits splits = new Splits(new Feed(train, data.train(), trainer.limitTrainBatches(), division),
                    evaluation(data, config, data.validation(), c -> c.validation(), trainer.limitValBatches()),
                    Feed.test(data, config));
            splits.train.refuseEmpty("training", data.train().size(),
                    "trainer.limit_train_batches or loader.batch_size");
            return splits;
        }
    }

    /** Sequences of a training step: at most all there are; of text that is read in order the rows. */
    static int sequences(Dataset data, TrainConfig config, Division division) {
        int wished = division.sequences(config.loader().batchSize());
        TextFeed text = TextFeed.of(data, config);
        return text != null && text.inOrder() ? wished : Math.min(wished, data.train().size());
    }

    /** The test split alone: what the training split is does not matter to it. */
    static Feed test(Dataset data, TrainConfig config) {
        Feed test = evaluation(data, config, data.test(), c -> c.test(), config.trainer().limitTestBatches());
        test.refuseEmpty("test", data.test().size(), "trainer.limit_test_batches");
        return test;
    }

    private static Feed evaluation(Dataset data, TrainConfig config, SequenceSet set, Function<Corpus, Tokens> split,
            @Nullable Number limit) {
        TextFeed text = TextFeed.of(data, config);
        BatchSource batches = text == null
                ? Batches.inOrder(set, config.loader().evalBatch())
                : text.evaluation(split);
        return new Feed(batches, set, limit, new Division(0, 1, 1));
    }

    private void refuseEmpty(String split, int size, String keys) {
        if (count == 0) {
            throw new RunException("the " + split + " split of " + size + " sequences makes no batch of "
                    + batches.batchSize() + "; expected at least one. Look at " + keys);
        }
    }

    /** Batches per epoch. */
    int count() { return count; }

    /** All batches of the first epoch, made one after the other. */
    Iterable<SequenceBatch> batches() {
        return () -> IntStream.range(0, count).mapToObj(i -> get(0, i)).iterator();
    }

    /** The sequences. */
    SequenceSet set() { return set; }

    /** This worker's parts of batch {@code i} of epoch {@code e}. */
    List<SequenceBatch> parts(int e, int i) {
        return division.parts(share -> get(e, i, share));
    }

    /** Batch {@code i} of epoch {@code e}. */
    SequenceBatch get(int e, int i) {
        return Objects.requireNonNull(get(e, i, Share.ALL));
    }

    private @Nullable SequenceBatch get(int e, int i, Share share) {
        if (!(batches instanceof Batches shuffled)) {
            return batches.batch(e, i, share);
        }
        Batches.Epoch now = order;
        if (now == null || epoch != e) {
            now = shuffled.epoch(e);
            order = now;
            epoch = e;
        }
        return now.batch(i, share);
    }
}
