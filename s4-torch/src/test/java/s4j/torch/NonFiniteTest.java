package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.testkit.Refusal;
import s4j.torch.Learner.NonFiniteException;

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
        NetworkConfig config = Cases.network("encoder._name_", "id", "d_input", 4, "model.norm", "none",
                "model.n_layers",
                1, "model.residual", null, "model.layer.final_act", "id");
        try (Learner learner = Learner.create(config, Cases.learner(SEED))) {
            // the layer puts out 0, so the loss is finite; D's gradient passes two weights of 1e30 and overflows float32
            String name = "model.layers.0.layer.layer.D";
            Map<String, TensorData> model = with(learner.modelTensors(), name, 0);
            model = with(model, "model.layers.0.layer.layer.kernel.C", 0);
            model = with(model, "model.layers.0.layer.output_linear.0.bias", 0);
            model = with(model, "model.layers.0.layer.output_linear.0.weight", 1e30);
            float[] decoder = new float[20];
            Arrays.fill(decoder, -1e30f);
            Arrays.fill(decoder, 0, 4, 1e30f); // equal rows would cancel in the gradient
            model.put("decoder.0.output_transform.weight", TensorData.of(decoder, 5, 4));
            learner.loadModel(model);
            Map<String, TensorData> before = learner.trainingState();
            String message = Refusal.messageOf(NonFiniteException.class,
                    () -> learner.trainStep(Cases.batch(4, 16, 4, 5, 1), 1));
            assertTrue(message.startsWith("gradient of " + name + " is not finite (loss "), message);
            Map<String, TensorData> after = learner.trainingState();
            before.remove("random.cpu");
            after.remove("random.cpu");
            assertEquals(before, after);
        }
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
