package s4j.torch.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.model.ObjectiveConfig;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;
import s4j.testkit.Refusal;
import s4j.torch.FiniteDifferences;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;

/** What every loss owes: a gradient, a mask, agreement with the definition and with s4-runtime's reading of outputs. */
final class ObjectiveTest {
    private static final long SEED = 20;
    private static final int B = 5;
    private static final int T = 3;
    private static final int D = 2;

    private static Device cpu() { return new Device("cpu"); }

    static Stream<ObjectiveConfig> ofNumbers() {
        return Stream.of(ObjectiveConfig.Mse.DEFAULTS, ObjectiveConfig.Mae.DEFAULTS,
                new ObjectiveConfig.Huber("huber", 0.3),
                ObjectiveConfig.Gaussian.DEFAULTS, ObjectiveConfig.StudentT.DEFAULTS,
                new ObjectiveConfig.Quantile("quantile", List.of(0.1, 0.5, 0.8)),
                ObjectiveConfig.BinaryCrossEntropy.DEFAULTS);
    }

    static Stream<ObjectiveConfig> ofClasses() {
        return Stream.of(ObjectiveConfig.CrossEntropy.DEFAULTS,
                new ObjectiveConfig.CrossEntropy("cross_entropy", 0.2, null, false),
                new ObjectiveConfig.CrossEntropy("cross_entropy", 0.1, List.of(1.0, 0.0, 3.5), false));
    }

