package s4j.kernel.convolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.kernel.Backend;
import s4j.kernel.Backends;
import s4j.kernel.Data;
import s4j.kernel.Slopes;
import s4j.kernel.Workers;
import s4j.kernel.convolution.ToeplitzConvolution.Gradients;
import s4j.kernel.convolution.ToeplitzConvolution.Method;
import s4j.ssm.Convolution;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;

class ToeplitzConvolutionTest {
    /** Kernels that fade as those of stable systems do, an input and a gradient, all from one seed. */
    private record Problem(long seed, ConvolutionShape shape, float[] k, float @Nullable [] r, float[] d, float[] u,
            float[] dy) {
        static Problem of(int b, int l, int h, int channels, int lk, boolean bidirectional) {
            long seed = 1_000_000L * b + 10_000L * l + 100L * h + 10L * channels + lk;
            int size = channels * h * lk;
            return new Problem(seed, new ConvolutionShape(b, l, h, channels, lk), fading(size, lk, seed),
                    bidirectional ? fading(size, lk, seed + 1) : null, Data.floats(channels * h, seed + 2),
                    Data.floats(b * l * h, seed + 3), Data.floats(b * l * h * channels, seed + 4));
        }

        private static float[] fading(int size, int lk, long seed) {
            float[] k = Data.floats(size, seed);
            for (int i = 0; i < size; i++) {
                k[i] *= (float) Math.exp(-3.0 * (i % lk) / lk);
            }
            return k;
        }

        ConvolutionOracle oracle() {
            return new ConvolutionOracle(shape.b(), shape.l(), shape.h(), shape.channels(), shape.lk(),
                    Data.widened(k), r == null ? null : Data.widened(r), d);
        }

        Problem alone(int s) {
            int size = shape.l() * shape.h();
            int out = size * shape.channels();
            return new Problem(seed, new ConvolutionShape(1, shape.l(), shape.h(), shape.channels(), shape.lk()), k, r,
                    d, Arrays.copyOfRange(u, s * size, (s + 1) * size), Arrays.copyOfRange(dy, s * out, (s + 1) * out));
        }

        Gradients zeros() { return Gradients.zeros(shape.channels(), shape.h(), shape.lk(), r != null); }
    }

    private record Result(float[] y, float[] du, Gradients gradients) {}

    private static Result run(Problem p, Backend backend, Method method, int threads) {
        try (Workers workers = new Workers(threads)) {
            ToeplitzConvolution convolution = new ToeplitzConvolution(backend, workers, p.shape, p.k, p.r, p.d, method);
            MemorySegment y = Data.memory(p.dy.length);
            MemorySegment du = Data.memory(p.u.length);
            Gradients gradients = p.zeros();
            convolution.forward(Data.memory(p.u), y, false);
            convolution.backward(Data.memory(p.u), Data.memory(p.dy), du, false, gradients);
            return new Result(Data.values(y), Data.values(du), gradients);
        }
    }

    private static void requireClose(Problem p, String what, Result actual, double[] y, ConvolutionOracle.Adjoint d) {
        String name = what + " " + p.shape + (p.r == null ? "" : " bidirectional");
        Comparison.requireClose(name + ": y", p.seed, Data.widened(actual.y), y, Tolerances.CONVOLUTION_FORWARD);
        Comparison.requireClose(name + ": du", p.seed, Data.widened(actual.du), d.u(),
                Tolerances.CONVOLUTION_BACKWARD);
        Comparison.requireClose(name + ": dK", p.seed, actual.gradients.k(), d.k(), Tolerances.CONVOLUTION_BACKWARD);
        Comparison.requireClose(name + ": dd", p.seed, actual.gradients.d(), d.d(), Tolerances.CONVOLUTION_BACKWARD);
        if (p.r != null) {
            Comparison.requireClose(name + ": dR", p.seed, actual.gradients.reverse(), d.r(),
                    Tolerances.CONVOLUTION_BACKWARD);
        }
    }

