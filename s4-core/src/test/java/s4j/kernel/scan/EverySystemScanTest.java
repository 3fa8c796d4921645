package s4j.kernel.scan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.kernel.Backend;
import s4j.kernel.Data;
import s4j.kernel.Workers;
import s4j.kernel.vandermonde.VandermondeSums;
import s4j.math.Complex;
import s4j.ssm.Discretization;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** The scan and the Vandermonde sums over all systems that can be stored: finite, and equal to the recurrence in float64. */
class EverySystemScanTest {
    private static final int H = 17;
    private static final int N = 3;
    private static final int L = 300;
    private static final int DRAWS = 30;

    /** dA and w = C dB of dt from 1e-8 to 1e3, Re A from −1e-6 to −1e6, Im A to ±1e6. */
    private record Drawn(double[] a, double[] w) {
        static Drawn of(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] a = new double[2 * H * N];
            double[] w = new double[2 * H * N];
            Discretization disc = seed % 2 == 0 ? Discretization.ZOH : Discretization.BILINEAR;
            for (int f = 0; f < H; f++) {
                double dt = Math.pow(10, f == 0 ? 3 : random.nextDouble(-8, 3));
                for (int i = f * N; i < f * N + N; i++) {
                    Complex pole = Complex.of(-Math.pow(10, random.nextDouble(-6, 6)),
                            (i % 2 == 0 ? 1 : -1) * Math.pow(10, random.nextDouble(-6, 6)));
                    put(a, i, disc.transition(pole, dt));
                    put(w, i, disc.inputGain(pole, dt).times(Complex.of(random.nextGaussian(), random.nextGaussian())));
                }
            }
            return new Drawn(a, w);
        }

        private static void put(double[] pairs, int at, Complex z) {
            pairs[2 * at] = z.re();
            pairs[2 * at + 1] = z.im();
        }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void scanEqualsRecurrenceAndItsGradientsAreFinite(Backend backend) {
        try (Workers workers = new Workers(1)) {
            for (long seed = 0; seed < DRAWS; seed++) {
                Drawn drawn = Drawn.of(seed);
                float[] u = Data.floats(L * H, seed);
                var y = Data.memory(L * H);
                var du = Data.memory(L * H);
                float[] d = Data.floats(H, seed + 1);
                var scan = new DiagonalScan(backend, workers, 1, L, H, drawn.a, drawn.w, d, false);
                var checkpoints = Data.memory(scan.checkpointSize());
                scan.forward(Data.memory(u), y, false, null, checkpoints);
                var oracle = new ScanOracle(1, L, H, N, drawn.a, drawn.w, d, false);
                Comparison.requireClose(backend + " scan", seed, Data.doubles(y),
                        oracle.forward(Data.widened(u), new double[2 * H * N]).y(), Tolerances.SCAN_FORWARD_FEW);
                var gradients = DiagonalScan.Gradients.zeros(H, N);
                scan.backward(Data.memory(u), y, du, false, checkpoints, null, gradients);
                for (double[] g : new double[][]{Data.doubles(du), gradients.a(), gradients.c(), gradients.d()}) {
                    assertTrue(Arrays.stream(g).allMatch(Double::isFinite), backend + " gradients, seed " + seed);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void kernelsEqualTheRecurrencesImpulseAndTheirGradientsAreFinite(Backend backend) {
        try (Workers workers = new Workers(1)) {
            for (long seed = 0; seed < DRAWS; seed++) {
                Drawn drawn = Drawn.of(seed);
                var sums = new VandermondeSums(backend, workers, 1, H, N, L, drawn.w, drawn.a);
                double[] impulse = new double[L * H];
                Arrays.fill(impulse, 0, H, 1);
                double[] rows = new ScanOracle(1, L, H, N, drawn.a, drawn.w, null, false)
                        .forward(impulse, new double[2 * H * N]).y();
                double[] expected = new double[L * H];
                Arrays.setAll(expected, i -> 2 * rows[i % L * H + i / L]);
                double[] k = sums.forward();
                Comparison.requireClose(backend + " kernels", seed, k, expected, Tolerances.SAME_KERNEL);
                var gradients = sums.backward(k);
                assertTrue(Arrays.stream(gradients.w()).allMatch(Double::isFinite)
                        && Arrays.stream(gradients.z()).allMatch(Double::isFinite), backend + ", seed " + seed);
            }
        }
    }
}
