package s4j.hippo;

import s4j.math.Complex;
import s4j.math.ComplexMatrix;
import s4j.math.HermitianEigen;
import s4j.math.RealMatrix;

/**
 * Normal plus low rank: a HiPPO matrix in the eigenbasis of its normal part, {@code A = V (diag(lambda) - P P*) V*}, of
 * which one of each conjugate pair is kept: with n = N/2, {@code A = 2 Re(V diag(lambda) V*) - P_dense^T P_dense}.
 *
 * <p>{@code A + P P^T} is {@code w I + S} with S skew, so lambda = w + i eig(-iS): the Hermitian problem, solved in float64,
 * gives the imaginary parts and the mean of the diagonal the real one. Kept are the negative imaginary parts, ascending.
 *
 * <p>Eigenvectors have no phase of their own. Here each column's first entry is real and positive (where that entry is
 * below 1e-6 of the column's largest, the first one above it is taken), so B and P are the same on every machine.
 * Products like {@code V B} do not depend on it; the clipping of B does.
 *
 * <p>Source: Gu et al., S4 (2111.00396), theorem 1; official name {@code nplr}.
 *
 * @param lambda {@code [n]}
 * @param p P* in the eigenbasis, {@code V* P} {@code [r][n]}
 * @param b {@code V* B} {@code [n]}
 * @param v V {@code [N, n]}
 */
public record Nplr(Complex[] lambda, Complex[][] p, Complex[] b, ComplexMatrix v) {
    /** The bound on |Im B| that parameters are initialised with. */
    public static final double B_CLIP = 2.0;
    /** Below this an eigenvalue's imaginary part counts as zero. */
    private static final double ZERO = 1e-4;

    /** Without clipping of B: the mathematics. */
    public static Nplr of(Measure measure, int stateSize, int rank) {
        return of(measure, stateSize, rank, Double.POSITIVE_INFINITY);
    }

    /**
     * The form of a measure.
     *
     * @param stateSize N, even: conjugate pairs
     * @param rank at least the measure's own; more rows are zero
     * @param bClip Im B is clipped to [-bClip, bClip]; {@link #B_CLIP} for parameters, infinity for none
     * @throws IllegalArgumentException for odd N, a measure without a correction, too small a rank
     */
    public static Nplr of(Measure measure, int stateSize, int rank, double bClip) {
        if (stateSize < 2 || stateSize % 2 != 0) {
            throw new IllegalArgumentException("NPLR of " + measure.label() + ": N = " + stateSize
                    + "; expected an even size of at least 2, one state for each of a conjugate pair");
        }
        HippoMatrix hippo = HippoMatrix.of(measure, stateSize);
        RealMatrix low = LowRank.of(measure, stateSize, rank);
        RealMatrix normal = hippo.a().plus(low.transpose().times(low));
        double real = requireNormal(measure, normal);
        HermitianEigen eigen = HermitianEigen.of(ComplexMatrix.of(stateSize, stateSize,
                (i, j) -> Complex.of(0, (normal.at(j, i) - normal.at(i, j)) / 2)));
        ComplexMatrix v = half(measure, eigen);
        Complex[] lambda = new Complex[stateSize / 2];
        for (int j = 0; j < lambda.length; j++) {
            double imaginary = eigen.values()[j];
            // of a zero pair rounding decides the sign: it is exactly 0 and must not count as positive
            lambda[j] = Complex.of(real, imaginary > 0 ? -0.0 : imaginary);
        }
        Complex[] b = project(v, hippo.b());
        for (int j = 0; j < b.length; j++) {
            b[j] = Complex.of(b[j].re(), Math.clamp(b[j].im(), -bClip, bClip));
        }
        Complex[][] p = new Complex[rank][];
        for (int r = 0; r < rank; r++) {
            double[] row = new double[stateSize];
            System.arraycopy(low.values(), r * stateSize, row, 0, stateSize);
            p[r] = project(v, row);
        }
        return new Nplr(lambda, p, b, v);
    }

    /** Number of conjugate pairs, n = N/2. */
    public int pairs() { return lambda.length; }

    /** The mean of the diagonal, 0 where it is rounding, after checking that the rest is skew. */
    private static double requireNormal(Measure measure, RealMatrix normal) {
        int n = normal.rows();
        double mean = 0;
        double norm = 0;
        for (int i = 0; i < n; i++) {
            mean += normal.at(i, i) / n;
            for (int j = 0; j < n; j++) {
                norm = Math.max(norm, Math.abs(normal.at(i, j)));
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double error = Math.abs(normal.at(i, j) + normal.at(j, i) - (i == j ? 2 * mean : 0));
                if (error > 1e-9 * Math.max(norm, 1)) {
                    throw new IllegalStateException("NPLR of " + measure.label() + ": A + PP^T misses skew symmetry by "
                            + error + " at [" + i + "," + j + "]; expected rounding");
                }
            }
        }
        // legt, lagt and the Fourier family have no decay at all: a rounding above 0 must not look like growth
        return Math.abs(mean) < 1e-12 * Math.max(norm, 1) ? 0 : mean;
    }

    /** The eigenvectors of the lower half of the spectrum, their phase fixed. */
    private static ComplexMatrix half(Measure measure, HermitianEigen eigen) {
        int n = eigen.values().length;
        int pairs = n / 2;
        if (pairs > 1 && Math.abs(eigen.values()[pairs - 2]) < ZERO) {
            throw new IllegalArgumentException("NPLR of " + measure.label() + ": N = " + n
                    + " has more than one pair of zero eigenvalues; expected at most one. Choose a smaller N");
        }
        boolean zeroPair = Math.abs(eigen.values()[pairs - 1]) < ZERO;
        Complex[] phase = new Complex[pairs];
        for (int j = 0; j < pairs; j++) {
            phase[j] = phase(eigen.vectors(), j).conjugate();
        }
        // The Fourier family has the eigenvalue 0 twice, in the plane of the first two states (frequency 0). Any basis of
        // that plane is an eigenbasis, but only (e0 + i e1) / sqrt 2 is one of a conjugate pair.
        return ComplexMatrix.of(n, pairs, (i, j) -> {
            if (zeroPair && j == pairs - 1) {
                return switch (i) {
                    case 0 -> Complex.of(Math.sqrt(0.5));
                    case 1 -> Complex.of(0, Math.sqrt(0.5));
                    default -> Complex.ZERO;
                };
            }
            return eigen.vectors().at(i, j).times(phase[j]);
        });
    }

    private static Complex phase(ComplexMatrix v, int column) {
        double largest = 0;
        for (int i = 0; i < v.rows(); i++) {
            largest = Math.max(largest, v.at(i, column).abs());
        }
        for (int i = 0; i < v.rows(); i++) {
            Complex z = v.at(i, column);
            if (z.abs() > 1e-6 * largest) {
                return z.times(1 / z.abs());
            }
        }
        throw new IllegalStateException("NPLR: eigenvector " + column + " is zero; expected a unit vector");
    }

    /** {@code V* x} of a real vector. */
    private static Complex[] project(ComplexMatrix v, double[] x) {
        Complex[] y = new Complex[v.columns()];
        for (int j = 0; j < y.length; j++) {
            Complex sum = Complex.ZERO;
            for (int i = 0; i < x.length; i++) {
                sum = sum.plus(v.at(i, j).conjugate().times(x[i]));
            }
            y[j] = sum;
        }
        return y;
    }
}
