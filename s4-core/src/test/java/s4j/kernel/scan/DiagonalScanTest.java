package s4j.kernel.scan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.kernel.Backend;
import s4j.kernel.Backends;
import s4j.kernel.Data;
import s4j.kernel.Slopes;
import s4j.kernel.Workers;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class DiagonalScanTest {
    /** A system with its input and the gradients of its results, all from one seed. */
    private record Problem(long seed, int b, int l, int h, int n, boolean reverse, double[] a, double[] c,
            float @Nullable [] d, float[] u, double[] state, float[] dy, double[] dState) {
        static Problem of(int b, int l, int h, int n, boolean reverse, double dtMin) {
            long seed = 1_000_000L * b + 10_000L * l + 100L * h + n;
            float[] u = Data.floats(b * l * h, seed + 3);
            float[] dy = Data.floats(b * l * h, seed + 5);
            for (int i = 0; i < dy.length; i++) {
                dy[i] += u[i]; // so that the sum for d is not one of terms that cancel
            }
            return new Problem(seed, b, l, h, n, reverse, Data.nodes(h, n, dtMin, seed),
                    Data.doubles(2 * h * n, seed + 1),
                    reverse ? null : Data.floats(h, seed + 2), u,
                    Data.doubles(2 * b * h * n, seed + 4), dy,
                    Data.doubles(2 * b * h * n, seed + 6));
        }

        ScanOracle oracle() { return new ScanOracle(b, l, h, n, a, c, d, reverse); }

        /** One sequence of it. */
        Problem alone(int s) {
            return new Problem(seed, 1, l, h, n, reverse, a, c, d, Arrays.copyOfRange(u, s * l * h, (s + 1) * l * h),
                    Arrays.copyOfRange(state, 2 * s * h * n, 2 * (s + 1) * h * n),
                    Arrays.copyOfRange(dy, s * l * h, (s + 1) * l * h),
                    Arrays.copyOfRange(dState, 2 * s * h * n, 2 * (s + 1) * h * n));
        }

        String name(Backend backend) {
            return "%s scan [%d, %d, %d], n %d, reverse %b".formatted(backend, b, l, h, n, reverse);
        }
    }

    private record Result(float[] y, double[] state, float[] du, double[] dState, DiagonalScan.Gradients gradients) {}

    private static Result run(Problem p, Backend backend, int threads) {
        try (Workers workers = new Workers(threads)) {
            DiagonalScan scan = new DiagonalScan(backend, workers, p.b, p.l, p.h, p.a, p.c, p.d, p.reverse);
            MemorySegment u = Data.memory(p.u);
            MemorySegment y = Data.memory(p.u.length);
            MemorySegment du = Data.memory(p.u.length);
            MemorySegment checkpoints = Data.memory(scan.checkpointSize());
            double[] state = p.state.clone();
            scan.forward(u, y, false, state, checkpoints);
            double[] dState = p.dState.clone();
            DiagonalScan.Gradients gradients = DiagonalScan.Gradients.zeros(p.h, p.n);
            scan.backward(u, Data.memory(p.dy), du, false, checkpoints, dState, gradients);
            return new Result(Data.values(y), state, Data.values(du), dState, gradients);
        }
    }

    private static void requireSame(String what, Result actual, Result expected) {
        assertArrayEquals(expected.y, actual.y, what + ": y");
        assertArrayEquals(expected.state, actual.state, what + ": state");
        assertArrayEquals(expected.du, actual.du, what + ": du");
        assertArrayEquals(expected.dState, actual.dState, what + ": gradient of the state");
        assertArrayEquals(expected.gradients.a(), actual.gradients.a(), what + ": da");
        assertArrayEquals(expected.gradients.c(), actual.gradients.c(), what + ": dc");
        assertArrayEquals(expected.gradients.d(), actual.gradients.d(), what + ": dd");
    }

    private static void requireClose(Problem p, String what, Result actual, double forward) {
        double[] u = Data.widened(p.u);
        ScanOracle.Outputs y = p.oracle().forward(u, p.state);
        ScanOracle.Adjoint d = p.oracle().backward(u, p.state, Data.widened(p.dy), p.dState);
        Comparison.requireClose(what + ": y", p.seed, Data.widened(actual.y), y.y(), forward);
        Comparison.requireClose(what + ": state", p.seed, actual.state, y.state(), forward);
        Comparison.requireClose(what + ": du", p.seed, Data.widened(actual.du), d.u(), Tolerances.SCAN_BACKWARD);
        Comparison.requireClose(what + ": gradient of the state", p.seed, actual.dState, d.state(),
                Tolerances.SCAN_BACKWARD);
        Comparison.requireClose(what + ": da", p.seed, actual.gradients.a(), d.a(), Tolerances.SCAN_BACKWARD);
        Comparison.requireClose(what + ": dc", p.seed, actual.gradients.c(), d.c(), Tolerances.SCAN_BACKWARD);
        Comparison.requireClose(what + ": dd", p.seed, actual.gradients.d(), d.d(), Tolerances.SCAN_BACKWARD);
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void outputsStatesAndGradientsEqualFloat64(Backend backend) {
        for (int l : Data.sizes()) {
            for (int h : Data.sizes()) {
                for (int b : new int[]{1, 2, 3, 5}) {
                    for (int n : new int[]{1, 2, 16, 32}) {
                        Problem p = Problem.of(b, l, h, n, (l + h + b + n) % 2 == 0, 1e-3);
                        requireClose(p, p.name(backend), run(p, backend, 1), Tolerances.SCAN_FORWARD_FEW);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void bothDirectionsHoldOverManyBlocks(Backend backend) {
        for (int l : new int[]{23, 24, 25, 48, 72, 73, 120, 143, 144, 145, 217, 288, 1025}) {
            for (boolean reverse : new boolean[]{false, true}) {
                Problem p = Problem.of(3, l, 17, 4, reverse, 1e-3);
                requireClose(p, p.name(backend), run(p, backend, 2), Tolerances.SCAN_FORWARD);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e-4})
    void accuracyHoldsOverLongSequencesOfSlowSystems(double dtMin) {
        Problem p = Problem.of(1, 16384, 16, 32, false, dtMin);
        for (Backend backend : Backends.present()) {
            requireClose(p, p.name(backend) + ", dt " + dtMin, run(p, backend, 2), Tolerances.SCAN_FORWARD);
        }
    }

    @Test
    void adjointMatchesFiniteDifference() {
        for (boolean reverse : new boolean[]{false, true}) {
            Problem p = Problem.of(2, 7, 3, 2, reverse, 1e-2);
            double[] u = Data.widened(p.u);
            ScanOracle.Adjoint d = p.oracle().backward(u, p.state, Data.widened(p.dy), p.dState);
            requireSlope(p, "du", u, d.u(), () -> loss(p, u));
            requireSlope(p, "gradient of the state", p.state, d.state(), () -> loss(p, u));
            requireSlope(p, "da", p.a, d.a(), () -> loss(p, u));
            requireSlope(p, "dc", p.c, d.c(), () -> loss(p, u));
        }
    }

    private static double loss(Problem p, double[] u) {
        ScanOracle.Outputs out = p.oracle().forward(u, p.state);
        double loss = 0;
        for (int i = 0; i < out.y().length; i++) {
            loss += out.y()[i] * p.dy[i];
        }
        for (int i = 0; i < out.state().length; i++) {
            loss += out.state()[i] * p.dState[i];
        }
        return loss;
    }

    private static void requireSlope(Problem p, String what, double[] x, double[] gradient,
            java.util.function.DoubleSupplier loss) {
        Comparison.requireClose(what, p.seed, gradient, Slopes.of(x, 1e-5, loss), Tolerances.SLOPE);
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void bitsDoNotDependOnThreads(Backend backend) {
        for (boolean reverse : new boolean[]{false, true}) {
            Problem p = Problem.of(18, 200, 50, 3, reverse, 1e-3); // sequences in groups of two
            Result one = run(p, backend, 1);
            requireSame("2 threads", run(p, backend, 2), one);
            requireSame("3 threads", run(p, backend, 3), one);
        }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void bitsOfASequenceDoNotDependOnTheOthers(Backend backend) {
        Problem p = Problem.of(5, 200, 19, 3, false, 1e-3);
        Result all = run(p, backend, 1);
        for (int s = 0; s < p.b; s++) {
            Result alone = run(p.alone(s), backend, 1);
            int size = p.l * p.h;
            int states = 2 * p.h * p.n;
            assertArrayEquals(Arrays.copyOfRange(all.y, s * size, (s + 1) * size), alone.y);
            assertArrayEquals(Arrays.copyOfRange(all.du, s * size, (s + 1) * size), alone.du);
            assertArrayEquals(Arrays.copyOfRange(all.state, s * states, (s + 1) * states), alone.state);
            assertArrayEquals(Arrays.copyOfRange(all.dState, s * states, (s + 1) * states), alone.dState);
        }
    }

    @Test
    @Tag(Backends.SIMD)
    void simdEqualsScalar() {
        for (int h : new int[]{1, 16, 17}) {
            Problem p = Problem.of(3, 207, h, 16, false, 1e-3);
            Result simd = run(p, Backend.SIMD, 1);
            Result scalar = run(p, Backend.SCALAR, 1);
            Comparison.requireClose("y", p.seed, simd.y, scalar.y, Tolerances.TWINS);
            Comparison.requireClose("du", p.seed, simd.du, scalar.du, Tolerances.TWINS);
            Comparison.requireClose("da", p.seed, simd.gradients.a(), scalar.gradients.a(), Tolerances.TWINS);
            Comparison.requireClose("dc", p.seed, simd.gradients.c(), scalar.gradients.c(), Tolerances.TWINS);
            Comparison.requireClose("dd", p.seed, simd.gradients.d(), scalar.gradients.d(), Tolerances.TWINS);
        }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void addAddsToWhatIsThere(Backend backend) {
        for (boolean reverse : new boolean[]{false, true}) {
            Problem p = Problem.of(3, 100, 17, 2, reverse, 1e-3);
            Result fresh = run(p, backend, 1);
            float[] before = Data.floats(p.u.length, p.seed + 7);
            MemorySegment y = Data.memory(before);
            MemorySegment du = Data.memory(before);
            try (Workers workers = new Workers(2)) {
                DiagonalScan scan = new DiagonalScan(backend, workers, p.b, p.l, p.h, p.a, p.c, p.d, reverse);
                MemorySegment checkpoints = Data.memory(scan.checkpointSize());
                scan.forward(Data.memory(p.u), y, true, p.state.clone(), checkpoints);
                scan.backward(Data.memory(p.u), Data.memory(p.dy), du, true, checkpoints, p.dState.clone(),
                        DiagonalScan.Gradients.zeros(p.h, p.n));
            }
            Comparison.requireClose("y, added", p.seed, Data.doubles(y),
                    Data.sum(Data.widened(before), Data.widened(fresh.y)), Tolerances.SCAN_FORWARD);
            Comparison.requireClose("du, added", p.seed, Data.doubles(du),
                    Data.sum(Data.widened(before), Data.widened(fresh.du)), Tolerances.SCAN_FORWARD);
        }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void noStateIsTheZeroStateAndNoInputTheZeroInput(Backend backend) {
        Problem p = Problem.of(2, 50, 17, 3, false, 1e-3);
        try (Workers workers = new Workers(1)) {
            DiagonalScan scan = new DiagonalScan(backend, workers, p.b, p.l, p.h, p.a, p.c, p.d, false);
            MemorySegment none = Data.memory(p.u.length);
            MemorySegment zero = Data.memory(p.u.length);
            scan.forward(Data.memory(p.u), none, false, null, null);
            scan.forward(Data.memory(p.u), zero, false, new double[p.state.length], null);
            assertArrayEquals(Data.values(zero), Data.values(none));
            scan.forward(null, none, false, p.state.clone(), null);
            scan.forward(Data.memory(p.u.length), zero, false, p.state.clone(), null);
            assertArrayEquals(Data.values(zero), Data.values(none));
        }
    }

    /** A sequence in two pieces, the state handed on, gives what the whole does. */
    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void statesLinkPieces(Backend backend) {
        Problem p = Problem.of(1, 100, 17, 16, false, 1e-3);
        Result whole = run(p, backend, 1);
        double[] state = p.state.clone();
        int cut = 37 * p.h;
        try (Workers workers = new Workers(1)) {
            MemorySegment u = Data.memory(p.u);
            MemorySegment y = Data.memory(p.u.length);
            new DiagonalScan(backend, workers, 1, 37, p.h, p.a, p.c, p.d, false).forward(u.asSlice(0, 4L * cut),
                    y.asSlice(0, 4L * cut), false, state, null);
            new DiagonalScan(backend, workers, 1, 63, p.h, p.a, p.c, p.d, false).forward(u.asSlice(4L * cut),
                    y.asSlice(4L * cut), false, state, null);
            Comparison.requireClose("y of pieces", p.seed, Data.values(y), whole.y, Tolerances.SCAN_FORWARD);
            Comparison.requireClose("state of pieces", p.seed, state, whole.state, Tolerances.SCAN_FORWARD);
        }
    }

    @Test
    void wrongSizesAreRefused() {
        try (Workers workers = new Workers(1)) {
            assertTrue(Refusal.messageOf(() -> new DiagonalScan(Backend.SCALAR, workers, 1, 2, 3, new double[5],
                    new double[5], null, false)).contains("scan of [1, 2, 3]"));
            assertTrue(Refusal.messageOf(() -> new DiagonalScan(Backend.SCALAR, workers, 1, 2, 1, new double[2],
                    new double[2], new float[1], true)).contains("no skip"));
            DiagonalScan scan = new DiagonalScan(Backend.SCALAR, workers, 1, 2, 1, new double[2], new double[2], null,
                    false);
            assertTrue(Refusal.messageOf(() -> scan.forward(null, Data.memory(1), false, null, null))
                    .contains("needs 8 bytes, got 4"));
        }
    }
}
