package s4j.kernel.cauchy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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
import s4j.math.Fft;
import s4j.ssm.AttunedDplrSsm;
import s4j.ssm.Dplr;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class DplrSpectrumTest {
    /** Some features with one low-rank term, λ = −1/2 + iπn, dt from 1e-3 up, as the reading form has them. */
    private record Problem(AttunedDplrSsm[] features, int channels, int n, int length) {
        static Problem of(int h, int channels, int n, int length) {
            AttunedDplrSsm[] features = new AttunedDplrSsm[h];
            for (int f = 0; f < h; f++) {
                double[] x = Data.doubles(2 * n * (channels + 2), 100L * length + 10L * f + n);
                Complex[] lambda = new Complex[n];
                Arrays.setAll(lambda, i -> new Complex(-0.5, Math.PI * i));
                Complex[][] c = new Complex[channels][];
                Arrays.setAll(c, j -> row(x, j + 2, n, 1));
                features[f] = new AttunedDplrSsm(1e-3 * Math.pow(30, f),
                        new Dplr(lambda, new Complex[][]{row(x, 0, n, 0.5)}, row(x, 1, n, 1)), c, new double[channels],
                        length);
            }
            return new Problem(features, channels, n, length);
        }

        private static Complex[] row(double[] x, int row, int n, double scale) {
            Complex[] z = new Complex[n];
            Arrays.setAll(z, i -> new Complex(scale * x[2 * (row * n + i)], scale * x[2 * (row * n + i) + 1]));
            return z;
        }

        private double[] v() {
            double[] v = new double[4 * (channels + 1) * features.length * n];
            int at = 0;
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j <= channels; j++) {
                    for (AttunedDplrSsm f : features) {
                        for (int k = 0; k < n; k++) {
                            Complex left = i == 0 ? f.system().b()[k] : f.system().p()[0][k];
                            Complex right = j < channels ? f.cTilde()[j][k] : f.system().p()[0][k].conjugate();
                            Complex product = left.times(right).times(f.dt());
                            v[at++] = product.re();
                            v[at++] = product.im();
                        }
                    }
                }
            }
            return v;
        }

        private double[] lambda() {
            double[] lambda = new double[2 * features.length * n];
            for (int i = 0; i < features.length * n; i++) {
                Complex a = features[i / n].system().lambda()[i % n].times(features[i / n].dt());
                lambda[2 * i] = a.re();
                lambda[2 * i + 1] = a.im();
            }
            return lambda;
        }

        DplrSpectrum spectrum(Backend backend, Workers workers, double[] v, double[] lambda) {
            return new DplrSpectrum(backend, workers, channels, features.length, n, length, v, lambda);
        }

        int size() { return 2 * channels * features.length * (length / 2 + 1); }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void itsInverseTransformIsTheKernelOfTheReadingForm(Backend backend) {
        try (Workers workers = new Workers(2)) {
            for (int length : new int[]{1, 2, 3, 16, 17, 100, 127, 784, 1025}) {
                for (int channels = 1; channels < 4; channels++) {
                    Problem p = Problem.of(3, channels, channels == 2 ? 7 : 16, length);
                    double[] spectrum = p.spectrum(backend, workers, p.v(), p.lambda()).forward();
                    int nodes = length / 2 + 1;
                    for (int f = 0; f < 3; f++) {
                        double[][] k = p.features[f].kernel();
                        for (int c = 0; c < channels; c++) {
                            int row = 2 * (c * 3 + f) * nodes;
                            Complex[] half = new Complex[nodes];
                            Arrays.setAll(half, i -> new Complex(spectrum[row + 2 * i], spectrum[row + 2 * i + 1]));
                            Comparison.requireClose(backend + " L " + length + " feature " + f + " channel " + c,
                                    length, Fft.inverseReal(half, length), k[c], Tolerances.SAME_KERNEL);
                        }
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
                for (int channels = 1; channels < 3; channels++) {
                    Problem p = Problem.of(2, channels, 3, length);
                    double[] v = p.v();
                    double[] lambda = new double[p.lambda().length];
                    for (int i = 0; i < lambda.length / 2; i++) {
                        lambda[2 * i] = -0.3 - 0.1 * i;
                        lambda[2 * i + 1] = 0.7 * i;
                    }
                    double[] weights = Data.doubles(p.size(), length);
                    CauchySums.Gradients g = p.spectrum(backend, workers, v, lambda).backward(weights);
                    String what = backend + " L " + length + " channels " + channels;
                    Comparison.requireClose(what + ": dv", length, g.v(), Slopes.of(v, 1e-5,
                            () -> Slopes.dot(weights, p.spectrum(backend, workers, v, lambda).forward())),
                            Tolerances.SLOPE);
                    Comparison.requireClose(what + ": dlambda", length, g.lambda(), Slopes.of(lambda, 1e-5,
                            () -> Slopes.dot(weights, p.spectrum(backend, workers, v, lambda).forward())),
                            Tolerances.SLOPE);
                }
            }
        }
    }

    private static double[][] run(Backend backend, int threads) {
        try (Workers workers = new Workers(threads)) {
            Problem p = Problem.of(5, 2, 7, 207);
            DplrSpectrum spectrum = p.spectrum(backend, workers, p.v(), p.lambda());
            CauchySums.Gradients g = spectrum.backward(Data.doubles(p.size(), 3));
            return new double[][]{spectrum.forward(), g.v(), g.lambda()};
        }
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void threadsChangeNoBit(Backend backend) {
        double[][] one = run(backend, 1);
        for (int threads = 2; threads < 4; threads++) {
            double[][] more = run(backend, threads);
            for (int i = 0; i < one.length; i++) {
                assertArrayEquals(one[i], more[i]);
            }
        }
    }

    @Test
    @Tag(Backends.SIMD)
    void simdEqualsScalar() {
        double[][] simd = run(Backend.SIMD, 1);
        double[][] scalar = run(Backend.SCALAR, 1);
        for (int i = 0; i < simd.length; i++) {
            Comparison.requireClose("result " + i, 1, simd[i], scalar[i], Tolerances.CAUCHY);
        }
    }

    @Test
    void wrongSizesAreRefused() {
        try (Workers workers = new Workers(1)) {
            assertTrue(Refusal.messageOf(() -> new DplrSpectrum(Backend.SCALAR, workers, 1, 1, 1, 4, new double[6],
                    new double[2])).contains("6 values of v"));
            DplrSpectrum spectrum = new DplrSpectrum(Backend.SCALAR, workers, 1, 1, 1, 4, new double[8],
                    new double[]{-1, 0});
            assertTrue(Refusal.messageOf(() -> spectrum.backward(new double[5])).contains("5 numbers; expected 6"));
        }
    }
}