    private static void requireAllClose(Problem p) {
        double[] y = p.oracle().forward(Data.widened(p.u));
        ConvolutionOracle.Adjoint d = p.oracle().backward(Data.widened(p.u), Data.widened(p.dy));
        for (Backend backend : Backends.present()) {
            for (Method method : Method.values()) {
                requireClose(p, backend + " " + method, run(p, backend, method, 1), y, d);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outputsAndGradientsEqualFloat64(boolean bidirectional) {
        for (int l : Data.sizes()) {
            for (int h : Data.sizes()) {
                for (int b : new int[]{1, 2, 3, 5}) {
                    int lk = h == 17 ? (l + 1) / 2 : l;
                    requireAllClose(Problem.of(b, l, h, b == 2 ? 2 : 1, lk, bidirectional));
                }
            }
        }
    }

    @Test
    void everyLengthHasATransform() {
        for (int l : Sizes.all()) {
            requireAllClose(Problem.of(1, l, 3, 1, l, true));
        }
        for (int l = 1; l < 40; l++) {
            requireAllClose(Problem.of(1, l, 1, 1, l, true));
        }
    }

    @Test
    void transformsAreAtMostAQuarterLongerThanNeeded() {
        for (int l = 4; l < 5000; l++) {
            int size = RightAnglePlan.sizeFor(l);
            assertTrue(size >= l && 4 * size <= 5 * l, l + " -> " + size);
        }
        assertEquals(16384, RightAnglePlan.sizeFor(16384));
        assertEquals(896, RightAnglePlan.sizeFor(784));
    }

    /** The kernel of S4D-Lin with steps down to 1e-4: the longest memory that is trained. */
    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void accuracyHoldsAtLength16384(Backend backend) {
        int l = 16384;
        int h = 5;
        double[] k = Systems16384.kernels(h, l);
        Problem p = Problem.of(1, l, h, 1, l, false);
        Problem slow = new Problem(p.seed, p.shape, rounded(k), null, p.d, p.u, p.dy);
        Result actual = run(slow, backend, Method.SPECTRAL, 2);
        double[] y = new double[actual.y.length];
        double[] du = new double[y.length];
        double[] dk = new double[k.length];
        for (int f = 0; f < h; f++) {
            double[] row = Data.widened(Arrays.copyOfRange(slow.k, f * l, (f + 1) * l));
            for (int s = 0; s < 1; s++) {
                double[] u = column(slow.u, s, f, l, h);
                double[] dy = column(slow.dy, s, f, l, h);
                double[] out = Convolution.fft(row, u);
                double[] back = reversed(Convolution.fft(row, reversed(dy)));
                // Σ_t dy_t u_{t−τ}: the convolution of dy read backwards with u, read backwards
                double[] sums = reversed(Convolution.fft(reversed(dy), u));
                for (int t = 0; t < l; t++) {
                    y[(s * l + t) * h + f] = out[t] + slow.d[f] * u[t];
                    du[(s * l + t) * h + f] = back[t] + slow.d[f] * dy[t];
                    dk[f * l + t] += sums[t];
                }
            }
        }
        Comparison.requireClose("y", p.seed, Data.widened(actual.y), y, Tolerances.CONVOLUTION_FORWARD);
        Comparison.requireClose("du", p.seed, Data.widened(actual.du), du, Tolerances.CONVOLUTION_BACKWARD);
        Comparison.requireClose("dK", p.seed, actual.gradients.k(), dk, Tolerances.CONVOLUTION_BACKWARD);
    }

    private static float[] rounded(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }

    private static double[] column(float[] x, int s, int f, int l, int h) {
        double[] column = new double[l];
        for (int t = 0; t < l; t++) {
            column[t] = x[(s * l + t) * h + f];
        }
        return column;
    }

    private static double[] reversed(double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[x.length - 1 - i];
        }
        return y;
    }

    @Test
    void adjointMatchesFiniteDifference() {
        Problem p = Problem.of(2, 5, 2, 2, 4, true);
        double[] u = Data.widened(p.u);
        ConvolutionOracle o = p.oracle();
        ConvolutionOracle.Adjoint d = o.backward(u, Data.widened(p.dy));
        Comparison.requireClose("du", p.seed, d.u(), Slopes.of(u, 1e-3, () -> loss(o, u, p)), Tolerances.SLOPE);
        Comparison.requireClose("dK", p.seed, d.k(), Slopes.of(o.k(), 1e-3, () -> loss(o, u, p)), Tolerances.SLOPE);
        Comparison.requireClose("dR", p.seed, d.r(),
                Slopes.of(Objects.requireNonNull(o.r()), 1e-3, () -> loss(o, u, p)), Tolerances.SLOPE);
    }

    private static double loss(ConvolutionOracle o, double[] u, Problem p) {
        double[] y = o.forward(u);
        double loss = 0;
        for (int i = 0; i < y.length; i++) {
            loss += y[i] * p.dy[i];
        }
        return loss;
    }

    private static void requireSame(Result actual, Result expected) {
        assertArrayEquals(expected.y, actual.y);
        assertArrayEquals(expected.du, actual.du);
        assertArrayEquals(expected.gradients.k(), actual.gradients.k());
        assertArrayEquals(expected.gradients.reverse(), actual.gradients.reverse());
        assertArrayEquals(expected.gradients.d(), actual.gradients.d());
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void bitsDoNotDependOnThreads(Method method) {
        Problem p = Problem.of(9, 40, 33, 2, 37, true);
        for (Backend backend : Backends.present()) {
            Result one = run(p, backend, method, 1);
            requireSame(run(p, backend, method, 2), one);
            requireSame(run(p, backend, method, 3), one);
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void bitsOfASequenceDoNotDependOnTheOthers(Method method) {
        Problem p = Problem.of(11, 100, 19, 2, 100, true);
        int size = 100 * 19;
        for (Backend backend : Backends.present()) {
            Result all = run(p, backend, method, 2);
            for (int s = 0; s < 11; s++) {
                Result alone = run(p.alone(s), backend, method, 1);
                assertArrayEquals(Arrays.copyOfRange(all.y, 2 * s * size, 2 * (s + 1) * size), alone.y);
                assertArrayEquals(Arrays.copyOfRange(all.du, s * size, (s + 1) * size), alone.du);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    @Tag(Backends.SIMD)
    void simdEqualsScalar(Method method) {
        Problem p = Problem.of(3, 207, 17, 2, 207, true);
        Result simd = run(p, Backend.SIMD, method, 1);
        Result scalar = run(p, Backend.SCALAR, method, 1);
        Comparison.requireClose("y", p.seed, simd.y, scalar.y, Tolerances.TWINS);
        Comparison.requireClose("du", p.seed, simd.du, scalar.du, Tolerances.TWINS);
        Comparison.requireClose("dK", p.seed, simd.gradients.k(), scalar.gradients.k(), Tolerances.TWINS);
        Comparison.requireClose("dR", p.seed, simd.gradients.reverse(), scalar.gradients.reverse(), Tolerances.TWINS);
        Comparison.requireClose("dd", p.seed, simd.gradients.d(), scalar.gradients.d(), Tolerances.TWINS);
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void addAddsToWhatIsThere(Method method) {
        Problem p = Problem.of(3, 33, 17, 2, 33, true);
        for (Backend backend : Backends.present()) {
            Result fresh = run(p, backend, method, 1);
            float[] before = Data.floats(p.dy.length, 7);
            float[] beforeIn = Data.floats(p.u.length, 8);
            MemorySegment y = Data.memory(before);
            MemorySegment du = Data.memory(beforeIn);
            Gradients twice = p.zeros();
            try (Workers workers = new Workers(2)) {
                ToeplitzConvolution c = new ToeplitzConvolution(backend, workers, p.shape, p.k, p.r, p.d, method);
                c.forward(Data.memory(p.u), y, true);
                c.backward(Data.memory(p.u), Data.memory(p.dy), du, true, twice);
                c.backward(Data.memory(p.u), Data.memory(p.dy), du, true, twice);
            }
            double[] du1 = Data.widened(fresh.du);
            Comparison.requireClose("y", p.seed, Data.doubles(y), Data.sum(Data.widened(before), Data.widened(fresh.y)),
                    Tolerances.CONVOLUTION_FORWARD);
            Comparison.requireClose("du", p.seed, Data.doubles(du),
                    Data.sum(Data.widened(beforeIn), Data.sum(du1, du1)),
                    Tolerances.CONVOLUTION_FORWARD);
            assertArrayEquals(Data.sum(fresh.gradients.k(), fresh.gradients.k()), twice.k());
        }
    }

    @Test
    void float64KernelsAreRoundedAndTheMethodIsChosenByLength() {
        Problem p = Problem.of(2, 100, 5, 1, 100, false);
        try (Workers workers = new Workers(1)) {
            for (int lk : new int[]{64, 65}) {
                float[] k = Arrays.copyOf(p.k, 5 * lk);
                MemorySegment y = Data.memory(p.u.length);
                new ToeplitzConvolution(Backend.best(), workers, 2, 100, 5, 1, Data.widened(k), null, p.d)
                        .forward(Data.memory(p.u), y, false);
                Problem shorter = new Problem(p.seed, new ConvolutionShape(2, 100, 5, 1, lk), k, null, p.d, p.u, p.dy);
                assertArrayEquals(
                        run(shorter, Backend.best(), lk == 64 ? Method.DIRECT : Method.SPECTRAL, 1).y, Data.values(y));
            }
        }
    }

    @Test
    void wrongSizesAreRefused() {
        try (Workers workers = new Workers(1)) {
            assertTrue(Refusal.messageOf(() -> new ToeplitzConvolution(Backend.SCALAR, workers, 1, 2, 3, 1,
                    new float[12], null, null)).contains("lk ≤ l"));
            assertTrue(Refusal.messageOf(() -> new ToeplitzConvolution(Backend.SCALAR, workers, 1, 4, 3, 1,
                    new float[12], new float[3], null)).contains("R has 3 values; expected as many as K, 12"));
            assertTrue(Refusal.messageOf(() -> new ToeplitzConvolution(Backend.SCALAR, workers, 1, 4, 3, 1,
                    new float[12], null, new float[2])).contains("d has 2 values; expected 3"));
            ToeplitzConvolution c = new ToeplitzConvolution(Backend.SCALAR, workers, 1, 4, 3, 1, new float[12], null,
                    null);
            MemorySegment x = Data.memory(12);
            assertTrue(Refusal.messageOf(() -> c.forward(x, Data.memory(1), false)).contains("y has 4 bytes"));
            assertTrue(Refusal.messageOf(() -> c.backward(x, x, Data.memory(12), false, Gradients.zeros(1, 3, 4, true)))
                    .contains("Gradients.zeros(1, 3, 4, false)"));
        }
    }
}
