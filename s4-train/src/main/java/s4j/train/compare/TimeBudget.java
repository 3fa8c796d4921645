package s4j.train.compare;

import java.util.stream.IntStream;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Batches;
import s4j.data.Dataset;
import s4j.model.SequenceBatch;
import s4j.torch.Learner;
import s4j.train.LearnerFactory;
import s4j.train.config.TrainConfig;

/** Minutes as a number of steps, by the time that some steps take: the schedule then knows where it ends. */
final class TimeBudget {
    private static final int WARM = 2;
    private static final int MOST = 20;
    private static final double ENOUGH = 5;

    /** The configuration with as many epochs, of as many batches each, as the minutes allow. */
    static TrainConfig fit(TrainConfig config, Dataset data, LearnerFactory learners, double minutes) {
        int size = Math.min(config.loader().batchSize(), data.train().size());
        SequenceBatch batch = data.train().batch(IntStream.range(0, size).toArray());
        double total = 0;
        int timed = 0;
        try (Learner learner = learners.create(config.network(data), config.learnerOptions(data))) {
            for (int i = 0; i < WARM; i++) {
                learner.trainStep(batch, 0);
            }
            while (timed < MOST && total < ENOUGH) {
                long start = System.nanoTime();
                learner.trainStep(batch, 0);
                total += (System.nanoTime() - start) / 1e9;
                timed++;
            }
        }
        long steps = Math.round(60 * minutes * timed / total);
        if (steps < 1) {
            throw new ConfigException(
                    "budget.minutes=%s is less than one training step of %.1f s; expected more".formatted(
                            minutes, total / timed));
        }
        int all = new Batches(data.train(), config.loader().batchSize(), true, config.loader().dropLast(),
                config.train().seed()).count();
        long epochs = Math.ceilDiv(steps, Math.max(1, all));
        long each = Math.max(1, Math.round((double) steps / epochs));
        ConfigTree tree = config.tree().with("trainer.max_epochs", value(Math.min(epochs, 1_000_000)))
                .with("trainer.limit_train_batches", value(Math.min(each, all)));
        return TrainConfig.of(tree);
    }

    private static ConfigTree value(long value) { return ConfigTree.of(value, new Origin("budget")); }

    private TimeBudget() {}
}
