package s4j.hippo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import s4j.math.RealMatrix;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class HippoMatrixTest {
    private static final double R3 = Math.sqrt(3);
    private static final double R5 = Math.sqrt(5);
    private static final double R2 = Math.sqrt(2);
    private static final double PI = Math.PI;

    @Test
    void legendreMatricesAreThoseOfThePaper() {
        require("legs", new double[][]{{-1, 0, 0}, {-R3, -2, 0}, {-R5, -R3 * R5, -3}}, new double[]{1, R3, R5});
        require("legsd", new double[][]{{-0.5, R3 / 2, R5 / 2}, {-R3 / 2, -0.5, R3 * R5 / 2},
                {-R5 / 2, -R3 * R5 / 2, -0.5}}, new double[]{0.5, R3 / 2, R5 / 2});
        require("legt", new double[][]{{-0.5, R3 / 2, -R5 / 2}, {-R3 / 2, -1.5, R3 * R5 / 2},
                {-R5 / 2, -R3 * R5 / 2, -2.5}}, new double[]{0.5, R3 / 2, R5 / 2});
        require("lmu", new double[][]{{-1, -1, -1}, {3, -3, -3}, {-5, 5, -5}}, new double[]{1, -3, 5});
    }

    @Test
    void laguerreMatricesAreThoseOfThePaper() {
        require("lagt", new double[][]{{-0.5, 0}, {-1, -0.5}}, new double[]{1, 1});
        require("tlagt", new double[][]{{-1, 0}, {-1, -1}}, new double[]{1, 1});
        require("glagt", new double[][]{{-0.505, 0}, {-1, -0.505}}, new double[]{0.1, 0.1});
        HippoMatrix tilted = HippoMatrix.of(new Measure.TLagT(0.5), 2);
        Comparison.requireClose("tlagt A", 0, tilted.a().values(), new double[]{-0.75, 0, -1, -0.75}, 0);
        Comparison.requireClose("tlagt B", 0, tilted.b(), new double[]{0.5, 0.5}, 0);
    }

    @Test
    void generalizedLaguerreUsesGammaFunctions() {
        // alpha 1/2: Gamma(3/2) = sqrt(pi)/2, Gamma(5/2) = 3 sqrt(pi)/4, Gamma(1/2) = sqrt(pi)
        HippoMatrix h = HippoMatrix.of(new Measure.GLagT(0.5, 0.25), 2);
        double l0 = Math.sqrt(Math.sqrt(PI) / 2);
        double l1 = Math.sqrt(3 * Math.sqrt(PI) / 4);
        double scale = Math.pow(0.25, 0.25) / Math.pow(PI, 0.25);
        Comparison.requireClose("glagt A", 0, h.a().values(), new double[]{-0.625, 0, -l0 / l1, -0.625},
                Tolerances.CLOSED_FORM);
        Comparison.requireClose("glagt B", 0, h.b(), new double[]{scale / l0, scale * 1.5 / l1},
                Tolerances.CLOSED_FORM);
    }

    @Test
    void fourierMatricesAreRotationsMinusARankOneTerm() {
        double[][] turn = {{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, -PI}, {0, 0, PI, 0}};
        double[] ends = {1, 0, R2, 0};
        requireFourier("fourier", turn, 1, ends, 1, 1, 0);
        requireFourier("fout", turn, 1, ends, 1, 1, 0);
        requireFourier("fourier_decay", turn, 1, ends, 0.5, 0.5, 0);
        requireFourier("fourier2", turn, 2, ends, 2, 2, 0);
        requireFourier("foud", turn, 2, ends, 0, 1, 0.5);
    }

    @Test
    void randomBaselinesDependOnTheSeedAlone() {
        for (Measure m : new Measure[]{new Measure.RandomDense(3), new Measure.RandomDiagonal(3)}) {
            Comparison.requireClose(m.label(), 3, HippoMatrix.of(m, 5).a().values(), HippoMatrix.of(m, 5).a().values(),
                    0);
            Comparison.requireClose(m.label(), 3, HippoMatrix.of(m, 5).b(), HippoMatrix.of(m, 5).b(), 0);
        }
    }

    @Test
    void everyNameHasMatricesAndItsLabel() {
        for (String name : Measure.NAMES) {
            assertEquals(8, HippoMatrix.of(Measure.named(name), 8).size(), name);
            assertEquals(Measure.named(name), Measure.named(Measure.named(name).label()), name);
        }
    }

    @Test
    void wrongInputIsRefusedWithWhatIsExpected() {
        assertEquals(
                "unknown HiPPO measure lexs; did you mean legs? Known: legs, legsd, legt, lmu, lagt, tlagt, glagt, fourier,"
                        + " fout, fourier2, fourier_decay, fourier_diag, foud, random, diagonal",
                Refusal.messageOf(() -> Measure.named("lexs")));
        assertEquals("HiPPO legs: N = 0; expected at least 1",
                Refusal.messageOf(() -> HippoMatrix.of(new Measure.LegS(), 0)));
        assertEquals("HiPPO fourier: N = 7; expected an even size, a cosine and a sine for each frequency",
                Refusal.messageOf(() -> HippoMatrix.of(Measure.Fourier.FOURIER, 7)));
        assertEquals("GLagT: alpha 1.5, beta 0.01; expected -1 < alpha < 1 and beta > 0",
                Refusal.messageOf(() -> new Measure.GLagT(1.5, 0.01)));
    }

    private static void requireFourier(String name, double[][] turn, double speed, double[] ends, double rankOne,
            double input, double decay) {
        double[][] a = new double[4][4];
        double[] b = new double[4];
        for (int i = 0; i < 4; i++) {
            b[i] = input * ends[i];
            for (int k = 0; k < 4; k++) {
                a[i][k] = speed * turn[i][k] - rankOne * ends[i] * ends[k] - (i == k ? decay : 0);
            }
        }
        require(name, a, b);
    }

    private static void require(String name, double[][] a, double[] b) {
        HippoMatrix h = HippoMatrix.of(Measure.named(name), b.length);
        RealMatrix got = h.a();
        Comparison.requireClose(name + " A", 0, got.values(), Comparison.joined(a), Tolerances.CLOSED_FORM);
        Comparison.requireClose(name + " B", 0, h.b(), b, Tolerances.CLOSED_FORM);
    }
}
