package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;
import s4j.torch.Learner.NonFiniteException;
import s4j.torch.Learner.StepResult;

/** A loss or gradient that is not finite stops the step with a name and leaves everything as it was. */
class NonFiniteTest {
    private static final int SEED = 2;

    @Test
    void lossStopsAndLeavesParametersAndStatistics() {
        for (String norm : new String[]{"layer", "batch"}) {
            try (Learner learner = Learner.create(Cases.network("model.norm", norm), Cases.learner(SEED))) {
                learner.trainStep(Cases.batch(4, 16, 3, 5, 1), 1);
                Map<String, TensorData> before = learner.modelTensors();
                float[] x = Cases.batch(4, 16, 3, 5, 2).x();
                x[7] = Float.NaN;
                String message = Refusal.messageOf(NonFiniteException.class,
                        () -> learner.trainStep(new SequenceBatch(4, 16, 3, x, new int[4]), 1));
                assertTrue(message.startsWith("loss is NaN; expected a finite number. Largest parameter: "), message);
                assertEquals(before, learner.modelTensors());
                assertTrue(Double.isFinite(learner.trainStep(Cases.batch(4, 16, 3, 5, 3), 1).loss()));
            }
        }
    }

    @Test
    void parameterThatIsNotFiniteIsNamed() {
        try (Learner learner = Learner.create(Cases.network(), Cases.learner(SEED))) {
            String name = "model.layers.1.layer.output_linear.0.weight";
            learner.loadModel(with(learner.modelTensors(), name, Double.POSITIVE_INFINITY));
            String message = Refusal.messageOf(NonFiniteException.class,
                    () -> learner.trainStep(Cases.batch(4, 16, 3, 5, 1), 1));
            assertTrue(message.startsWith("loss is NaN") && message.contains("Parameter " + name + " holds "), message);
        }
    }

    @Test
    void gradientStopsWithTheParametersName() {
        try (Learner learner = Learner.create(Cases.network(), Cases.learner(SEED))) {
            learner.trainStep(Cases.batch(4, 16, 3, 5, 1), 1);
            // huge inputs into tiny weights: features and loss are finite, inputs times their gradient are not
            Map<String, TensorData> model = scaled(learner.modelTensors(), "encoder.0.weight", 1e-38f);
            learner.loadModel(scaled(model, "decoder.0.output_transform.weight", 1e6f));
            Map<String, TensorData> before = learner.trainingState();
            float[] huge = new float[4 * 16 * 3];
            Arrays.fill(huge, 3e38f);
            String message = Refusal.messageOf(NonFiniteException.class,
                    () -> learner.trainStep(new SequenceBatch(4, 16, 3, huge, new int[]{0, 1, 2, 3}), 1));
            assertTrue(message.startsWith("gradient of encoder.0.weight is not finite (loss "), message);
            Map<String, TensorData> after = learner.trainingState();
            before.remove("random.cpu");
            after.remove("random.cpu");
            assertEquals(before, after);
        }
    }

    @Test
    void absurdSystemsStayBounded() {
        try (Learner learner = Learner.create(Cases.network("model.layer.mode", "diag", "model.layer.init", "diag-lin"),
                Cases.learner(SEED))) {
            for (String parameter : List.of("A_real", "inv_dt")) {
                for (float value : new float[]{-400, 400, 3e38f}) {
                    String name = "model.layers.1.layer.layer.kernel." + parameter;
                    learner.loadModel(with(learner.modelTensors(), name, value));
                    assertTrue(Double.isFinite(learner.trainStep(Cases.batch(4, 16, 3, 5, 1), 1).gradientNorm()));
                }
            }
        }
    }

    /** Issue: NaN after some steps where dt |Re A| is in the hundreds; here it is up to 0.1 * 8,000. */
    @ParameterizedTest
    @CsvSource({"diag, diag-lin, auto", "diag, diag-inv, torch", "nplr, dplr-lin, auto", "nplr, dplr-inv, torch"})
    void systemsAThousandTimesFasterTrainAndRun(String mode, String init, String kernels) throws Exception {
        NetworkConfig network = Cases.network("model.layer.mode", mode, "model.layer.init", init,
                "model.layer.real_scale", 1000);
        LearnerOptions o = Cases.learner(SEED);
        LearnerOptions options = new LearnerOptions(o.objective(), o.optimizer(), false, false, 1.0, 0, "cpu", kernels,
                1,
                SEED);
        try (Learner learner = Learner.create(network, options)) {
            SequenceBatch batch = Cases.batch(4, 16, 3, 5, 1);
            for (int step = 0; step < 30; step++) {
                StepResult result = learner.trainStep(batch, 1);
                assertTrue(Double.isFinite(result.loss()) && Double.isFinite(result.gradientNorm()), "step " + step);
            }
            float[] whole = learner.predict(batch);
            S4Model model = new S4Model(network, learner.modelTensors(), ModelOptions.standard());
            Comparison.requireClose(mode + ", convolution", SEED, model.forward(batch), whole, Tolerances.RUNTIME);
            float[] first = Arrays.copyOf(batch.x(), 16 * 3);
            float[] chunk = model.forwardChunk(model.newState(), first);
            Comparison.requireClose(mode + ", chunk", SEED, Arrays.copyOfRange(chunk, 15 * 5, 16 * 5),
                    Arrays.copyOf(whole, 5), Tolerances.RUNTIME);
        }
    }

    private static Map<String, TensorData> scaled(Map<String, TensorData> tensors, String name, float factor) {
        Map<String, TensorData> changed = new LinkedHashMap<>(tensors);
        TensorData old = java.util.Objects.requireNonNull(changed.get(name));
        float[] values = old.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        changed.put(name, TensorData.of(values, old.shape()));
        return changed;
    }

    private static Map<String, TensorData> with(Map<String, TensorData> tensors, String name, double value) {
        Map<String, TensorData> changed = new LinkedHashMap<>(tensors);
        TensorData old = java.util.Objects.requireNonNull(changed.get(name));
        float[] values = old.toFloats();
        Arrays.fill(values, (float) value);
        changed.put(name, TensorData.of(values, old.shape()));
        return changed;
    }
}