    private static double[] noise(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] v = new double[n];
        Arrays.setAll(v, i -> random.nextGaussian());
        return v;
    }

    /** Of probabilities the targets lie between 0 and 1. */
    private static double target(ObjectiveConfig config, double v) {
        return config instanceof ObjectiveConfig.BinaryCrossEntropy ? 1 / (1 + Math.exp(-v)) : v;
    }

    private static Targets.Values targets(ObjectiveConfig config, float @Nullable [] mask) {
        double[] v = noise(B * T * D, SEED + 1);
        float[] values = new float[v.length];
        for (int i = 0; i < v.length; i++) {
            values[i] = (float) target(config, v[i]);
        }
        return mask == null ? new Targets.Values(T, D, values) : new Targets.Values(T, D, values, mask);
    }

    @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
    private static SequenceBatch batch(Targets targets) {
        return new SequenceBatch(B, 1, 1, new float[B], null, targets);
    }

    private static Goals goals(Targets targets, int classes) {
        Goals goals = Goals.of(batch(targets), classes, cpu());
        return targets instanceof Targets.Values
                ? new Goals(goals.values().to(ScalarType.Double), goals.mask())
                : goals;
    }

    @ParameterizedTest
    @MethodSource("ofNumbers")
    void gradientsOfNumbersMatchFiniteDifferences(ObjectiveConfig config) {
        float[] mask = new float[B * T * D];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % 4 == 1 ? 0 : 1;
        }
        for (float @Nullable [] m : new float[][]{null, mask}) {
            int width = config
                    .outputs(TargetSpec.Values.of(T, List.of("a", "b"), List.of(0.0, 0.0), List.of(1.0, 1.0)));
            try (var _ = NativeScope.open(); var store = new ParameterStore(SEED, cpu(), ScalarType.Double)) {
                Objective objective = Objective.of(config, store);
                Parameter o = store.add("outputs", Parameter.Role.WEIGHT, noise(B * width, SEED), B, width);
                Goals goals = goals(targets(config, m), width);
                FiniteDifferences.requireGradients(config.name(), SEED, 1e-5, store.trained(),
                        () -> objective.loss(o.value(), goals).mean());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ofClasses")
    void gradientsOfClassesMatchFiniteDifferences(ObjectiveConfig config) {
        try (var _ = NativeScope.open(); var store = new ParameterStore(SEED, cpu(), ScalarType.Double)) {
            Objective objective = Objective.of(config, store);
            Parameter o = store.add("outputs", Parameter.Role.WEIGHT, noise(B * 3, SEED), B, 3);
            Goals goals = goals(new Targets.Classes(new int[]{0, 2, 2, 1, 0}), 3);
            FiniteDifferences.requireGradients(config.name(), SEED, store.trained(),
                    () -> objective.loss(o.value(), goals).mean());
        }
    }

    @ParameterizedTest
    @MethodSource("ofNumbers")
    void whatDoesNotCountMayBeAnything(ObjectiveConfig config) {
        int width = config.outputs(TargetSpec.Values.of(T, List.of("a", "b"), List.of(0.0, 0.0), List.of(1.0, 1.0)));
        float[] mask = new float[B * T * D];
        Arrays.fill(mask, 0, T * D, 1); // the first sequence alone counts
        Targets.Values known = targets(config, mask);
        float[] spoilt = known.values().clone();
        Arrays.fill(spoilt, T * D, spoilt.length, Float.NaN);
        double[] outputs = noise(B * width, SEED);
        try (var _ = NativeScope.open(); var store = new ParameterStore(SEED, cpu(), ScalarType.Double)) {
            Objective objective = Objective.of(config, store);
            Tensor all = Tensor.create(outputs, B, width);
            Objective.Loss alone = objective.loss(all.narrow(0, 0, 1), new Goals(
                    goals(known, width).values().narrow(0, 0, 1), null));
            Objective.Loss masked = objective.loss(all, goals(new Targets.Values(T, D, spoilt, mask), width));
            assertEquals(T * D, masked.size());
            assertEquals(alone.mean().item().toDouble(), masked.mean().item().toDouble(), 1e-12, config.name());
        }
    }

    @ParameterizedTest
    @MethodSource("ofNumbers")
    void thePointIsWhereTheLossOfASymmetricTargetIsLeast(ObjectiveConfig config) {
        // the loss of a target at the predicted point is at most that of targets a little above and below
        int p = config.parameters();
        double[] outputs = noise(p, SEED);
        float[] asFloats = new float[p];
        for (int i = 0; i < p; i++) {
            asFloats[i] = (float) outputs[i];
        }
        float point = new Outputs(config).points(asFloats)[0];
        if (config instanceof ObjectiveConfig.Quantile) {
            return; // of several levels the sum is least elsewhere; the next test ties quantiles
        }
        try (var _ = NativeScope.open(); var store = new ParameterStore(SEED, cpu(), ScalarType.Double)) {
            Objective objective = Objective.of(config, store);
            double[] losses = new double[3];
            for (int k = -1; k <= 1; k++) {
                Tensor y = Tensor.create(new double[]{point + 0.05 * k}, 1, 1, 1);
                losses[k + 1] = objective.loss(Tensor.create(outputs, 1, p), new Goals(y, null)).mean().item()
                        .toDouble();
            }
            boolean binary = config instanceof ObjectiveConfig.BinaryCrossEntropy; // linear in the target
            assertTrue(binary || (losses[1] <= losses[0] && losses[1] <= losses[2]),
                    config + " " + Arrays.toString(losses));
        }
    }

    @Test
    void quantilesDoNotCrossAndAreReadAsTheyAreTrained() {
        List<Double> levels = List.of(0.1, 0.5, 0.9);
        ObjectiveConfig.Quantile config = new ObjectiveConfig.Quantile("quantile", levels);
        double[] o = {-1, -30, 2}; // the second barely adds
        double median = -1 + Outputs.softplus(-30);
        double high = median + Outputs.softplus(2);
        assertArrayEquals(new float[]{(float) median}, new Outputs(config).points(new float[]{-1, -30, 2}), 1e-6f);
        double y = 0.7;
        double expected = 0;
        double[] q = {-1, median, high};
        for (int i = 0; i < 3; i++) {
            expected += Math.max(levels.get(i) * (y - q[i]), (levels.get(i) - 1) * (y - q[i])) / 3;
        }
        assertEquals(expected, value(config, o, y), 1e-12);
    }

    @Test
    void densitiesAreTheirDefinitions() {
        double sigma = Outputs.softplus(0.4) + Outputs.LEAST_SCALE;
        double z = (0.7 + 0.2) / sigma;
        assertEquals(0.5 * z * z + Math.log(sigma * Math.sqrt(2 * Math.PI)),
                value(ObjectiveConfig.Gaussian.DEFAULTS, new double[]{-0.2, 0.4}, 0.7), 1e-12);
        // ν = 3: t(z) = 2 / (π √3 (1 + z²/3)²)
        double raw = Math.log(Math.expm1(1)); // softplus(raw) = 1
        double density = 2 / (Math.PI * Math.sqrt(3) * Math.pow(1 + z * z / 3, 2)) / sigma;
        assertEquals(-Math.log(density), value(ObjectiveConfig.StudentT.DEFAULTS, new double[]{-0.2, 0.4, raw}, 0.7),
                1e-12);
    }

    private static double value(ObjectiveConfig config, double[] outputs, double y) {
        try (var _ = NativeScope.open(); var store = new ParameterStore(SEED, cpu(), ScalarType.Double)) {
            return Objective.of(config, store).loss(Tensor.create(outputs, 1, outputs.length),
                    new Goals(Tensor.create(new double[]{y}, 1, 1, 1), null)).mean().item().toDouble();
        }
    }

    @Test
    void oneLogitOfTwoClassesIsTheCrossEntropyOfTwo() {
        int[] labels = {0, 1, 1, 0, 1};
        double[] z = noise(B, SEED);
        double[] two = new double[2 * B];
        for (int i = 0; i < B; i++) {
            two[2 * i + 1] = z[i];
        }
        try (var _ = NativeScope.open(); var store = new ParameterStore(SEED, cpu(), ScalarType.Double)) {
            Goals goals = goals(new Targets.Classes(labels), 2);
            Objective.Loss one = Objective.of(ObjectiveConfig.BinaryCrossEntropy.DEFAULTS, store)
                    .loss(Tensor.create(z, B, 1), goals);
            Objective.Loss both = Objective.of(ObjectiveConfig.CrossEntropy.DEFAULTS, store)
                    .loss(Tensor.create(two, B, 2), goals);
            assertEquals(both.mean().item().toDouble(), one.mean().item().toDouble(), 1e-12);
            assertEquals(both.correct(), one.correct());
        }
        float[] scores = new Outputs(ObjectiveConfig.BinaryCrossEntropy.DEFAULTS).scores(new float[]{0.3f});
        assertArrayEquals(new float[]{0, 0.3f}, scores);
    }

    @Test
    void lossesThatDoNotFitTheirTargetsAreRefused() {
        TargetSpec classes = TargetSpec.Classes.of(List.of("a", "b", "c"));
        assertTrue(
                Refusal.messageOf(() -> ObjectiveConfig.Mse.DEFAULTS.outputs(classes)).contains("use cross_entropy"));
        assertTrue(Refusal.messageOf(() -> ObjectiveConfig.BinaryCrossEntropy.DEFAULTS.outputs(classes))
                .contains("it is for two classes, there are 3"));
        assertTrue(Refusal.messageOf(() -> ObjectiveConfig.CrossEntropy.DEFAULTS.outputs(TargetSpec.Values.DEFAULTS))
                .contains("task=regression"));
        assertTrue(Refusal.messageOf(() -> new ObjectiveConfig.CrossEntropy("cross_entropy", 0, List.of(1.0), false)
                .outputs(classes)).contains("class_weights: got 1"));
        assertTrue(Refusal.messageOf(() -> new ObjectiveConfig.Quantile("quantile", List.of(0.5, 0.1)))
                .contains("ascending"));
    }

    /** Training starts where a standard normal target is expected: at quantiles of N(0, 1), a spread of 1. */
    @Test
    void outputsStartAtTheStandardNormalDistribution() {
        for (ObjectiveConfig c : List.of(ObjectiveConfig.Gaussian.DEFAULTS, ObjectiveConfig.StudentT.DEFAULTS,
                ObjectiveConfig.Quantile.DEFAULTS)) {
            float[] start = new float[c.parameters()];
            for (int i = 0; i < start.length; i++) {
                start[i] = (float) c.start()[i];
            }
            Outputs reading = new Outputs(c);
            assertEquals(0, reading.quantile(start, 0, 0.5), 1e-6, c.name());
            assertEquals(1.2816, reading.quantile(start, 0, 0.9), 0.08, c.name());
            assertEquals(-1.2816, reading.quantile(start, 0, 0.1), 0.08, c.name());
        }
        assertArrayEquals(new double[]{0}, ObjectiveConfig.Mse.DEFAULTS.start());
    }
}
