package s4j.kernel.cauchy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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
import s4j.math.Complex;
import s4j.math.SplitComplex;
import s4j.ssm.CauchyContract;
import s4j.ssm.CauchyKernel;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class CauchySumsTest {
    /** One feature; the contract's sums have a factor 2. */
    private static CauchyKernel kernel(Backend backend) {
        return (v, a, m, n, length) -> {
            try (Workers workers = new Workers(1)) {
                double[] s = new CauchySums(backend, workers, m, 1, n, length, pairs(v), pairs(a)).forward();
                SplitComplex r = new SplitComplex(new double[s.length / 2], new double[s.length / 2]);
                for (int i = 0; i < r.length(); i++) {
                    r.re()[i] = 2 * s[2 * i];
                    r.im()[i] = 2 * s[2 * i + 1];
                }
                return r;
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
    class Simd implements CauchyContract {
        @Override
        public CauchyKernel subject() { return kernel(Backend.SIMD); }
    }

    @Nested
    class Scalar implements CauchyContract {
        @Override
        public CauchyKernel subject() { return kernel(Backend.SCALAR); }
    }

    /** λ = dt (−1/2 + iπn) with dt from 1e-4 up: what is trained. */
    private static double[] poles(int h, int n) {
        double[] lambda = new double[2 * h * n];
        for (int i = 0; i < h * n; i++) {
            int f = i / n;
            double dt = 1e-4 * Math.pow(1000, (double) f / h);
            lambda[2 * i] = -0.5 * dt;
            lambda[2 * i + 1] = Math.PI * (i % n) * dt;
        }
        return lambda;
    }

    private static double[] asWritten(int pairs, int h, int n, int length, double[] v, double[] lambda) {
        int nodes = length / 2 + 1;
        double[] s = new double[2 * pairs * h * nodes];
        for (int i = 0; i < pairs * h * nodes; i++) {
            int row = i / nodes;
            int f = row % h;
            Complex omega = Complex.polar(1, -2 * Math.PI * (i % nodes) / length);
            Complex plus = Complex.ONE.plus(omega);
            Complex minus = Complex.ONE.minus(omega).times(2);
            Complex sum = Complex.ZERO;
            for (int j = 0; j < n; j++) {
                Complex x = new Complex(v[2 * (row * n + j)], v[2 * (row * n + j) + 1]);
                Complex a = new Complex(lambda[2 * (f * n + j)], lambda[2 * (f * n + j) + 1]);
                sum = sum.plus(x.dividedBy(minus.minus(a.times(plus))))
                        .plus(x.conjugate().dividedBy(minus.minus(a.conjugate().times(plus))));
            }
            s[2 * i] = sum.re();
            s[2 * i + 1] = sum.im();
        }
        return s;
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void sumsEqualTheirDefinition(Backend backend) {
        try (Workers workers = new Workers(2)) {
            for (int length : new int[]{1, 2, 3, 16, 17, 100, 784, 1025}) {
                for (int n : new int[]{1, 2, 3, 32}) {
                    for (int pairs : new int[]{1, 4, 6}) {
                        int h = 3;
                        double[] v = Data.doubles(2 * pairs * h * n, length);
                        double[] s = new CauchySums(backend, workers, pairs, h, n, length, v, poles(h, n)).forward();
                        Comparison.requireClose(backend + " L " + length + " n " + n, length, s,
                                asWritten(pairs, h, n, length, v, poles(h, n)), Tolerances.CAUCHY);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void gradientMatchesFiniteDifference(Backend backend) {
        try (Workers workers = new Workers(1)) {
            for (int length : new int[]{1, 2, 7, 64, 207}) {
                for (int n : new int[]{1, 2, 5}) {
                    for (int pairs : new int[]{1, 4}) {
                        int h = 2;
                        double[] v = Data.doubles(2 * pairs * h * n, length);
                        double[] lambda = new double[2 * h * n];
                        for (int i = 0; i < h * n; i++) {
                            lambda[2 * i] = -0.3 - 0.1 * i;
                            lambda[2 * i + 1] = 0.7 * i;
                        }
                        double[] ds = Data.doubles(2 * pairs * h * (length / 2 + 1), length + 1);
                        CauchySums.Gradients g = new CauchySums(backend, workers, pairs, h, n, length, v, lambda)
                                .backward(ds);
                        String what = backend + " L " + length + " n " + n + " pairs " + pairs;
                        Comparison.requireClose(what + ": dv", length, g.v(), Slopes.of(v, 1e-4,
                                () -> Slopes.dot(ds, asWritten(pairs, h, n, length, v, lambda))), Tolerances.SLOPE);
                        Comparison.requireClose(what + ": dlambda", length, g.lambda(), Slopes.of(lambda, 1e-5,
                                () -> Slopes.dot(ds, asWritten(pairs, h, n, length, v, lambda))), Tolerances.SLOPE);
                    }
                }
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreadsAndFeaturesNotOnTheOthers() {
        int h = 5;
        int n = 7;
        double[] v = Data.doubles(2 * 4 * h * n, 1);
        double[] lambda = poles(h, n);
        double[] ds = Data.doubles(2 * 4 * h * 51, 2);
        for (Backend backend : Backends.present()) {
            double[][] first = run(backend, 1, h, n, v, lambda, ds);
            for (int threads = 2; threads < 4; threads++) {
                double[][] more = run(backend, threads, h, n, v, lambda, ds);
                for (int i = 0; i < first.length; i++) {
                    assertArrayEquals(first[i], more[i]);
                }
            }
            double[] alone = run(backend, 1, 1, n, Arrays.copyOf(v, 2 * 4 * n), Arrays.copyOf(lambda, 2 * n),
                    Arrays.copyOf(ds, 2 * 4 * 51))[0];
            assertArrayEquals(Arrays.copyOf(first[0], 2 * 51), Arrays.copyOf(alone, 2 * 51));
        }
    }

    private static double[][] run(Backend backend, int threads, int h, int n, double[] v, double[] lambda,
            double[] ds) {
        try (Workers workers = new Workers(threads)) {
            CauchySums sums = new CauchySums(backend, workers, 4, h, n, 100, v, lambda);
            CauchySums.Gradients g = sums.backward(ds);
            return new double[][]{sums.forward(), g.v(), g.lambda()};
        }
    }

    @Test
    @Tag(Backends.SIMD)
    void simdEqualsScalar() {
        int h = 3;
        double[] v = Data.doubles(2 * 4 * h * 32, 1);
        double[] ds = Data.doubles(2 * 4 * h * 51, 2);
        double[][] simd = run(Backend.SIMD, 1, h, 32, v, poles(h, 32), ds);
        double[][] scalar = run(Backend.SCALAR, 1, h, 32, v, poles(h, 32), ds);
        for (int i = 0; i < simd.length; i++) {
            Comparison.requireClose("result " + i, 1, simd[i], scalar[i], Tolerances.CAUCHY);
        }
    }

    @Test
    void wrongSizesAreRefused() {
        try (Workers workers = new Workers(1)) {
            assertTrue(Refusal.messageOf(() -> new CauchySums(Backend.SCALAR, workers, 1, 1, 1, 4, new double[3],
                    new double[2])).contains("3 values of v"));
            CauchySums sums = new CauchySums(Backend.SCALAR, workers, 1, 1, 1, 4, new double[2], new double[]{-1, 0});
            assertTrue(Refusal.messageOf(() -> sums.backward(new double[5])).contains("5 numbers; expected 6"));
        }
    }
}
