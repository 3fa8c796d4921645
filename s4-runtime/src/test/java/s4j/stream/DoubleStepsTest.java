package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.Backend;

/** Streams of S4 whose modes are too fast for steps in float32. */
final class DoubleStepsTest {
    private static final String KERNEL = "model.layers.0.layer.layer.kernel.";

    private static S4Model model(ModelFile file, double rate) throws Exception {
        return S4Model.of(file, "m", new ModelOptions(Backend.best(), 1, rate));
    }

    /** S4 whose first layer has a feature of another dt (softplus keeps it) and Im λ. */
    private static ModelFile file(float dt, float imag) {
        ModelFile file = TinyModels.classifier(false, "step");
        Map<String, TensorData> tensors = new LinkedHashMap<>(file.tensors());
        tensors.compute(KERNEL + "inv_dt", (_, t) -> withFirst(t, dt));
        tensors.compute(KERNEL + "A_imag", (_, t) -> withFirst(t, imag));
        return new ModelFile(tensors, file.config(), Map.of());
    }

    private static TensorData withFirst(@Nullable TensorData tensor, float value) {
        TensorData all = Objects.requireNonNull(tensor);
        float[] values = new float[Math.toIntExact(all.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) all.get(i);
        }
        values[0] = value;
        return TensorData.of(values, all.shape());
    }

    @Test
    void onlyTheLayersThatNeedItHaveWiderStates() throws Exception {
        int plain = model(TinyModels.classifier(false, "step"), 1).stateSize();
        int wide = model(file(100, 1e6f), 1).stateSize();
        assertTrue(wide > plain && wide < 2 * plain, plain + " and " + wide);
        assertEquals(model(TinyModels.classifier(true, "step"), 1).stateSize(),
                model(TinyModels.classifier(true, "step"), 1e6).stateSize(), "S4D needs none");
    }

    @Test
    void streamsDoNotMixAndASnapshotGoesOnToTheSameBits() throws Exception {
        S4Model model = model(file(100, 1e6f), 1);
        float[] a = TinyModels.noise(2 * 40, 1);
        float[] b = TinyModels.noise(2 * 40, 2);
        float[] aloneA = model.forwardChunk(model.newState(), a);
        float[] aloneB = model.forwardChunk(model.newState(), b);
        StreamState first = model.newState();
        StreamState second = model.newState();
        for (int t = 0; t < 40; t++) {
            float[] y = new float[6];
            float[] x = {a[2 * t], a[2 * t + 1], b[2 * t], b[2 * t + 1]};
            model.step(List.of(first, second), x, y);
            assertArrayEquals(Arrays.copyOfRange(aloneA, 3 * t, 3 * t + 3), Arrays.copyOfRange(y, 0, 3));
            assertArrayEquals(Arrays.copyOfRange(aloneB, 3 * t, 3 * t + 3), Arrays.copyOfRange(y, 3, 6));
            first = model(file(100, 1e6f), 1).restore(first.snapshot());
        }
    }

    @Test
    void aStateGoesToARateThatNeedsFloat64AndBack() throws Exception {
        ModelFile file = file(3, 5);
        S4Model one = model(file, 1);
        S4Model wide = model(file, 1e6);
        assertTrue(wide.stateSize() > one.stateSize(), "dt of a million times is too fast");
        StreamState state = one.newState();
        one.forwardChunk(state, TinyModels.noise(2 * 30, 7));
        StreamState back = Rates.carried(Rates.carried(state, one, wide), wide, one);
        for (int t = 0; t < 10; t++) {
            float[] u = TinyModels.noise(2, 100 + t);
            assertArrayEquals(one.forwardChunk(state, u), one.forwardChunk(back, u), 1e-6f, "step " + t);
        }
    }

    @Test
    void theStepGraphOfFloat32IsRefused() {
        ModelFile file = file(100, 1e6f);
        assertFails(IllegalArgumentException.class, () -> OnnxExport.of(file, "m", OnnxExport.Kind.STEP, 1),
                "layer 1: a mode has dt |λ| above 1e+07");
    }
}
