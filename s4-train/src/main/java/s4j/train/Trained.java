package s4j.train;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.generate.Vocabulary;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;

/**
 * A trained model, from its file.
 *
 * @param network its configuration
 * @param tensors of the network
 * @param config of the run that trained it, as a tree that may be changed (data_dir, batch size, threads) before it is
 *     bound
 * @param dataHash of the data it was trained on; null where the file does not say
 */
public record Trained(NetworkConfig network, Map<String, TensorData> tensors, ConfigTree config,
        @Nullable String dataHash) {
    private static final String NETWORK = "network";
    /** Tensors of the data set, not of the network. */
    private static final String DATA = "data.";

    /**
     * From the content of a model file.
     *
     * @param name of the file, for messages
     * @throws ConfigException when its configuration is not one of this s4j
     */
    public static Trained of(ModelFile file, String name) {
        Origin origin = new Origin(name);
        ConfigTree all = ConfigTree.of(file.config(), origin);
        ConfigTree network = all.find(NETWORK);
        if (network == null) {
            throw new ConfigException(
                    name + ": s4j.config has no " + NETWORK + "; expected a model that s4 train wrote");
        }
        Map<String, TensorData> tensors = new LinkedHashMap<>(file.tensors());
        tensors.keySet().removeIf(k -> k.startsWith(DATA));
        Object hash = file.provenance().get("data_hash");
        return new Trained(Binder.bind(network, NetworkConfig.class), tensors,
                all.without(NETWORK).without(Vocabulary.KEY),
                hash == null ? null : hash.toString());
    }

    /** Told of every batch and its class scores {@code [b, classes]}. */
    @FunctionalInterface
    public interface Watcher {
        /** Called in the order of the split. */
        void evaluated(SequenceBatch batch, float[] scores);
    }

    /** What it does on the test split, on as many batches as the configuration allows. */
    public Evaluation evaluate(Dataset data, LearnerFactory learners, TrainConfig settings) throws IOException {
        return evaluate(data, learners, settings, null);
    }

    /**
     * The same, showing every batch to a watcher.
     *
     * @param watcher of class scores; null: none. A model with an output for each step has no such scores
     */
    public Evaluation evaluate(Dataset data, LearnerFactory learners, TrainConfig settings,
            @Nullable Watcher watcher)
            throws IOException {
        if (data.stepTargets() != settings.task().perStep()) {
            throw new RunException("the model was trained for task " + settings.task().name().name().toLowerCase(
                    java.util.Locale.ROOT) + "; data set " + data.name() + " is not for it");
        }
        if (watcher != null && settings.task().perStep()) {
            throw new RunException(
                    "predictions are written for classes, one for each sequence; this model has an output for"
                            + " each step");
        }
        if (data.dInput() != network.dInput() || data.dOutput() != network.dOutput()) {
            throw new RunException("the model takes %d values per step and gives %d classes; data set %s has %d and %d"
                    .formatted(network.dInput(), network.dOutput(), data.name(), data.dInput(), data.dOutput()));
        }
        try (Learner learner = learners.create(network, settings.learnerOptions())) {
            learner.loadModel(tensors);
            Evaluator evaluator = Evaluator.of(settings.task(), data.test(), data.dOutput(), watcher);
            Feed test = Feed.test(data, settings);
            for (int i = 0; i < test.count(); i++) {
                evaluator.add(test.get(0, i), learner);
            }
            return evaluator.result();
        }
    }

    /** The same for whatever gives scores {@code [b, d_output]}, or {@code [b, l, d_output]} for each step, of a batch. */
    public static Evaluation evaluate(Dataset data, Function<SequenceBatch, float[]> scores, TrainConfig settings)
            throws IOException {
        Feed test = Feed.test(data, settings);
        Evaluator evaluator = Evaluator.of(settings.task(), data.test(), data.dOutput());
        for (int i = 0; i < test.count(); i++) {
            SequenceBatch batch = test.get(0, i);
            evaluator.add(batch, scores.apply(batch));
        }
        return evaluator.result();
    }
}
