package s4j.torch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.io.TensorData;
import s4j.model.ObjectiveConfig;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.LearnerOptions;
import s4j.torch.OptimizerConfig;
import s4j.torch.OptimizerConfig.Kind;
import s4j.torch.nn.Network;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

class OptimizerTest {
    private static final int SEED = 3;
    private static final int STEPS = 20;
    private static final int SIZE = 50;

    static Stream<OptimizerConfig> configs() {
        return Stream.of(Kind.values()).flatMap(kind -> Stream.of(0.0, 0.1).map(decay -> new OptimizerConfig(kind, 0.03,
                decay, List.of(0.8, 0.95), 1e-7, 0.9)));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void updatesEqualThoseOfLibtorch(OptimizerConfig config) {
        for (ScalarType type : new ScalarType[]{ScalarType.Double, ScalarType.Float}) {
            try (ParameterStore store = new ParameterStore(SEED, new Device("cpu"), type); var _ = NativeScope.open()) {
                Parameter ours = store.add("p", Parameter.Role.WEIGHT, Cases.noise(SIZE, SEED), SIZE);
                Tensor theirs = ours.value().detach().clone().requires_grad_(true);
                org.bytedeco.pytorch.Optimizer libtorch = libtorch(config, theirs);
                try (Optimizer optimizer = new Optimizer(config,
                        List.of(new ParameterGroup(config.lr(), config.weightDecay(), List.of(ours))))) {
                    for (int k = 0; k < STEPS; k++) {
                        Tensor gradient = Cases.input(SEED + k, SIZE).to(type);
                        ours.value().mutable_grad().put(gradient.clone());
                        theirs.mutable_grad().put(gradient.clone());
                        optimizer.step(1);
                        libtorch.step();
                        Comparison.requireClose(config.name() + " " + type + " step " + k, SEED + k,
                                Tensors.doubles(ours.value()), Tensors.doubles(theirs),
                                type == ScalarType.Double ? Tolerances.CLOSED_FORM : Tolerances.OPTIMIZER_FLOAT32);
                    }
                }
            }
        }
    }

    private static org.bytedeco.pytorch.Optimizer libtorch(OptimizerConfig c, Tensor p) {
        TensorVector parameters = new TensorVector(p);
        return switch (c.name()) {
            case ADAMW -> {
                AdamWOptions options = new AdamWOptions(c.lr());
                options.weight_decay().put(c.weightDecay());
                options.eps().put(c.eps());
                betas(options.betas(), c);
                yield new AdamW(parameters, options);
            }
            case ADAM -> {
                AdamOptions options = new AdamOptions(c.lr());
                options.weight_decay().put(c.weightDecay());
                options.eps().put(c.eps());
                betas(options.betas(), c);
                yield new Adam(parameters, options);
            }
            case SGD -> {
                SGDOptions options = new SGDOptions(c.lr());
                options.weight_decay().put(c.weightDecay());
                options.momentum().put(c.momentum());
                yield new SGD(parameters, options);
            }
        };
    }

    private static void betas(DoublePointer betas, OptimizerConfig c) {
        int second = betas.get(0) == 0.999 ? 0 : 1; // a C++ tuple, whose order in memory is the compiler's
        betas.put(1 - second, c.betas().get(0));
        betas.put(second, c.betas().get(1));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void restoredStateContinuesToTheSameBits(OptimizerConfig config) {
        float[] uninterrupted = run(config, -1);
        for (int stop : new int[]{0, 1, 7}) {
            assertArrayEquals(uninterrupted, run(config, stop), config.name() + " stopped after " + stop);
        }
    }

    /** The parameter after all steps; after {@code stop} of them a second optimizer takes over the state. */
    private static float[] run(OptimizerConfig config, int stop) {
        try (ParameterStore store = new ParameterStore(SEED, new Device("cpu"), ScalarType.Float);
                var _ = NativeScope.open()) {
            Parameter p = store.add("p", Parameter.Role.WEIGHT, Cases.noise(SIZE, SEED), SIZE);
            List<ParameterGroup> groups = List.of(new ParameterGroup(config.lr(), config.weightDecay(), List.of(p)));
            Optimizer optimizer = new Optimizer(config, groups);
            for (int k = 0; k < STEPS; k++) {
                if (k == stop) {
                    Map<String, TensorData> state = optimizer.state();
                    optimizer.close();
                    optimizer = new Optimizer(config, groups);
                    optimizer.restore(state);
                    assertEquals(state, optimizer.state());
                }
                p.value().mutable_grad().put(Cases.input(SEED + k, SIZE).to(ScalarType.Float));
                optimizer.step(1 - k / 40.0);
            }
            optimizer.close();
            return Tensors.floats(p.value());
        }
    }

    @Test
    void stateOfAnotherOptimizerIsRefused() {
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.open()) {
            Parameter p = store.add("p", Parameter.Role.WEIGHT, Cases.noise(SIZE, SEED), SIZE);
            List<ParameterGroup> groups = List.of(new ParameterGroup(1, 0, List.of(p)));
            try (Optimizer sgd = new Optimizer(config(Kind.SGD), groups);
                    Optimizer adam = new Optimizer(config(Kind.ADAM), groups)) {
                assertEquals("training state has no tensor optimizer.v.p; it was saved by another optimizer or another "
                        + "network", Refusal.messageOf(() -> adam.restore(sgd.state())));
            }
        }
        assertTrue(Refusal.messageOf(() -> new OptimizerConfig(Kind.ADAM, 1, 0, List.of(0.9, 1.0), 0, 0))
                .startsWith("betas [0.9, 1.0]; expected two numbers in [0, 1)"));
    }

    private static OptimizerConfig config(Kind kind) {
        return new OptimizerConfig(kind, 0.1, 0, List.of(0.9, 0.999), 1e-8, 0);
    }

    @Test
    void parametersWithoutAGradientStay() {
        for (Kind kind : Kind.values()) {
            try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.open()) {
                Parameter p = store.add("p", Parameter.Role.WEIGHT, Cases.noise(SIZE, SEED), SIZE);
                double[] before = Tensors.doubles(p.value());
                try (Optimizer optimizer = new Optimizer(config(kind), List.of(new ParameterGroup(1, 1, List.of(p))))) {
                    optimizer.step(1);
                }
                assertArrayEquals(before, Tensors.doubles(p.value()));
            }
        }
    }

