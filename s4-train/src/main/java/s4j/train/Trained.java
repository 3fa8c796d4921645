package s4j.train;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import s4j.audio.SoundInput;
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
import s4j.model.TargetSpec;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.run.RunException;
import s4j.train.task.Evaluation;
import s4j.train.task.Evaluator;
import s4j.train.task.Tasks;

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
                all.without(NETWORK).without(TargetSpec.KEY).without(Vocabulary.KEY).without(SoundInput.KEY),
                hash == null ? null : hash.toString());
    }

    /** What it does on the test split, on as many batches as the configuration allows. */
    public Evaluation evaluate(Dataset data, LearnerFactory learners, TrainConfig settings) throws IOException {
        return evaluate(data, learners, settings, Evaluator.Watcher.NOBODY);
    }

    /** The same, showing every batch with its outputs {@code [b, d_output]} to a watcher. */
    public Evaluation evaluate(Dataset data, LearnerFactory learners, TrainConfig settings, Evaluator.Watcher watcher)
            throws IOException {
        NetworkConfig needed = settings.network(data);
        if (needed.dInput() != network.dInput() || needed.dOutput() != network.dOutput()) {
            throw new RunException("the model takes %d values per step and gives %d outputs; data set %s has %d and %d"
                    .formatted(network.dInput(), network.dOutput(), data.name(), needed.dInput(), needed.dOutput()));
        }
        try (Learner learner = learners.create(network, settings.learnerOptions(data))) {
            learner.loadModel(tensors);
            Evaluator evaluator = Tasks.of(settings.task()).evaluator(data.targets(), data.test());
            for (SequenceBatch batch : Feed.test(data, settings).batches()) {
                evaluator.add(batch, learner, watcher);
            }
            return evaluator.result();
        }
    }

    /** The same for whatever gives scores {@code [b, d_output]}, or {@code [b, l, d_output]} for each step, of a batch. */
    public static Evaluation evaluate(Dataset data, Function<SequenceBatch, float[]> scores, TrainConfig settings)
            throws IOException {
        Evaluator evaluator = Tasks.of(settings.task()).evaluator(data.targets(), data.test());
        for (SequenceBatch batch : Feed.test(data, settings).batches()) {
            evaluator.add(batch, scores.apply(batch));
        }
        return evaluator.result();
    }
}
