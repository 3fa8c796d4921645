package s4j.hippo;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import s4j.math.RealMatrix;

/**
 * The transition (A, B) of a HiPPO operator: {@code x' = A x + B u}, for LegS {@code t x' = A x + B u}.
 *
 * <p>Source: HiPPO (2008.07669), appendix D; How to train your HiPPO (2206.12037), section 3.
 *
 * @param a A {@code [n, n]}
 * @param b B {@code [n]}
 */
public record HippoMatrix(RealMatrix a, double[] b) {
    /** Checks the shapes. */
    public HippoMatrix {
        if (a.rows() != a.columns() || a.rows() != b.length) {
            throw new IllegalArgumentException("HiPPO matrix: A [" + a.rows() + ", " + a.columns() + "], B [" + b.length
                    + "]; expected [n, n] and [n]");
        }
    }

    /**
     * The matrices of a measure at state size n.
     *
     * @throws IllegalArgumentException when n is below 1, or odd for the Fourier family, whose states come in pairs
     */
    public static HippoMatrix of(Measure measure, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("HiPPO " + measure.label() + ": N = " + n + "; expected at least 1");
        }
        return switch (measure) {
            case Measure.LegS() -> legs(n);
            case Measure.LegSD() -> legsd(n);
            case Measure.LegT() -> legt(n);
            case Measure.Lmu() -> lmu(n);
            case Measure.LagT(double beta) -> laguerre(n, -0.5, beta);
            case Measure.TLagT(double beta) -> laguerre(n, -(1 + beta) / 2, beta);
            case Measure.GLagT(double alpha, double beta) -> generalizedLaguerre(n, alpha, beta);
            case Measure.Fourier kind -> fourier(kind, n);
            case Measure.RandomDense(long seed) -> randomDense(n, seed);
            case Measure.RandomDiagonal(long seed) -> randomDiagonal(n, seed);
        };
    }

    /** State size n. */
    public int size() { return b.length; }

    /** {@code A[n,k] = -sqrt(2n+1) sqrt(2k+1)} below the diagonal, {@code -(n+1)} on it; {@code B[n] = sqrt(2n+1)}. */
    private static HippoMatrix legs(int n) {
        return new HippoMatrix(
                RealMatrix.of(n, n, (i, k) -> i > k ? -root(i) * root(k) : i == k ? -(i + 1) : 0), roots(n, 1));
    }

    /** {@code A + B B^T / 2, B / 2} of LegS: a skew matrix with -1/2 on its diagonal. */
    private static HippoMatrix legsd(int n) {
        return new HippoMatrix(RealMatrix.of(n, n,
                (i, k) -> i > k ? -0.5 * root(i) * root(k) : i == k ? -0.5 : 0.5 * root(i) * root(k)), roots(n, 0.5));
    }

    /**
     * {@code A[n,k] = -1/2 sqrt(2n+1) sqrt(2k+1) (n < k ? (-1)^(n-k) : 1)}; {@code B[n] = 1/2 sqrt(2n+1)}. The halves make
     * the window 2 long, the time scale that the other measures have.
     */
    private static HippoMatrix legt(int n) {
        return new HippoMatrix(
                RealMatrix.of(n, n, (i, k) -> -0.5 * root(i) * root(k) * (i < k ? sign(i - k) : 1)), roots(n, 0.5));
    }

    /** {@code A[n,k] = (2n+1) (n < k ? -1 : (-1)^(n-k+1))}; {@code B[n] = (2n+1) (-1)^n}. */
    private static HippoMatrix lmu(int n) {
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            b[i] = sign(i) * (2 * i + 1);
        }
        return new HippoMatrix(RealMatrix.of(n, n, (i, k) -> (2 * i + 1) * (i < k ? -1 : sign(i - k + 1))), b);
    }

    /** -1 below the diagonal. */
    private static HippoMatrix laguerre(int n, double diagonal, double beta) {
        return new HippoMatrix(RealMatrix.of(n, n, (i, k) -> i > k ? -1 : i == k ? diagonal : 0),
                constant(n, beta));
    }

    /**
     * With {@code l_n = sqrt(Gamma(n+alpha+1) / Gamma(n+1))}: {@code A[n,k] = -l_k / l_n} below the diagonal,
     * {@code -(1+beta)/2} on it; {@code B[n] = binom(n+alpha, n) / l_n * beta^((1-alpha)/2) / sqrt(Gamma(1-alpha))}.
     */
    private static HippoMatrix generalizedLaguerre(int n, double alpha, double beta) {
        double[] length = new double[n];
        double[] b = new double[n];
        double scale = Math.pow(beta, (1 - alpha) / 2) / Math.sqrt(Gamma.of(1 - alpha));
        double squared = Gamma.of(alpha + 1);
        double binomial = 1;
        for (int i = 0; i < n; i++) {
            if (i > 0) { // both are products of (k + alpha) / k
                squared *= (i + alpha) / i;
                binomial *= (i + alpha) / i;
            }
            length[i] = Math.sqrt(squared);
            b[i] = scale * binomial / length[i];
        }
        return new HippoMatrix(
                RealMatrix.of(n, n, (i, k) -> i > k ? -length[k] / length[i] : i == k ? -(1 + beta) / 2 : 0), b);
    }

    /** States 2k and 2k+1 are the cosine and sine of frequency k; the sine of frequency 0 is kept, idle, for symmetry. */
    private static HippoMatrix fourier(Measure.Fourier kind, int n) {
        if (n % 2 != 0) {
            throw new IllegalArgumentException("HiPPO " + kind.label() + ": N = " + n
                    + "; expected an even size, a cosine and a sine for each frequency");
        }
        double omega = switch (kind) {
            case FOURIER, FOURIER_DECAY -> Math.PI;
            case FOURIER2, FOURIER_DIAG -> 2 * Math.PI;
        };
        double rankOne = switch (kind) {
            case FOURIER -> 1;
            case FOURIER_DECAY -> 0.5;
            case FOURIER2 -> 2;
            case FOURIER_DIAG -> 0;
        };
        double decay = kind == Measure.Fourier.FOURIER_DIAG ? 0.5 : 0;
        double input = kind == Measure.Fourier.FOURIER_DIAG ? 1 : rankOne;
        double[] ends = fourierEnds(n);
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            b[i] = input * ends[i];
        }
        return new HippoMatrix(RealMatrix.of(n, n, (i, k) -> rotation(i, k, omega) - rankOne * ends[i] * ends[k]
                - (i == k ? decay : 0)), b);
    }

    private static double rotation(int i, int k, double omega) {
        if (i / 2 != k / 2 || i == k) {
            return 0;
        }
        int frequency = i / 2;
        return i > k ? omega * frequency : -omega * frequency;
    }

    /** The values of the Fourier basis at the ends of its window: 1, 0, sqrt 2, 0, sqrt 2, 0, … */
    static double[] fourierEnds(int n) {
        double[] b = new double[n];
        for (int i = 0; i < n; i += 2) {
            b[i] = i == 0 ? 1 : Math.sqrt(2);
        }
        return b;
    }

    private static HippoMatrix randomDense(int n, long seed) {
        RandomGenerator random = generator(seed);
        RealMatrix a = RealMatrix.of(n, n, (i, k) -> random.nextGaussian() / n);
        return new HippoMatrix(a, normals(n, random));
    }

    private static HippoMatrix randomDiagonal(int n, long seed) {
        RandomGenerator random = generator(seed);
        double[] d = normals(n, random);
        return new HippoMatrix(RealMatrix.of(n, n, (i, k) -> i == k ? -Math.exp(d[i]) : 0), normals(n, random));
    }

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static double[] normals(int n, RandomGenerator random) {
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            b[i] = random.nextGaussian();
        }
        return b;
    }

    private static double[] constant(int n, double value) {
        double[] b = new double[n];
        Arrays.fill(b, value);
        return b;
    }

    private static double root(int n) { return Math.sqrt(2 * n + 1); }

    private static double[] roots(int n, double scale) {
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            b[i] = scale * root(i);
        }
        return b;
    }

    private static double sign(int n) { return n % 2 == 0 ? 1 : -1; }
}
