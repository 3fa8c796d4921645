package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.SequenceBatch;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;
import s4j.torch.Learner.StepResult;

class LearnerTest {
    private static final int SEED = 21;

    static Stream<NetworkConfig> networks() {
        return Stream.of(
                Cases.network("model.dropout", 0.2, "model.tie_dropout", true, "model.layer.drop_kernel", 0.1),
                Cases.network("model.layer.mode", "diag", "model.layer.init", "diag-lin", "model.dropout", 0.2,
                        "model.norm", "batch", "model.prenorm", false));
    }

    private static LearnerOptions options(long seed, double ema) {
        return new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, OptimizerConfig.DEFAULTS, false, false, 1.0,
                ema, "cpu", "auto", 1, seed);
    }

    private static SequenceBatch batch(int k) { return Cases.batch(6, 16, 3, 5, 100 + k); }

    @ParameterizedTest
    @MethodSource("networks")
    void trainingLearnsATinyTask(NetworkConfig config) {
        // the class is the sign of the mean of one feature
        SequenceBatch noise = Cases.batch(32, 16, 3, 2, SEED);
        int[] labels = new int[32];
        for (int i = 0; i < 32; i++) {
            double sum = 0;
            for (int t = 0; t < 16; t++) {
                sum += noise.x()[(i * 16 + t) * 3 + 1];
            }
            labels[i] = sum > 0 ? 1 : 0;
        }
        SequenceBatch task = new SequenceBatch(32, 16, 3, noise.x(), labels);
        try (Learner learner = Learner.create(config, options(SEED, 0))) {
            double first = learner.trainStep(task, 1).loss();
            StepResult last = learner.trainStep(task, 1);
            for (int k = 0; k < 150; k++) {
                last = learner.trainStep(task, 1);
            }
            assertTrue(last.loss() < 0.3 * first, "loss " + first + " became " + last.loss());
            assertTrue(last.correct() >= 28, "correct " + last.correct() + " of " + last.size());
        }
    }

    @Test
    void withoutALearningRateNothingMoves() {
        try (Learner learner = Learner.create(Cases.network(), options(SEED, 0))) {
            Map<String, TensorData> before = learner.modelTensors();
            learner.trainStep(batch(0), 0);
            assertEquals(before, learner.modelTensors());
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void seedsDecideTheBits(NetworkConfig config) {
        List<Object> once = run(config, options(SEED, 0.9), -1);
        assertEquals(once, run(config, options(SEED, 0.9), -1));
        assertFalse(once.equals(run(config, options(SEED + 1, 0.9), -1)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void restoredTrainingContinuesToTheSameBits(NetworkConfig config) {
        for (double ema : new double[]{0, 0.9}) {
            List<Object> uninterrupted = run(config, options(SEED, ema), -1);
            for (int stop : new int[]{0, 1, 4}) {
                assertEquals(uninterrupted, run(config, options(SEED, ema), stop), "stopped after " + stop + ", ema "
                        + ema);
            }
        }
    }

    /** Results of eight steps and the model; after {@code stop} steps a second learner of another seed goes on. */
    private static List<Object> run(NetworkConfig config, LearnerOptions options, int stop) {
        List<Object> results = new java.util.ArrayList<>();
        Learner learner = Learner.create(config, options);
        for (int k = 0; k < 8; k++) {
            if (k == stop) {
                Map<String, TensorData> state = learner.trainingState();
                learner.close();
                LearnerOptions other = new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, options.optimizer(),
                        false, false, 1.0, options.ema(), "cpu",
                        "auto",
                        1, options.seed() + 99);
                learner = Learner.create(config, other);
                learner.trainStep(batch(50), 1); // leaves traces everywhere, the random state included
                learner.restore(state);
                assertEquals(state, learner.trainingState());
            }
            results.add(learner.trainStep(batch(k), 1 - k / 16.0));
        }
        results.add(Arrays.toString(learner.predict(batch(60))));
        results.add(learner.modelTensors());
        results.add(learner.trainingState());
        learner.close();
        return results;
    }

    @Test
    void movingAverageIsWhatEvaluationAndTheModelFileUse() {
        double decay = 0.6;
        NetworkConfig config = Cases.network();
        try (Learner averaged = Learner.create(config, options(SEED, decay));
                Learner plain = Learner.create(config, options(SEED, 0))) {
            Map<String, double[]> expected = doubles(plain.modelTensors());
            assertEquals(plain.modelTensors(), averaged.modelTensors());
            for (int k = 0; k < 4; k++) {
                assertEquals(plain.trainStep(batch(k), 1), averaged.trainStep(batch(k), 1));
                doubles(plain.modelTensors()).forEach((name, weights) -> {
                    double[] mean = expected.get(name);
                    for (int i = 0; mean != null && i < mean.length; i++) {
                        mean[i] = decay * mean[i] + (1 - decay) * weights[i];
                    }
                });
            }
            doubles(averaged.modelTensors()).forEach((name, values) -> Comparison.requireClose(name, SEED, values,
                    java.util.Objects.requireNonNull(expected.get(name)), Tolerances.OPTIMIZER_FLOAT32));
            float[] scores = averaged.predict(batch(9));
            plain.loadModel(averaged.modelTensors());
            assertArrayEquals(plain.predict(batch(9)), scores);
            // predicting exchanges weights and averages; both are back
            assertEquals(averaged.trainingState(), averaged.trainingState());
        }
    }

    private static Map<String, double[]> doubles(Map<String, TensorData> tensors) {
        Map<String, double[]> values = new LinkedHashMap<>();
        tensors.forEach((name, data) -> values.put(name, data.toDoubles()));
        return values;
    }

    @ParameterizedTest
    @MethodSource("networks")
    void predictionsDoNotDependOnTheBatch(NetworkConfig config) {
        try (Learner learner = Learner.create(config, options(SEED, 0))) {
            for (int k = 0; k < 5; k++) {
                learner.trainStep(batch(k), 1);
            }
            SequenceBatch all = Cases.batch(7, 16, 3, 5, SEED);
            float[] together = learner.predict(all);
            float[] alone = new float[together.length];
            for (int i = 0; i < 7; i++) {
                float[] x = Arrays.copyOfRange(all.x(), i * 48, (i + 1) * 48);
                System.arraycopy(learner.predict(new SequenceBatch(1, 16, 3, x, new int[1])), 0, alone, i * 5, 5);
            }
            Comparison.requireClose("batches of one", SEED, alone, together, Tolerances.BATCH_FLOAT32);
        }
    }

    @Test
    void smallestSizesTrain() {
        for (String mode : new String[]{"nplr", "diag"}) {
            String init = mode.equals("nplr") ? "dplr-lin" : "diag-lin";
            for (int length : new int[]{1, 2, 5}) {
                NetworkConfig config = Cases.network("d_input", 1, "d_output", 2, "l_max", length, "model.d_model", 1,
                        "model.n_layers", 1, "model.layer.mode", mode, "model.layer.init", init, "model.layer.d_state",
                        2);
                try (Learner learner = Learner.create(config, options(SEED, 0))) {
                    for (int k = 0; k < 3; k++) {
                        StepResult step = learner.trainStep(Cases.batch(1, length, 1, 2, k), 1);
                        assertTrue(Double.isFinite(step.loss()) && step.size() == 1);
                    }
                    assertEquals(2, learner.predict(Cases.batch(1, length, 1, 2, 9)).length);
                    assertEquals(length, learner.kernel(0, length).length);
                }
            }
        }
    }

    @Test
    void parametersAreListedWithTheirGroups() {
        try (Learner learner = Learner.create(Cases.network(), options(SEED, 0))) {
            Map<String, Learner.ParameterInfo> byName = new LinkedHashMap<>();
            learner.parameters().forEach(p -> byName.put(p.name(), p));
            Map<String, TensorData> tensors = learner.modelTensors();
            tensors.keySet().removeIf(name -> name.endsWith("l_kernel"));
            assertEquals(tensors.keySet(), byName.keySet());
            assertEquals(
                    new Learner.ParameterInfo("model.layers.0.layer.layer.kernel.P", List.of(1L, 4L, 4L, 2L), 0.001,
                            0.0),
                    byName.get("model.layers.0.layer.layer.kernel.P"));
            assertEquals(new Learner.ParameterInfo("encoder.0.weight", List.of(4L, 3L), 0.01, 0.01),
                    byName.get("encoder.0.weight"));
            assertTrue(learner.describe().contains("libtorch") && learner.describe().contains("device cpu"));
            assertTrue(learner.fingerprint().startsWith("device=cpu threads=1 "));
        }
    }

    @Test
    void foreignTensorsAreRefusedAndChangeNothing() {
        try (Learner learner = Learner.create(Cases.network(), options(SEED, 0))) {
            Map<String, TensorData> before = learner.trainingState();
            Map<String, TensorData> model = new LinkedHashMap<>(learner.modelTensors());
            model.put("encoder.0.weight", TensorData.of(new float[4], 4, 1));
            assertEquals("tensor encoder.0.weight has shape [4, 1]; expected [4, 3]",
                    Refusal.messageOf(() -> learner.loadModel(model)));
            model.remove("encoder.0.weight");
            assertEquals("tensor encoder.0.weight is missing; expected shape [4, 3]",
                    Refusal.messageOf(() -> learner.loadModel(model)));
            Map<String, TensorData> more = new LinkedHashMap<>(learner.modelTensors());
            more.put("surplus", TensorData.of(new float[1], 1));
            assertEquals("tensor surplus has no place in this network",
                    Refusal.messageOf(() -> learner.loadModel(more)));
            Map<String, TensorData> state = new LinkedHashMap<>(before);
            state.remove("optimizer.m.encoder.0.weight");
            state.put("raw.encoder.0.weight", TensorData.of(new float[12], 4, 3));
            assertTrue(Refusal.messageOf(() -> learner.restore(state))
                    .startsWith("training state has no tensor optimizer.m.encoder.0.weight"));
            state.put("optimizer.m.encoder.0.weight", TensorData.of(new double[12], 4, 3));
            assertEquals("training state: tensor optimizer.m.encoder.0.weight is F64[4, 3]; expected F32[4, 3]",
                    Refusal.messageOf(() -> learner.restore(state)));
            assertEquals(before, learner.trainingState());
        }
    }

    @Test
    void unusableOptionsAreRefused() {
        assertTrue(Refusal
                .messageOf(() -> Learner.create(Cases.network(),
                        new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, OptimizerConfig.DEFAULTS,
                                false, false, 1, 0, "gpu", "auto", 1, 0)))
                .startsWith("trainer.device=gpu; expected auto, cpu or cuda"));
        assertTrue(Refusal.messageOf(() -> Learner.create(Cases.network("model.layer.n_ssm", 3), options(0, 0)))
                .startsWith("n_ssm 3 does not divide the 4 features"));
        assertTrue(Refusal.messageOf(() -> Learner.create(Cases.network("model.layer.bottleneck", 3), options(0, 0)))
                .startsWith("bottleneck 3 does not divide d_model 4"));
        assertTrue(Refusal.messageOf(() -> Learner.create(Cases.network("encoder._name_", "id"), options(0, 0)))
                .startsWith("encoder id passes 3 values a step, the model has d_model 4"));
        assertTrue(Refusal.messageOf(() -> Learner.create(
                Cases.network("model.layer.final_act", null, "model.layer.channels", 2), options(0, 0)))
                .startsWith("final_act null leaves 8 features, the model has 4"));
        try (Learner learner = Learner.create(Cases.network(), options(0, 0))) {
            assertEquals("training needs a label for each sequence",
                    Refusal.messageOf(() -> learner.trainStep(unlabelled(batch(0)), 1)));
            assertTrue(Refusal.messageOf(() -> learner.trainStep(
                    new SequenceBatch(1, 1, 3, new float[3], new int[]{5}), 1)).startsWith("label 5"));
            assertTrue(Refusal.messageOf(() -> learner.predict(new SequenceBatch(1, 1, 2, new float[2], new int[1])))
                    .startsWith("batch has 2 values a step; expected 3"));
        }
    }

    @SuppressWarnings("NullAway") // it does not see @Nullable of array components in other modules
    private static SequenceBatch unlabelled(SequenceBatch batch) {
        return new SequenceBatch(batch.size(), batch.length(), batch.features(), batch.x());
    }
}
