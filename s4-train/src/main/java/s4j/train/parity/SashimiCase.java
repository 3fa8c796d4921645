package s4j.train.parity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.TensorData;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SashimiConfig;
import s4j.model.SequenceBatch;
import s4j.torch.Learner;
import s4j.torch.LearnerOptions;
import s4j.torch.OptimizerConfig;

/** SaShiMi from the official parameters, through the learner that trains; by steps through whatever can step. */
final class SashimiCase {
    private static final List<String> OWN = List.of("L", "B", "seed", "d_model", "n_layers", "pool", "expand", "ff",
            "unet", "bidirectional", "dropout");
    private static final List<String> MODEL = List.of("d_model", "n_layers", "pool", "expand", "ff", "unet");
    private static final String PREFIX = "model.";

    private SashimiCase() {}

    /** The outputs {@code [b, l, h]} of a network for x {@code [b, l, h]}, one step after the other. */
    interface Steps {
        TensorData outputs(NetworkConfig network, Map<String, TensorData> tensors, TensorData x);
    }

    /** {@code y}, and {@code y_step} where there is something that steps. */
    static Map<String, TensorData> compute(GoldenCase golden, @Nullable Steps steps) {
        TensorData x = golden.tensor("x");
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        golden.below("param.").forEach((name, data) -> tensors.put(PREFIX + name, data));
        NetworkConfig network = network(golden, x);
        Map<String, TensorData> results = new LinkedHashMap<>();
        try (Learner learner = Learner.create(network,
                new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, OptimizerConfig.DEFAULTS, false, false, 0, 0,
                        "cpu", "auto", 0, 0))) {
            learner.loadModel(tensors);
            long[] shape = x.shape();
            SequenceBatch batch = new SequenceBatch((int) shape[0], (int) shape[1], (int) shape[2], x.toFloats(),
                    new int[(int) shape[0]]);
            results.put("y", TensorData.of(learner.predict(batch), shape));
        }
        if (steps != null) {
            results.put("y_step", steps.outputs(network, tensors, x));
        }
        return results;
    }

    private static NetworkConfig network(GoldenCase golden, TensorData x) {
        Map<String, @Nullable Object> model = new LinkedHashMap<>(Map.of("_name_", "sashimi"));
        MODEL.stream().filter(golden.options()::containsKey).forEach(k -> model.put(k, golden.options().get(k)));
        SashimiConfig bound = Binder.bind(ConfigTree.of(model, new Origin("case " + golden.name())),
                SashimiConfig.DEFAULTS);
        Map<String, @Nullable Object> bidirectional = new LinkedHashMap<>();
        if (golden.options().containsKey("bidirectional")) {
            bidirectional.put("bidirectional", golden.options().get("bidirectional"));
        }
        S4LayerConfig layer = Binder.bind(ConfigTree.of(bidirectional, new Origin("case " + golden.name())),
                golden.layer(OWN));
        SashimiConfig whole = new SashimiConfig(bound.name(), bound.dModel(), bound.nLayers(), bound.pool(),
                bound.expand(), bound.ff(), bound.norm(), bound.unet(), 0, 0, layer);
        return new NetworkConfig(bound.dModel(), bound.dModel(), (int) x.shape()[1],
                new EncoderConfig(EncoderConfig.Kind.ID), whole,
                new DecoderConfig(DecoderConfig.Kind.ID, DecoderConfig.Mode.STEP));
    }
}
