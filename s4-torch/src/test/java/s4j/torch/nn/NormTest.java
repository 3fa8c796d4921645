package s4j.torch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import s4j.kernel.rows.RowFunctions;
import s4j.model.BackboneConfig;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.FiniteDifferences;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** The norm of one shift and one scale: the official TransposedLN. */
class NormTest {
    private static final int SEED = 4;
    private static final int H = 7;

    private static Norm norm(ParameterStore store, double m, double s) {
        Norm norm = Norm.create(BackboneConfig.Norm.SCALAR_LAYER, H, "", store);
        set(store, "norm.m", m);
        set(store, "norm.s", s);
        return norm;
    }

    private static void set(ParameterStore store, String name, double value) {
        Parameter p = store.all().stream().filter(q -> q.name().equals(name)).findFirst().orElseThrow();
        assertEquals(0.0, p.weightDecay(), "the official code lets neither decay");
        p.value().set_data(Tensor.create(new double[]{value}, 1));
    }

    @Test
    void scalarLayerIsTheOfficialFormula() {
        try (var store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            double m = 0.6;
            double s = 1.7;
            Tensor y = norm(store, m, s).forward(Cases.input(SEED, 2, 5, H), null, false);
            double[] x = Cases.noise(2 * 5 * H, SEED);
            double[] expected = new double[x.length];
            for (int row = 0; row < 10; row++) {
                double[] r = Arrays.copyOfRange(x, row * H, (row + 1) * H);
                double mean = Arrays.stream(r).average().orElseThrow();
                double sigma = Math.sqrt(Arrays.stream(r).map(v -> (v - mean) * (v - mean)).sum() / H);
                for (int i = 0; i < H; i++) {
                    expected[row * H + i] = s / sigma * (r[i] - mean + m);
                }
            }
            Comparison.requireClose("scalar_layer", SEED, Tensors.doubles(y), expected, Tolerances.CLOSED_FORM);
        }
    }

    @Test
    void gradientMatchesFiniteDifference() {
        try (var store = Cases.store(SEED); var _ = NativeScope.open()) {
            Norm norm = norm(store, -0.4, 0.9);
            Parameter x = store.add("x", Parameter.Role.WEIGHT, Cases.noise(2 * 3 * H, SEED), 2, 3, H);
            Tensor weights = Cases.input(SEED + 1, 2, 3, H);
            FiniteDifferences.requireGradients("scalar_layer", SEED, store.trained(),
                    () -> norm.forward(x.value(), null, true).mul(weights).sum());
        }
    }

    @Test
    void aStepOfEqualValuesHasFiniteValuesAndGradients() {
        try (var store = Cases.store(SEED); var _ = NativeScope.open()) {
            Norm norm = norm(store, 0.5, 2);
            Parameter x = store.add("x", Parameter.Role.WEIGHT, new double[H], 1, 1, H);
            Tensor y = norm.forward(x.value(), null, true);
            double[] expected = new double[H];
            Arrays.fill(expected, 2 * 0.5 / RowFunctions.MIN_DEVIATION);
            Comparison.requireClose("equal values", SEED, Tensors.doubles(y), expected, Tolerances.CLOSED_FORM);
            y.square().sum().backward();
            for (double g : Tensors.doubles(x.value().grad())) {
                assertEquals(0, g * 0, "gradient " + g + " is finite");
            }
        }
    }
}
