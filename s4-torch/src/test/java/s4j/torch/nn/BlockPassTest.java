package s4j.torch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.model.NetworkConfig;
import s4j.model.ObjectiveConfig;
import s4j.torch.Cases;
import s4j.torch.Learner;
import s4j.torch.LearnerOptions;
import s4j.torch.OptimizerConfig;

/** Blocks that are computed again for the backward pass give what blocks that are kept give. */
class BlockPassTest {
    private static final long SEED = 3;
    /** Adam would blow rounding up to the size of a step. */
    private static final OptimizerConfig SGD = new OptimizerConfig(OptimizerConfig.Kind.SGD, 0.01, 0,
            List.of(0.9, 0.999), 1e-8, 0);

    static Stream<NetworkConfig> networks() {
        return Stream.of(Cases.network("model.dropout", 0.3, "model.norm", "batch", "model.layer.bidirectional", true),
                Cases.network("model.layer.mode", "diag", "model.layer.init", "diag-lin", "model.dropout", 0.2),
                Cases.network("model.pool._name_", "linear", "model.pool.expand", 2, "model.pool.stride", 2),
                Cases.network("model.layer", List.of(Map.of("_name_", "lstm"), Map.of("_name_", "ff")), "model.dropout",
                        0.2),
                Cases.network("model.layer",
                        List.of(Map.of("_name_", "attention", "n_heads", 2), Map.of("_name_", "tcn")),
                        "model.dropinp", 0.1));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void recomputedTrainingIsTheSameToRounding(NetworkConfig config) {
        Map<String, double[]> kept = steps(config, false);
        Map<String, double[]> recomputed = steps(config, true);
        assertEquals(kept.keySet(), recomputed.keySet());
        kept.forEach(
                (name, values) -> assertArrayEquals(values, Objects.requireNonNull(recomputed.get(name)), 1e-5, name));
    }

    @Test
    void sashimiToo() {
        NetworkConfig config = Cases.network("model._name_", "sashimi", "model.n_layers", 1, "model.pool",
                List.of(2), "model.layer.n_ssm", 1, "model.dropout", 0.2, "model.unet", true);
        Map<String, double[]> kept = steps(config, false);
        steps(config, true).forEach((name, values) -> assertArrayEquals(kept.get(name), values, 1e-5, name));
    }

    private static Map<String, double[]> steps(NetworkConfig config, boolean recompute) {
        Map<String, double[]> results = new LinkedHashMap<>();
        try (Learner learner = Learner.create(config, new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS,
                SGD, false, false, 1, 0, "cpu", "auto", 2, SEED, recompute))) {
            for (int k = 0; k < 3; k++) {
                Learner.StepResult step = learner.trainStep(
                        Cases.batch(4, 16, config.dInput(), config.dOutput(), k), 1);
                results.put("step " + k, new double[]{step.loss(), step.gradientNorm()});
            }
            results.put("predicted",
                    widened(learner.predict(Cases.batch(4, 16, config.dInput(), config.dOutput(), 9))));
            learner.modelTensors().forEach((name, data) -> results.put(name, data.toDoubles()));
        }
        return results;
    }

    private static double[] widened(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }
}
