package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.math.Complex;
import s4j.model.S4LayerConfig;
import s4j.ssm.Discretization;
import s4j.ssm.Dplr;
import s4j.ssm.DplrSsm;
import s4j.ssm.SsmInit;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;

/** Modes say what the kernels are made of. */
final class InspectionTest {
    private static double[] sum(List<Mode> modes, int row, int length) {
        double[] k = new double[length];
        for (Mode m : modes) {
            for (int t = 0; t < length; t++) {
                k[t] += response(m, row, t);
            }
        }
        return k;
    }

    private static double response(Mode m, int row, int t) { return 2 * m.gains()[row].times(m.z().pow(t)).re(); }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void modesAddUpToTheKernels(boolean diagonal) throws Exception {
        Inspection found = Inspection.of(TinyModels.classifier(diagonal, "pool"), "tiny");
        assertEquals(2, found.layers().size());
        assertEquals("", found.left());
        for (Inspection.Layer layer : found.layers()) {
            for (Inspection.Feature f : layer.features()) {
                for (int row = 0; row < f.kernels().length; row++) {
                    float[] k = f.kernels()[row];
                    double[] expected = sum(f.modes(), row, k.length);
                    for (int t = 0; t < k.length; t++) {
                        assertEquals(expected[t], k[t], 1e-5 * Math.max(1, f.h2(row)), layer.name() + " at " + t);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void h2OfTheWholeIsTheEnergyOfAllItsSteps(boolean diagonal) throws Exception {
        Inspection.Feature f = Inspection.of(TinyModels.classifier(diagonal, "pool"), "tiny").layers().getFirst()
                .features().getFirst();
        double energy = 0;
        for (double k : sum(f.modes(), 0, 400_000)) {
            energy += k * k;
        }
        assertEquals(Math.sqrt(energy), f.h2(0), 1e-6 * f.h2(0));
    }

    @Test
    void normsOfAModeAreThoseOfItsImpulseResponse() {
        for (Complex z : List.of(Complex.polar(0.9, 0.7), Complex.polar(0.999, 2.1), Complex.of(0.5),
                Complex.of(-0.3))) {
            Mode m = new Mode(Complex.of(-1, -1), 0.1, z, new Complex[]{Complex.of(0.3, -1.2)});
            double energy = 0;
            Complex[] response = new Complex[1 << 15];
            for (int t = 0; t < response.length; t++) {
                response[t] = Complex.of(response(m, 0, t));
                energy += response[t].squaredAbs();
            }
            assertEquals(Math.sqrt(energy), m.h2(0), 1e-9 * m.h2(0), z.toString());
            double peak = 0;
            for (Complex x : s4j.math.Fft.forward(response)) {
                peak = Math.max(peak, x.abs());
            }
            assertEquals(peak, m.hInfinity(0), 2e-3 * peak, z.toString());
        }
        Mode m = new Mode(Complex.ZERO, 1, Complex.polar(Math.exp(-1 / 20.0), -Math.PI / 5),
                new Complex[]{Complex.ONE});
        assertEquals(20, m.timeConstant(), 1e-9);
        assertEquals(0.1, m.frequency(), 1e-12);
        Mode grows = new Mode(Complex.ZERO, 1, Complex.of(1.01), new Complex[]{Complex.ONE});
        assertEquals(Double.POSITIVE_INFINITY, grows.h2(0));
        assertEquals(Double.POSITIVE_INFINITY, grows.hInfinity(0));
    }

    @Test
    void memoryIsTheStepsThatHoldTheEnergy() {
        Inspection.Feature f = new Inspection.Feature(1, List.of(), List.of(),
                new float[][]{{0, 3, 0, 4, 0, 0.1f}, {0, 0}});
        assertEquals(4, f.memory(0));
        assertEquals(1, f.memory(1));
    }

    @Test
    void modesThatRoundingMixesAreNotGiven() {
        for (int n : new int[]{8, 64}) { // eigenvectors of LegS grow parallel with its size
            Dplr legs = SsmInit.create(List.of("legs"), n, 1, 1, SsmInit.Options.DEFAULTS, new SplittableRandom(0))
                    .getFirst();
            Complex[][] c = {legs.b()};
            List<Mode> modes = Modes.of(new DplrSsm(0.01, legs, c, new double[1]).dense()
                    .recurrence(Discretization.BILINEAR), 0.01);
            assertEquals(n == 8 ? 8 : 0, modes.size(), "its eigenvalues are real, each a mode");
            if (n == 8) {
                double[] decays = modes.stream().mapToDouble(m -> m.a().re()).sorted().toArray();
                for (int i = 0; i < n; i++) {
                    assertEquals(i - n, decays[i], 1e-5, "LegS has the eigenvalues −1 to −N");
                }
            }
        }
    }

    private static List<Complex> initial(Map<String, ?> layer) {
        return Inspection.initial(Binder.bind(ConfigTree.of(layer, new Origin("test")), S4LayerConfig.class));
    }

    @Test
    void eigenvaluesBeforeTrainingAreKnownWhereTheyAreAFormula() {
        List<Complex> lin = initial(Map.of("mode", "s4d", "d_state", 8, "init", "diag-lin"));
        assertEquals(List.of(0.0, Math.PI, 2 * Math.PI, 3 * Math.PI), lin.stream().map(a -> -a.im()).toList());
        assertTrue(lin.stream().allMatch(a -> a.re() == -0.5), lin.toString());
        List<Complex> legs = initial(Map.of("mode", "s4", "d_state", 8, "init", "legs"));
        assertEquals(4, legs.size());
        assertTrue(legs.stream().allMatch(a -> Math.abs(a.re() + 0.5) < 1e-9), "LegS is −1/2 plus low rank: " + legs);
        assertEquals(List.of(), initial(Map.of("mode", "s4d", "init", "diag-rand")));
        assertTrue(initial(Map.of("mode", "s4d", "d_state", 8, "init", "diag")).size() > 4, "two of a kind");
    }
}
