package s4j.torch.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.math.Complex;
import s4j.math.ComplexMatrix;
import s4j.math.SplitComplex;
import s4j.model.S4LayerConfig;
import s4j.model.S4LayerConfig.Disc;
import s4j.ssm.AttunedDplrSsm;
import s4j.ssm.CauchyContract;
import s4j.ssm.CauchyKernel;
import s4j.ssm.DenseSsm;
import s4j.ssm.DiagonalSsm;
import s4j.ssm.Discretization;
import s4j.ssm.Dplr;
import s4j.ssm.VandermondeContract;
import s4j.ssm.VandermondeKernel;
import s4j.testkit.Comparison;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** The libtorch kernels equal the plain ones of s4-core, parameter for parameter. */
class KernelOracleTest {
    private static final int H = 2;
    private static final int SEED = 7;

    @Nested
    class Vandermonde implements VandermondeContract {
        @Override
        public VandermondeKernel subject() {
            return (w, z, h, n, l) -> {
                try (var _ = NativeScope.withoutGradients()) {
                    Tensor powers = DiagonalKernel.powers(torch.log(tensor(z, h, n)), 0, l);
                    return Tensors.doubles(Tensors.twiceReal(DiagonalKernel.vandermonde(tensor(w, 1, h, n), powers)));
                }
            };
        }
    }

    @Nested
    class Cauchy implements CauchyContract {
        @Override
        public CauchyKernel subject() {
            return (v, a, m, n, length) -> {
                try (var _ = NativeScope.withoutGradients()) {
                    int nodes = length / 2 + 1;
                    Complex[] omega = IntStream.range(0, nodes)
                            .mapToObj(j -> Complex.polar(1, -2 * Math.PI * j / length)).toArray(Complex[]::new);
                    Complex[] minus = Arrays.stream(omega).map(x -> Complex.ONE.minus(x).times(2))
                            .toArray(Complex[]::new);
                    Complex[] plus = Arrays.stream(omega).map(Complex.ONE::plus).toArray(Complex[]::new);
                    double[] sums = Tensors.doubles(DplrKernel.cauchy(tensor(v, m, 1, 1, n), tensor(a, 1, n),
                            tensor(SplitComplex.of(plus), nodes), tensor(SplitComplex.of(minus), nodes)));
                    double[] re = new double[m * nodes];
                    double[] im = new double[m * nodes];
                    Arrays.setAll(re, i -> 2 * sums[2 * i]);
                    Arrays.setAll(im, i -> 2 * sums[2 * i + 1]);
                    return new SplitComplex(re, im);
                }
            };
        }
    }

    private static Tensor tensor(SplitComplex z, long... shape) {
        return Tensors.complex(Tensor.create(z.re(), shape), Tensor.create(z.im(), shape));
    }

    static Stream<S4LayerConfig> diagonal() {
        return Stream
                .of("diag-lin", "diag-inv", "diag-inv2", "diag-quad", "diag-legs", "diag-real", "diag-rand", "legs",
                        "fout")
                .flatMap(init -> Stream.of(Disc.values()).map(disc -> Cases.layer("mode", "diag", "init", init,
                        "disc", disc.name().toLowerCase(java.util.Locale.ROOT), "channels", 2)));
    }

    @ParameterizedTest
    @MethodSource
    void diagonal(S4LayerConfig config) {
        for (double rate : new double[]{1, 0.5, 3}) {
            for (int length : Sizes.all()) {
                requireDiagonal(config, length, rate);
            }
        }
    }

    @Test
    void bandlimitUntiedStepsAndSharedCopiesEqualTheOracle() {
        for (int length : new int[]{1, 8, 33}) {
            requireDiagonal(Cases.layer("mode", "diag", "init", "diag-inv", "bandlimit", 0.3), length, 2);
            requireDiagonal(Cases.layer("mode", "diag", "init", "diag-inv", "dt_tie", false), length, 1);
            requireDiagonal(Cases.layer("mode", "diag", "init", "diag-rand", "n_ssm", 1, "d_state", 2), length, 1);
        }
    }

    private static void requireDiagonal(S4LayerConfig config, int length, double rate) {
        try (var store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Parts parts = new Parts(SsmParameters.create(config, H, config.channels(), "", store));
            Disc disc = config.disc() == null ? Disc.ZOH : config.disc();
            double[][][] expected = new double[H][][];
            for (int h = 0; h < H; h++) {
                DiagonalSsm ssm = new DiagonalSsm(parts.dt(h), parts.a(h), parts.b(h), parts.c(h),
                        new double[config.channels()]);
                Double limit = config.bandlimit();
                DiagonalSsm sampled = (limit == null ? ssm : ssm.bandlimit(limit)).atRate(rate);
                expected[h] = disc == Disc.DSS
                        ? sampled.dssKernel(length)
                        : sampled.kernel(Discretization.valueOf(disc.name()), length);
            }
            double[] actual = Tensors
                    .doubles(new DiagonalKernel(parts.parameters).kernel(Kernels.torch(), length, rate));
            Comparison.requireClose(config.init() + " " + disc + ", L " + length + ", rate " + rate, SEED, actual,
                    channelFirst(expected), Tolerances.SAME_KERNEL);
        }
    }

