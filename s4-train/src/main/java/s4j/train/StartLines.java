package s4j.train;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import s4j.data.Dataset;
import s4j.model.ModelConfig;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.run.Position;
import s4j.train.run.RunDirectory;
import s4j.train.task.Tasks;

/** What a run says before its first step. */
record StartLines(TrainConfig config, Dataset data, Feed.Splits feeds, Learner learner, RunDirectory run,
        Division division) {
    void print(PrintWriter out, Position start) {
        ModelConfig m = config.model();
        out.printf(Locale.ROOT, "data: %s, %,d training, %,d validation, %,d test sequences of %s%,d steps; %s%n",
                data.name(), data.train().size(), data.validation().size(), data.test().size(),
                data.equalLengths() ? "" : "up to ", data.lMax(), Tasks.of(config.task()).predicts(data.targets()));
        out.printf(Locale.ROOT, "model: %s, %s, %,d parameters%n", m.title(), m.size(), parameters(learner));
        out.printf(Locale.ROOT, "training: %s of %,d batches of %s%n",
                RunLength.of(config.trainer(), feeds.train().count()).title(), feeds.train().count(),
                Feed.sequences(data, config, division) < division.sequences(config.loader().batchSize())
                        ? "%,d: all there are (loader.batch_size=%,d)".formatted(data.train().size(),
                                config.loader().batchSize())
                        : division.words(config.loader().batchSize()));
        out.println("machine: " + learner.describe());
        out.println("run: " + run.path());
        if (start.step() > 0) {
            out.printf(Locale.ROOT, "continuing at epoch %d, batch %d (step %,d)%n", start.epoch() + 1, start.batch(),
                    start.step());
        }
        out.flush();
    }

    /** Trained numbers. */
    static long parameters(Learner learner) {
        return learner.parameters().stream().map(Learner.ParameterInfo::shape).mapToLong(StartLines::product).sum();
    }

    private static long product(List<Long> shape) { return shape.stream().reduce(1L, Math::multiplyExact); }
}
