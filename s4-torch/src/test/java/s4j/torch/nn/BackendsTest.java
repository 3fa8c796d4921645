package s4j.torch.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.model.NetworkConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.S4LayerConfig;
import s4j.testkit.Comparison;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.Learner;
import s4j.torch.LearnerOptions;
import s4j.torch.OptimizerConfig;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** s4j's own kernels under a block give the outputs and gradients of the plain libtorch operations. */
class BackendsTest {
    private static final int SEED = 23;
    private static final int H = 4;

    static Stream<S4LayerConfig> layers() {
        return Stream.of(Cases.layer("mode", "nplr"), Cases.layer("mode", "nplr", "n_ssm", 1, "channels", 3),
                Cases.layer("mode", "nplr", "init", "legt", "rank", 2, "dt_tie", false, "bidirectional", true),
                Cases.layer("mode", "nplr", "rank", 3, "activation", "glu"),
                Cases.layer("mode", "nplr", "init", "dplr-lin", "P_scale", 0.1, "d_state", 2, "final_act", "id"),
                Cases.layer("mode", "diag", "init", "diag-lin"),
                Cases.layer("mode", "diag", "init", "diag-lin", "bidirectional", true, "n_ssm", 2),
                Cases.layer("mode", "diag", "init", "diag-inv", "disc", "bilinear", "channels", 2),
                Cases.layer("mode", "diag", "init", "diag-legs", "dt_tie", false, "bandlimit", 0.5),
                Cases.layer("mode", "diag", "init", "diag-lin", "disc", "dss"),
                Cases.layer("mode", "diag", "init", "diag-inv", "gate", 1, "bottleneck", 2, "final_act", null),
                Cases.layer("mode", "diag", "init", "diag-real", "d_state", 2, "real_transform", "softplus", "l_max",
                        5));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void ownKernelsEqualLibtorch(S4LayerConfig config) {
        for (int length : Sizes.all()) {
            if (length > 300) {
                continue;
            }
            Map<String, double[]> expected = results(config, length, "torch");
            for (String word : new String[]{"scalar", "auto"}) {
                results(config, length, word).forEach((name, values) -> Comparison.requireClose(config.mode() + " "
                        + config.init() + " " + word + ", L " + length + ": " + name, SEED, values,
                        java.util.Objects.requireNonNull(expected.get(name)), Tolerances.BACKEND_FLOAT32));
            }
        }
    }

    /** Residuals lead the backward pass around each layer: the gradient of every parameter must still arrive once. */
    static Stream<NetworkConfig> networks() {
        return Stream.of(Cases.network(), Cases.network("model.layer.channels", 2, "model.layer.n_ssm", 1),
                Cases.network("model.layer.channels", 3, "model.layer.mode", "diag", "model.layer.init", "diag-lin"),
                Cases.network("model.layer.bottleneck", 2, "model.prenorm", false),
                Cases.network("model.layer.activation", "glu", "model.layer.bidirectional", true),
                Cases.network("model.layer.channels", 2, "model.layer.final_act", "id", "model.norm", "none"),
                Cases.network("model.layer.channels", 2, "model.pool._name_", "linear", "model.pool.expand", 2));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void ownKernelsTrainNetworksAsLibtorchDoes(NetworkConfig config) {
        Map<String, double[]> expected = steps(config, "torch");
        for (String word : new String[]{"scalar", "auto"}) {
            steps(config, word).forEach((name, values) -> Comparison.requireClose(word + ": " + name, SEED, values,
                    java.util.Objects.requireNonNull(expected.get(name)), Tolerances.BACKEND_FLOAT32));
        }
    }

    /** Loss and gradient norm of three steps: SGD, as Adam would blow rounding up to the size of a step. */
    private static Map<String, double[]> steps(NetworkConfig config, String word) {
        var sgd = new OptimizerConfig(OptimizerConfig.Kind.SGD, 0.01, 0, List.of(0.9, 0.999), 1e-8, 0);
        Map<String, double[]> results = new LinkedHashMap<>();
        try (Learner learner = Learner.create(config,
                new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, sgd, false, false, 1, 0, "cpu", word, 2,
                        SEED))) {
            for (int k = 0; k < 3; k++) {
                Learner.StepResult step = learner.trainStep(Cases.batch(4, 16, 3, 5, k), 1);
                results.put("step " + k, new double[]{step.loss(), step.gradientNorm()});
            }
            learner.modelTensors().forEach((name, data) -> results.put(name, data.toDoubles()));
        }
        return results;
    }

    private static Map<String, double[]> results(S4LayerConfig config, int length, String word) {
        Map<String, double[]> results = new LinkedHashMap<>();
        try (ParameterStore store = new ParameterStore(SEED, new Device("cpu"), ScalarType.Float);
                Kernels kernels = Kernels.of(word, true, 2);
                var _ = NativeScope.open()) {
            S4Block block = new S4Block(config, H, length, 0, "", store, kernels);
            Parameter u = store.add("u", Parameter.Role.WEIGHT, Cases.noise(2 * length * H, SEED), 2, length, H);
            Tensor y = block.forward(u.value(), null, 1, null, true).y();
            y.mul(Cases.input(SEED + 1, 2, length, H).to(ScalarType.Float)).sum().backward();
            results.put("y", Tensors.doubles(y));
            double scale = 0;
            for (Parameter p : store.trained()) {
                for (double g : Tensors.doubles(p.value().grad())) {
                    scale += g * g;
                }
            }
            // one vector, as a gradient that is 0 by its nature (dt of a kernel of one step) is rounding in both
            for (Parameter p : store.trained()) {
                double[] g = Tensors.doubles(p.value().grad());
                double[] withScale = java.util.Arrays.copyOf(g, g.length + 1);
                withScale[g.length] = 1e-3 * Math.sqrt(scale);
                results.put("gradient of " + p.name(), withScale);
            }
        }
        return results;
    }
}