    static Stream<S4LayerConfig> dplr() {
        return Stream.of(Cases.layer("mode", "nplr", "init", "legs", "channels", 2),
                Cases.layer("mode", "nplr", "init", "legs", "rank", 3, "n_ssm", 1),
                Cases.layer("mode", "nplr", "init", "legt", "rank", 2),
                Cases.layer("mode", "nplr", "init", "fout"),
                Cases.layer("mode", "nplr", "init", List.of("legs", "fout")),
                Cases.layer("mode", "nplr", "init", "dplr-lin", "rank", 2, "P_scale", 0.1, "d_state", 2));
    }

    @ParameterizedTest
    @MethodSource
    void dplr(S4LayerConfig config) {
        for (int length : Sizes.all()) {
            requireDplr(config, length, length, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("dplr")
    void longerAndResampledDplrKernels(S4LayerConfig config) {
        requireDplr(config, 1, 7, 1);
        requireDplr(config, 5, 17, 1);
        requireDplr(config, 64, 100, 1);
        requireDplr(config, 33, 16, 2); // 16.5 nodes: ties go to even
        requireDplr(config, 31, 15, 2);
        requireDplr(config, 33, 66, 0.5);
        requireDplr(config, 2, 5, 0.5); // 2.5 steps: not doubled, so one step is missing
        requireDplr(config, 61, 40, 1.5);
    }

    /** The kernel, its true C and its recurrent system against core's. */
    private static void requireDplr(S4LayerConfig config, int attuned, int length, double rate) {
        try (var store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Parts parts = new Parts(SsmParameters.create(config, H, config.channels(), "", store));
            DplrKernel kernel = DplrKernel.create(parts.parameters, "", attuned, store);
            double[][][] expected = new double[H][][];
            var before = store.data();
            double[][][] exact = new double[H][][];
            for (int h = 0; h < H; h++) {
                AttunedDplrSsm ssm = new AttunedDplrSsm(parts.dt(h)[0], new Dplr(parts.a(h), parts.p(h), parts.b(h)),
                        parts.c(h), new double[config.channels()], attuned);
                expected[h] = ssm.kernel(length, rate);
                exact[h] = ssm.trueC().atRate(rate).kernel(length);
            }
            String what = config.init() + " rank " + config.rank() + ", l_kernel " + attuned + ", L " + length
                    + ", rate "
                    + rate;
            try (Kernels own = Kernels.of("auto", true, 2)) {
                for (Kernels kernels : List.of(Kernels.torch(), own)) {
                    Comparison.requireClose(kernels.describe() + ", " + what, SEED,
                            Tensors.doubles(kernel.kernel(kernels, length, rate)), channelFirst(expected),
                            Tolerances.SAME_KERNEL);
                }
            }
            assertEquals(before, store.data(), what + ": a kernel is a value, nothing trained is touched");
            Comparison.requireClose(what + ", by steps", SEED, impulse(kernel, length, rate), channelFirst(exact),
                    config.init().contains("fout") ? Tolerances.IDLE_STATE : Tolerances.TRUE_C);
        }
    }

    /** The response of the recurrence to 1, 0, 0, …: {@code [c, h, l]}. */
    private static double[] impulse(SsmKernel kernel, int length, double rate) {
        SsmParameters parameters = parameters(kernel);
        SsmKernel.Recurrence recurrence = kernel.recurrence(rate);
        Tensor one = torch.ones(1, H).to(torch.ScalarType.Double);
        Tensor zero = torch.zeros(1, H).to(torch.ScalarType.Double);
        Tensor state = Tensors.zeros(torch.ScalarType.Double, one, 1, H, parameters.n(), 2);
        int channels = parameters.config().channels();
        double[] k = new double[channels * H * length];
        for (int l = 0; l < length; l++) {
            state = recurrence.nextState(l == 0 ? one : zero, state);
            double[] y = Tensors.doubles(recurrence.output(state));
            for (int i = 0; i < y.length; i++) {
                k[i * length + l] = y[i];
            }
        }
        return k;
    }

    private static SsmParameters parameters(SsmKernel kernel) {
        return switch (kernel) {
            case DiagonalKernel d -> d.parameters();
            case DplrKernel d -> d.parameters();
        };
    }

    @Test
    void untiedStepsScaleTheRowsOfTheDenseSystem() {
        S4LayerConfig config = Cases.layer("mode", "nplr", "init", "legt", "rank", 2, "dt_tie", false, "channels", 2);
        int n = config.dState() / 2;
        for (int length : new int[]{1, 8, 33}) {
            try (var store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
                Parts parts = new Parts(SsmParameters.create(config, H, 2, "", store));
                DplrKernel kernel = DplrKernel.create(parts.parameters, "", length, store);
                double[][][] expected = new double[H][][];
                for (int h = 0; h < H; h++) {
                    DenseSsm ssm = rows(parts, h, n).of(new double[2]);
                    ComplexMatrix power = ssm.recurrence(Discretization.BILINEAR).dA().pow(length);
                    ComplexMatrix system = ComplexMatrix.identity(2 * n).minus(power).transpose();
                    Complex[][] c = Arrays.stream(ssm.c()).map(system::solve).toArray(Complex[][]::new);
                    expected[h] = new DenseSsm(1, ssm.a(), ssm.b(), c, new double[2]).kernel(Discretization.BILINEAR,
                            length);
                }
                Comparison.requireClose("untied, L " + length, SEED,
                        Tensors.doubles(kernel.kernel(Kernels.torch(), length, 1)),
                        channelFirst(expected), Tolerances.SAME_KERNEL);
                Comparison.requireClose("untied steps, L " + length, SEED, impulse(kernel, length, 1),
                        channelFirst(expected), Tolerances.TRUE_C);
            }
        }
    }

    /** dt A and dt B of one feature over both of each pair, with C̃. */
    private record Rows(ComplexMatrix a, Complex[] b, Complex[][] c) {
        DenseSsm of(double[] d) { return new DenseSsm(1, a, b, c, d); }
    }

    private static Rows rows(Parts parts, int h, int n) {
        double[] dt = parts.dt(h);
        Complex[] lambda = both(parts.a(h));
        Complex[][] p = Arrays.stream(parts.p(h)).map(KernelOracleTest::both).toArray(Complex[][]::new);
        Complex[] b = both(parts.b(h));
        ComplexMatrix a = ComplexMatrix.of(2 * n, 2 * n, (i, j) -> {
            Complex sum = i == j ? lambda[i] : Complex.ZERO;
            for (Complex[] row : p) {
                sum = sum.minus(row[i].times(row[j].conjugate()));
            }
            return sum.times(dt[i % n]);
        });
        Complex[] scaled = new Complex[2 * n];
        Arrays.setAll(scaled, i -> b[i].times(dt[i % n]));
        return new Rows(a, scaled, Arrays.stream(parts.c(h)).map(KernelOracleTest::both).toArray(Complex[][]::new));
    }

    private static Complex[] both(Complex[] half) {
        return Stream.concat(Arrays.stream(half), Arrays.stream(half).map(Complex::conjugate)).toArray(Complex[]::new);
    }

    private static double[] channelFirst(double[][][] byFeature) {
        int channels = byFeature[0].length;
        double[][] rows = new double[channels * byFeature.length][];
        for (int c = 0; c < channels; c++) {
            for (int h = 0; h < byFeature.length; h++) {
                rows[c * byFeature.length + h] = byFeature[h][c];
            }
        }
        return Comparison.joined(rows);
    }

    /** The parameters of one feature as core's values. */
    private record Parts(SsmParameters parameters) {
        double[] dt(int h) { return Tensors.doubles(parameters.dt(1).select(0, h)); }

        Complex[] a(int h) { return complex(parameters.a().select(0, h)); }

        Complex[] b(int h) { return complex(parameters.b64().select(0, h)); }

        Complex[][] c(int h) {
            Tensor c = Tensors.complexOf(parameters.c().value());
            return IntStream.range(0, parameters.config().channels())
                    .mapToObj(i -> complex(c.select(0, i).select(0, h))).toArray(Complex[][]::new);
        }

        Complex[][] p(int h) {
            Tensor p = parameters.p64();
            return IntStream.range(0, parameters.config().rank()).mapToObj(r -> complex(p.select(0, r).select(0, h)))
                    .toArray(Complex[][]::new);
        }

        private static Complex[] complex(Tensor z) {
            double[] pairs = Tensors.doubles(z);
            Complex[] values = new Complex[pairs.length / 2];
            Arrays.setAll(values, i -> Complex.of(pairs[2 * i], pairs[2 * i + 1]));
            return values;
        }
    }

    @Test
    void stepsAndTransformsAreThoseOfCore() {
        for (S4LayerConfig.Transform transform : S4LayerConfig.Transform.values()) {
            String word = transform.name().toLowerCase(java.util.Locale.ROOT);
            S4LayerConfig config = Cases.layer("mode", "diag", "init", "diag-lin", "dt_transform", word,
                    "real_transform", word, "imag_transform", word, "imag_scale", 0.05);
            try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
                Parts parts = new Parts(SsmParameters.create(config, H, 1, "", store));
                s4j.ssm.Transform core = s4j.ssm.Transform.valueOf(transform.name());
                double[] stored = Tensors.doubles(parts.parameters.invDt().value());
                double[] re = Tensors.doubles(parts.parameters.aReal().value());
                double[] im = Tensors.doubles(parts.parameters.aImag().value());
                double[] expected = {core.apply(stored[1]), -core.apply(re[5]), -core.apply(im[5])};
                Complex a = parts.a(1)[1];
                Comparison.requireClose(word, SEED, new double[]{parts.dt(1)[0], a.re(), a.im()}, expected,
                        Tolerances.CLOSED_FORM);
            }
        }
    }
}
