package s4j.ssm;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import s4j.math.Complex;

/** Random systems and inputs of the tests, each from a seed. */
final class Systems {
    static final int[] STATES = {2, 4, 16, 64};

    static DplrSsm dplr(String init, int stateSize, int rank, int channels, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        // dplr-*'s P of full size would not be stable at every N: a tenth of it is
        SsmInit.Options options = init.startsWith("dplr")
                ? new SsmInit.Options(1, 1, false, false, "constant", 1, 0.1, false)
                : SsmInit.Options.DEFAULTS;
        Dplr system = SsmInit.create(List.of(init), stateSize, rank, 1, options, random).getFirst();
        // as trained parameters are: -Re lambda at least 1e-4 (FouT has an idle state whose lambda is 0)
        Complex[] lambda = new Complex[stateSize / 2];
        Arrays.setAll(lambda,
                i -> Complex.of(Math.min(system.lambda()[i].re(), -Transform.FLOOR), system.lambda()[i].im()));
        Dplr decaying = new Dplr(lambda, system.p(), system.b());
        return new DplrSsm(0.02 + 0.05 * random.nextDouble(), decaying, outputs(channels, stateSize / 2, random),
                skips(channels, random));
    }

    static DiagonalSsm diagonal(String init, int stateSize, boolean tied, int channels, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Dplr system = SsmInit.create(List.of(init), stateSize, 1, 1, SsmInit.Options.DEFAULTS, random).getFirst();
        double[] dt = new double[tied ? 1 : stateSize / 2];
        Arrays.setAll(dt, i -> 0.002 + 0.05 * random.nextDouble());
        return new DiagonalSsm(dt, system.lambda(), system.b(), outputs(channels, stateSize / 2, random),
                skips(channels, random));
    }

    static Complex[][] outputs(int channels, int n, RandomGenerator random) {
        Complex[][] c = new Complex[channels][n];
        for (Complex[] row : c) {
            Arrays.setAll(row, i -> Complex.of(random.nextGaussian(), random.nextGaussian()));
        }
        return c;
    }

    static double[] skips(int channels, RandomGenerator random) {
        double[] d = new double[channels];
        Arrays.setAll(d, i -> random.nextGaussian());
        return d;
    }

    static double[] input(int length, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        double[] u = new double[length];
        Arrays.setAll(u, i -> random.nextGaussian());
        return u;
    }

    /** {@code K * u + D u}, row by row. */
    static double[][] convolved(double[][] k, double[] d, double[] u) {
        double[][] y = new double[k.length][];
        for (int c = 0; c < k.length; c++) {
            y[c] = Convolution.fft(k[c], u);
            for (int l = 0; l < u.length; l++) {
                y[c][l] += d[c] * u[l];
            }
        }
        return y;
    }

    /** Real and imaginary parts as one array. */
    static double[] flat(Complex[] z) {
        double[] x = new double[2 * z.length];
        for (int i = 0; i < z.length; i++) {
            x[2 * i] = z[i].re();
            x[2 * i + 1] = z[i].im();
        }
        return x;
    }

    static double[] flat(Complex[][] z) {
        return flat(Arrays.stream(z).flatMap(Arrays::stream).toArray(Complex[]::new));
    }

    private Systems() {}
}
