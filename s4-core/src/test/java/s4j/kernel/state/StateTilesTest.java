package s4j.kernel.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static s4j.kernel.state.StateTiles.DIAGONAL_PARTS;
import static s4j.kernel.state.StateTiles.LOW_RANK_PARTS;
import static s4j.kernel.state.StateTiles.TILE;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.kernel.Backend;
import s4j.kernel.Backends;
import s4j.kernel.Data;
import s4j.math.Complex;
import s4j.ssm.DiagonalRecurrence;
import s4j.ssm.Dplr;
import s4j.ssm.DplrSsm;
import s4j.ssm.DplrStep;
import s4j.ssm.SsmInit;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

class StateTilesTest {
    private static final int SEED = 12;
    private static final int STEPS = 60;
    /** Arrays begin at different odd places. */
    private static final int AT = 3;

    static Stream<Arguments> cases() {
        return Backends.present().stream()
                .flatMap(b -> Stream.of(1, 2, 3, 7, 16, 31, 32).map(n -> Arguments.of(b, n)));
    }

    private static float[] array(int size) { return new float[AT + size]; }

    private static float[] random(int size, int seed) { return Data.floats(AT + size, seed); }

    private static void put(float[] to, int state, int parts, int part, int feature, Complex z) {
        to[AT + (state * parts + part) * TILE + feature] = (float) z.re();
        to[AT + (state * parts + part + 1) * TILE + feature] = (float) z.im();
    }

    private static Complex at(float[] from, int state, int parts, int part, int feature) {
        int p = AT + (state * parts + part) * TILE + feature;
        return Complex.of(from[p], from[p + TILE]);
    }

