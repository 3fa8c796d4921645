package s4j.kernel.vandermonde;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.kernel.Backend;
import s4j.kernel.Backends;
import s4j.kernel.Data;
import s4j.kernel.Slopes;
import s4j.kernel.Workers;
import s4j.math.SplitComplex;
import s4j.ssm.PlainVandermonde;
import s4j.ssm.VandermondeContract;
import s4j.ssm.VandermondeKernel;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class VandermondeSumsTest {
    private static VandermondeKernel kernel(Backend backend) {
        return (w, z, h, n, l) -> {
            try (Workers workers = new Workers(1)) {
                return new VandermondeSums(backend, workers, 1, h, n, l, pairs(w), pairs(z)).forward();
            }
        };
    }

    private static double[] pairs(SplitComplex z) {
        double[] pairs = new double[2 * z.length()];
        for (int i = 0; i < z.length(); i++) {
            pairs[2 * i] = z.re()[i];
            pairs[2 * i + 1] = z.im()[i];
        }
        return pairs;
    }

    @Nested
    @Tag(Backends.SIMD)
    class Simd implements VandermondeContract {
        @Override
        public VandermondeKernel subject() { return kernel(Backend.SIMD); }
    }

    @Nested
    class Scalar implements VandermondeContract {
        @Override
        public VandermondeKernel subject() { return kernel(Backend.SCALAR); }
    }

    private static double[] asWritten(int channels, int h, int n, int l, double[] w, double[] z) {
        double[] k = new double[channels * h * l];
        for (int c = 0; c < channels; c++) {
            double[] rows = new PlainVandermonde().kernel(split(w, c * h * n, h * n), split(z, 0, h * n), h, n, l);
            System.arraycopy(rows, 0, k, c * h * l, rows.length);
        }
        return k;
    }

    private static SplitComplex split(double[] pairs, int from, int size) {
        SplitComplex z = new SplitComplex(new double[size], new double[size]);
        for (int i = 0; i < size; i++) {
            z.re()[i] = pairs[2 * (from + i)];
            z.im()[i] = pairs[2 * (from + i) + 1];
        }
        return z;
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void longKernelsOfSlowSystemsEqualTheSum(Backend backend) {
        int n = 32;
        double[] w = Data.doubles(2 * 2 * 2 * n, 3);
        double[] z = Data.nodes(2, n, 1e-4, 4);
        try (Workers workers = new Workers(2)) {
            double[] k = new VandermondeSums(backend, workers, 2, 2, n, 16384, w, z).forward();
            Comparison.requireClose("L 16384", 3, k, asWritten(2, 2, n, 16384, w, z), Tolerances.SAME_KERNEL);
        }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void gradientMatchesFiniteDifference(Backend backend) {
        try (Workers workers = new Workers(2)) {
            for (int l : new int[]{1, 2, 63, 64, 65, 100}) {
                for (int n : new int[]{1, 3}) {
                    double[] w = Data.doubles(2 * 2 * 2 * n, l);
                    double[] z = Data.nodes(2, n, 1e-2, l + 1);
                    z[0] = 0; // a dead mode has a gradient too
                    z[1] = 0;
                    double[] dk = Data.doubles(2 * 2 * l, l + 2);
                    VandermondeSums.Gradients g = new VandermondeSums(backend, workers, 2, 2, n, l, w, z).backward(dk);
                    Comparison.requireClose(backend + " dw, L " + l, l, g.w(),
                            Slopes.of(w, 1e-3, () -> Slopes.dot(dk, asWritten(2, 2, n, l, w, z))), Tolerances.SLOPE);
                    Comparison.requireClose(backend + " dz, L " + l, l, g.z(),
                            Slopes.of(z, 1e-6, () -> Slopes.dot(dk, asWritten(2, 2, n, l, w, z))), Tolerances.SLOPE);
                }
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        double[] w = Data.doubles(2 * 7 * 5, 1);
        double[] z = Data.nodes(7, 5, 1e-3, 2);
        double[] dk = Data.doubles(7 * 100, 3);
        for (Backend backend : Backends.present()) {
            double[][] one = run(backend, 1, w, z, dk);
            for (int threads = 2; threads < 4; threads++) {
                double[][] more = run(backend, threads, w, z, dk);
                for (int i = 0; i < one.length; i++) {
                    assertArrayEquals(one[i], more[i]);
                }
            }
        }
    }

    private static double[][] run(Backend backend, int threads, double[] w, double[] z, double[] dk) {
        try (Workers workers = new Workers(threads)) {
            VandermondeSums sums = new VandermondeSums(backend, workers, 1, 7, 5, 100, w, z);
            VandermondeSums.Gradients g = sums.backward(dk);
            return new double[][]{sums.forward(), g.w(), g.z()};
        }
    }

    @Test
    @Tag(Backends.SIMD)
    void simdEqualsScalar() {
        double[] w = Data.doubles(2 * 7 * 5, 1);
        double[] z = Data.nodes(7, 5, 1e-3, 2);
        double[] dk = Data.doubles(7 * 100, 3);
        double[][] simd = run(Backend.SIMD, 1, w, z, dk);
        double[][] scalar = run(Backend.SCALAR, 1, w, z, dk);
        for (int i = 0; i < simd.length; i++) {
            Comparison.requireClose("result " + i, 1, simd[i], scalar[i], Tolerances.SAME_KERNEL);
        }
    }

    @Test
    void wrongSizesAreRefused() {
        try (Workers workers = new Workers(1)) {
            assertTrue(Refusal.messageOf(() -> new VandermondeSums(Backend.SCALAR, workers, 1, 1, 1, 4, new double[3],
                    new double[2])).contains("3 values of w"));
            VandermondeSums sums = new VandermondeSums(Backend.SCALAR, workers, 1, 1, 1, 4, new double[2],
                    new double[2]);
            assertTrue(Refusal.messageOf(() -> sums.backward(new double[5])).contains("5 numbers; expected 4"));
        }
    }
}
