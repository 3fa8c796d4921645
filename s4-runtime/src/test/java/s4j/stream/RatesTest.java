package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static s4j.testkit.Messages.assertFails;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.Backend;

/** States that go from one sampling rate to another. */
final class RatesTest {
    private static final float TOLERANCE = 2e-5f;

    private static S4Model model(ModelFile file, double rate) throws Exception {
        return S4Model.of(file, "m", new ModelOptions(Backend.best(), 1, rate));
    }

    /** One layer, whose input at each step depends on that step alone. */
    @SuppressWarnings("unchecked")
    private static ModelFile shallow() {
        ModelFile two = TinyModels.classifier(true, "step");
        Map<String, TensorData> tensors = new LinkedHashMap<>(two.tensors());
        tensors.keySet().removeIf(k -> k.startsWith("model.layers.1."));
        Map<String, @Nullable Object> network = new LinkedHashMap<>((Map<String, Object>) two.config().get("network"));
        Map<String, @Nullable Object> body = new LinkedHashMap<>((Map<String, Object>) network.get("model"));
        body.put("n_layers", 1L);
        network.put("model", body);
        return new ModelFile(tensors, Map.of("network", network), Map.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 17})
    void aStepOverAGapIsThatManyStepsOfAHeldInput(int gap) throws Exception {
        S4Model one = model(shallow(), 1);
        S4Model wide = model(shallow(), gap);
        Session held = one.newSession();
        Session scaled = one.newSession();
        float[] x = TinyModels.noise(2 * 20, 4);
        for (int t = 0; t < 20; t++) {
            float[] u = {x[2 * t], x[2 * t + 1]};
            boolean over = t % 5 == 4;
            float[] expected = held.step(u).clone();
            for (int i = 1; over && i < gap; i++) {
                expected = held.step(u).clone();
            }
            float[] y = new float[3];
            if (over) {
                StreamState state = Rates.carried(scaled.state(), one, wide);
                wide.step(state, u, y);
                scaled = one.session(Rates.carried(state, wide, one));
            } else {
                scaled.step(u, y);
            }
            assertArrayEquals(expected, y, TOLERANCE * 10, "step " + t + ", gap " + gap);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thereAndBackIsTheSameState(boolean diagonal) throws Exception {
        ModelFile file = TinyModels.classifier(diagonal, "step");
        S4Model one = model(file, 1);
        S4Model other = model(file, 3);
        Session plain = one.newSession();
        plain.chunk(TinyModels.noise(2 * 30, 7));
        Session back = one.session(Rates.carried(Rates.carried(plain.state(), one, other), other, one));
        for (int t = 0; t < 10; t++) {
            float[] u = TinyModels.noise(2, 100 + t);
            assertArrayEquals(plain.step(u).clone(), back.step(u), TOLERANCE, "step " + t);
        }
    }

    @Test
    void aStateCarriedIntoAUsedOneIsThatOfAFreshOne() throws Exception {
        ModelFile file = TinyModels.classifier(false, "step");
        S4Model one = model(file, 1);
        S4Model wide = model(file, 4);
        Session from = one.newSession();
        from.chunk(TinyModels.noise(2 * 30, 5));
        Session used = wide.newSession();
        used.chunk(TinyModels.noise(2 * 70, 6));
        Rates.of(one, wide).carry(from.state(), used.state());
        assertArrayEquals(Rates.carried(from.state(), one, wide).snapshot(), used.state().snapshot());
        used.state().failed = 5; // an output that was not finite, of another stream
        Rates.of(one, wide).carry(from.state(), used.state());
        used.step(1, 2);
        from.state().failed = 7;
        Rates.of(one, wide).carry(from.state(), used.state());
        assertFails(IllegalStateException.class, () -> used.step(1, 2), "7");
    }

    /** The three ways in which states are kept: diagonal, low rank, float64. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void carryingThereAndBackMakesNoObjects(int kind) throws Exception {
        ModelFile file = TinyModels.classifier(kind != 1, "step");
        S4Model one = alone(file, 1, kind == 2);
        S4Model wide = alone(file, 3, kind == 2);
        Rates there = Rates.of(one, wide);
        Rates back = Rates.of(wide, one);
        StreamState state = one.newState();
        StreamState over = wide.newState();
        StreamTest.requireNoAllocation(() -> {
            there.carry(state, over);
            back.carry(over, state);
        }, 1_000);
    }

    private static S4Model alone(ModelFile file, double rate, boolean reference) throws Exception {
        ModelOptions options = new ModelOptions(Backend.SCALAR, 1, rate);
        S4Model model = S4Model.of(file, "m", options);
        return reference ? S4Model.reference(model.config(), file.tensors(), options) : model;
    }

    @Test
    void otherModelsAndOtherMemoriesAreRefused() throws Exception {
        S4Model one = model(TinyModels.classifier(true, "step"), 1);
        S4Model low = model(TinyModels.classifier(false, "step"), 2);
        assertFails(IllegalArgumentException.class, () -> Rates.carried(one.newState(), one, low));
        S4Model lstm = model(TinyModels.rival(Map.of("_name_", "lstm"), "step"), 1);
        assertFails(IllegalArgumentException.class, () -> Rates.carried(lstm.newState(), lstm, lstm),
                "layers beside the state space models remember something");
        assertFails(IllegalArgumentException.class, () -> Rates.carried(low.newState(), one, one),
                "the state belongs to");
    }
}