    @Test
    void groupsPartitionTheParameters() {
        for (Object[] options : new Object[][]{{}, {"model.layer.mode", "diag", "model.layer.init", "diag-lin",
                "model.norm", "batch"}, {"encoder._name_", "embedding", "model.pool._name_", "linear"},
                {"model.layer.gate", 2, "model.layer.bottleneck", 2}}) {
            try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.open()) {
                var _ = new Network(Cases.network(options), store, Kernels.torch());
                List<ParameterGroup> groups = ParameterGroup.of(store.trained(), Cases.learner(SEED));
                List<Parameter> members = groups.stream().flatMap(g -> g.parameters().stream()).toList();
                assertEquals(store.trained().size(), members.size());
                assertEquals(java.util.Set.copyOf(store.trained()), java.util.Set.copyOf(members));
                assertEquals(groups.size(),
                        groups.stream().map(g -> List.of(g.lr(), g.weightDecay())).distinct().count());
                for (ParameterGroup group : groups) {
                    for (Parameter p : group.parameters()) {
                        requireOfficial(p, group, false, false);
                    }
                }
            }
        }
    }

    @Test
    void biasesAndNormsDecayOnRequest() {
        for (int which = 0; which < 4; which++) {
            boolean biases = (which & 1) != 0;
            boolean norms = (which & 2) != 0;
            LearnerOptions o = Cases.learner(SEED);
            LearnerOptions options = new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, o.optimizer(), biases,
                    norms, 0, 0, "cpu", "auto", 1, SEED);
            try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.open()) {
                var _ = new Network(Cases.network("encoder._name_", "embedding"), store, Kernels.torch());
                for (ParameterGroup group : ParameterGroup.of(store.trained(), options)) {
                    group.parameters().forEach(p -> requireOfficial(p, group, biases, norms));
                }
            }
        }
    }

    /** A, B, dt and P: lr 0.001, no decay; C, D and weights decay by 0.01; biases, norms and embeddings on request. */
    private static void requireOfficial(Parameter p, ParameterGroup group, boolean biases, boolean norms) {
        String name = p.name();
        boolean ssm = name.matches(".*\\.kernel\\.(A_real|A_imag|B|P|inv_dt)");
        boolean norm = name.contains("norm.");
        boolean bias = (!norm && name.endsWith(".bias")) || p.role() == Parameter.Role.EMBEDDING;
        boolean decays = !ssm && (norm ? norms : !bias || biases);
        assertEquals(ssm ? 0.001 : 0.01, group.lr(), name);
        assertEquals(decays ? 0.01 : 0, group.weightDecay(), name);
    }

    @Test
    void clippingEqualsThatOfLibtorch() {
        for (double max : new double[]{0.1, 1, 1000}) {
            try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.open()) {
                Parameter a = store.add("a", Parameter.Role.WEIGHT, new double[7], 7);
                Parameter b = store.add("b", Parameter.Role.WEIGHT, new double[6], 2, 3);
                Parameter none = store.add("none", Parameter.Role.WEIGHT, new double[2], 2);
                Tensor theirA = a.value().detach().clone().requires_grad_(true);
                Tensor theirB = b.value().detach().clone().requires_grad_(true);
                for (Tensor t : new Tensor[]{a.value(), theirA}) {
                    t.mutable_grad().put(Cases.input(SEED, 7));
                }
                for (Tensor t : new Tensor[]{b.value(), theirB}) {
                    t.mutable_grad().put(Cases.input(SEED + 1, 2, 3));
                }
                double theirs = torch.clip_grad_norm_(new TensorVector(theirA, theirB), max, 2, false);
                List<Parameter> all = List.of(a, b, none);
                double norm = Gradients.norm(all);
                Gradients.clip(all, norm, max);
                Comparison.requireClose("norm", SEED, new double[]{norm}, new double[]{theirs}, Tolerances.CLOSED_FORM);
                Comparison.requireClose("a, max " + max, SEED, Tensors.doubles(a.value().grad()),
                        Tensors.doubles(theirA.grad()), Tolerances.CLOSED_FORM);
                Comparison.requireClose("b, max " + max, SEED, Tensors.doubles(b.value().grad()),
                        Tensors.doubles(theirB.grad()), Tolerances.CLOSED_FORM);
            }
        }
    }

    @Test
    void movingAverageFollowsItsFormula() {
        double decay = 0.7;
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Parameter p = store.add("p", Parameter.Role.WEIGHT, Cases.noise(SIZE, SEED), SIZE);
            double[] expected = Tensors.doubles(p.value());
            double[] weights = expected;
            try (MovingAverage average = new MovingAverage(decay, List.of(p))) {
                for (int k = 1; k <= 5; k++) {
                    weights = Cases.noise(SIZE, SEED + k);
                    p.value().copy_(Tensor.create(weights, SIZE));
                    average.update();
                    for (int i = 0; i < SIZE; i++) {
                        expected[i] = decay * expected[i] + (1 - decay) * weights[i];
                    }
                }
                average.swap();
                Comparison.requireClose("average", SEED, Tensors.doubles(p.value()), expected, Tolerances.CLOSED_FORM);
                average.swap();
                assertArrayEquals(weights, Tensors.doubles(p.value()));
                try (MovingAverage restored = new MovingAverage(decay, List.of(p))) {
                    restored.restore(average.state());
                    assertEquals(average.state(), restored.state());
                    assertEquals("training state has no tensor ema.p; it was saved without train.ema",
                            Refusal.messageOf(() -> restored.restore(Map.of())));
                }
            }
        }
    }
}