    /** Coefficients of stable systems: e = dA - 1 and w. */
    private static float[] diagonal(int n) {
        double[] nodes = Data.nodes(TILE, n, 1e-3, SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        float[] k = array(n * DIAGONAL_PARTS * TILE);
        for (int f = 0; f < TILE; f++) {
            for (int i = 0; i < n; i++) {
                int p = 2 * (f * n + i);
                put(k, i, DIAGONAL_PARTS, 0, f, Complex.of(nodes[p] - 1, nodes[p + 1]));
                put(k, i, DIAGONAL_PARTS, 2, f, Complex.of(random.nextGaussian(), random.nextGaussian()));
            }
        }
        return k;
    }

    /** The same system in float64: y = Re sum w x' + d u. */
    private static DiagonalRecurrence exact(float[] k, int n, int f, float d) {
        Complex[] dA = new Complex[n];
        Complex[] dB = new Complex[n];
        Complex[] c = new Complex[n];
        for (int i = 0; i < n; i++) {
            dA[i] = Complex.ONE.plus(at(k, i, DIAGONAL_PARTS, 0, f));
            dB[i] = Complex.ONE;
            c[i] = at(k, i, DIAGONAL_PARTS, 2, f).conjugate().times(0.5);
        }
        return new DiagonalRecurrence(dA, dB, new Complex[][]{c}, new double[]{d});
    }

    @ParameterizedTest
    @MethodSource("cases")
    void manyStepsHaveTheBitsOfOneAfterTheOther(Backend backend, int n) {
        float[] k = diagonal(n);
        float[] d = random(TILE, 2);
        int uStride = TILE + 1;
        int yStride = TILE + 5;
        StateTiles tiles = StateTiles.of(backend);
        for (int steps = 0; steps <= 9; steps++) {
            float[] u = random((steps + 1) * uStride, 3);
            float[] x = random(2 * n * TILE, 4);
            float[] together = x.clone();
            float[] y = array((steps + 1) * yStride);
            float[] expected = y.clone();
            tiles.diagonal(k, AT, n, together, AT, d, AT, u, AT, uStride, y, AT, yStride, steps);
            for (int t = 0; t < steps; t++) {
                tiles.diagonal(k, AT, n, x, AT, d, AT, u, AT + t * uStride, expected, AT + t * yStride);
            }
            assertArrayEquals(x, together, "states of " + steps);
            assertArrayEquals(expected, y, "outputs of " + steps);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void diagonalStepsEqualTheRecurrence(Backend backend, int n) {
        float[] k = diagonal(n);
        float[] x = array(n * 2 * TILE);
        float[] d = random(TILE, SEED + 1);
        float[][] u = new float[STEPS][];
        float[][] y = new float[STEPS][];
        for (int t = 0; t < STEPS; t++) {
            u[t] = random(TILE, SEED + 100 + t);
            y[t] = array(TILE);
            StateTiles.of(backend).diagonal(k, AT, n, x, AT, d, AT, u[t], AT, y[t], AT);
        }
        requireOutputs(backend + " diagonal, n " + n, y,
                f -> exact(k, n, f, d[AT + f]).scan(column(u, f)).y()[0]);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void observingTheStateGivesTheOutputOfTheStep(Backend backend, int n) {
        float[] k = diagonal(n);
        float[] x = random(n * 2 * TILE, SEED);
        float[] d = random(TILE, SEED + 1);
        float[] u = random(TILE, SEED + 2);
        float[] y = array(TILE);
        StateTiles.of(backend).diagonal(k, AT, n, x, AT, d, AT, u, AT, y, AT);
        float[] w = array(n * 2 * TILE);
        for (int i = 0; i < n; i++) {
            System.arraycopy(k, AT + (i * DIAGONAL_PARTS + 2) * TILE, w, AT + i * 2 * TILE, 2 * TILE);
        }
        float[] again = array(TILE);
        StateTiles.of(backend).observe(w, AT, n, x, AT, d, AT, u, AT, again, AT);
        Comparison.requireClose(backend + " n " + n, SEED, again, y, Tolerances.TWINS);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void correctingByEIsAStepWithoutInput(Backend backend, int n) {
        float[] k = diagonal(n);
        float[] g = array(n * 2 * TILE);
        for (int i = 0; i < n; i++) {
            System.arraycopy(k, AT + i * DIAGONAL_PARTS * TILE, g, AT + i * 2 * TILE, 2 * TILE);
        }
        float[] x = random(n * 2 * TILE, SEED);
        float[] stepped = x.clone();
        float[] zero = array(TILE);
        StateTiles.of(backend).diagonal(k, AT, n, stepped, AT, zero, AT, zero, AT, array(TILE), AT);
        StateTiles.of(backend).correct(g, AT, n, x, AT);
        Comparison.requireClose(backend + " n " + n, SEED, x, stepped, Tolerances.TWINS);
    }

    /** S4 layers: HiPPO-LegS, each feature its own dt, C and D. */
    private static DplrSsm[] lowRank(int n) {
        SplittableRandom random = new SplittableRandom(SEED);
        Dplr legs = SsmInit.create(List.of("legs"), 2 * n, 1, 1, SsmInit.Options.DEFAULTS, random).getFirst();
        DplrSsm[] systems = new DplrSsm[TILE];
        Arrays.setAll(systems, f -> {
            Complex[] c = new Complex[n];
            Arrays.setAll(c, i -> Complex.of(random.nextGaussian(), random.nextGaussian()));
            return new DplrSsm(0.001 * Math.pow(100, random.nextDouble()), legs, new Complex[][]{c},
                    new double[]{(float) random.nextGaussian()});
        });
        return systems;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lowRankStepsEqualTheRecurrence(Backend backend, int n) {
        DplrSsm[] systems = lowRank(n);
        float[] k = array(n * LOW_RANK_PARTS * TILE);
        float[] beta = array(TILE);
        float[] d = array(TILE);
        for (int f = 0; f < TILE; f++) {
            DplrStep step = DplrStep.of(systems[f].dt(), systems[f].system());
            beta[AT + f] = (float) step.beta()[0];
            d[AT + f] = (float) systems[f].d()[0];
            for (int i = 0; i < n; i++) {
                Complex e = step.e()[i];
                put(k, i, LOW_RANK_PARTS, 0, f, e);
                put(k, i, LOW_RANK_PARTS, 2, f, e.minus(at(k, i, LOW_RANK_PARTS, 0, f)));
                put(k, i, LOW_RANK_PARTS, 4, f, step.b()[i]);
                put(k, i, LOW_RANK_PARTS, 6, f, step.l()[0][i]);
                put(k, i, LOW_RANK_PARTS, 8, f, systems[f].c()[0][i].conjugate().times(2));
                put(k, i, LOW_RANK_PARTS, 10, f, step.q()[0][i].conjugate().times(2));
            }
        }
        float[] x = array(n * 2 * TILE);
        float[] sigma = array(TILE);
        float[][] u = new float[STEPS][];
        float[][] y = new float[STEPS][];
        for (int t = 0; t < STEPS; t++) {
            u[t] = random(TILE, SEED + 200 + t);
            y[t] = array(TILE);
            StateTiles.of(backend).lowRank(k, AT, n, x, AT, beta, AT, sigma, AT, d, AT, u[t], AT, y[t], AT);
        }
        requireOutputs(backend + " low rank, n " + n, y,
                f -> systems[f].recurrence().scan(column(u, f)).y()[0]);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aFurtherTermTakesLTimesSFromTheState(Backend backend, int n) {
        float[] l = random(n * 2 * TILE, SEED);
        float[] x = random(n * 2 * TILE, SEED + 1);
        float[] beta = random(TILE, SEED + 2);
        float[] sigma = random(TILE, SEED + 3);
        float[] u = random(TILE, SEED + 4);
        double[] expected = Data.widened(x);
        for (int i = 0; i < n * 2 * TILE; i++) {
            int f = AT + i % TILE;
            expected[AT + i] -= l[AT + i] * ((double) beta[f] * u[f] + sigma[f]);
        }
        float[] before = x.clone();
        StateTiles.of(backend).subtract(l, AT, n, x, AT, beta, AT, sigma, AT, u, AT);
        Comparison.requireClose(backend + " n " + n, SEED, Data.widened(x), expected, Tolerances.TWINS);
        assertArrayEquals(Arrays.copyOf(before, AT), Arrays.copyOf(x, AT), "before the tile");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStepOfBothTwinsIsTheSame(Backend backend, int n) {
        float[] k = random(n * LOW_RANK_PARTS * TILE, SEED);
        float[] small = random(TILE, SEED + 1);
        float[] x = random(n * 2 * TILE, SEED + 2);
        float[] twinX = x.clone();
        float[] sigma = random(TILE, SEED + 3);
        float[] twinSigma = sigma.clone();
        float[] y = array(TILE);
        float[] twinY = array(TILE);
        StateTiles.of(backend).lowRank(k, AT, n, x, AT, small, AT, sigma, AT, small, AT, small, AT, y, AT);
        StateTiles.of(Backend.SCALAR).lowRank(k, AT, n, twinX, AT, small, AT, twinSigma, AT, small, AT, small, AT,
                twinY,
                AT);
        Comparison.requireClose("x, n " + n, SEED, x, twinX, Tolerances.TWINS);
        Comparison.requireClose("sigma, n " + n, SEED, sigma, twinSigma, Tolerances.TWINS);
        Comparison.requireClose("y, n " + n, SEED, y, twinY, Tolerances.TWINS);
    }

    private static double[] column(float[][] rows, int f) {
        return Arrays.stream(rows).mapToDouble(row -> row[AT + f]).toArray();
    }

    private static void requireOutputs(String what, float[][] y,
            java.util.function.IntFunction<double[]> exact) {
        for (int f = 0; f < TILE; f++) {
            Comparison.requireClose(what + ", feature " + f, SEED, column(y, f), exact.apply(f),
                    Tolerances.SCAN_FORWARD_FEW);
        }
    }
}
