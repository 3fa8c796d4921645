package s4j.math;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigen-decomposition {@code A = V diag(w) V*} of a Hermitian matrix.
 *
 * <p>Householder reflections to a tridiagonal matrix, its off-diagonal made real by a diagonal of phases, then implicit QL
 * (Golub and Van Loan, Matrix Computations, chapter 8). Residual and orthogonality stay near {@code n} roundings of the
 * norm. Eigenvectors of simple eigenvalues are unique up to a phase, which is left as it falls: whoever needs one fixes it.
 *
 * @param values eigenvalues {@code [n]}, ascending
 * @param vectors V {@code [n, n]}; column j belongs to {@code values[j]}
 */
public record HermitianEigen(double[] values, ComplexMatrix vectors) {
    private static final int MAX_SWEEPS = 60;
    private static final double EPS = Math.ulp(1.0);

    /**
     * Decomposes a Hermitian matrix; only differences from Hermitian symmetry of rounding size are accepted.
     *
     * @param a {@code [n, n]}
     */
    public static HermitianEigen of(ComplexMatrix a) {
        requireHermitian(a);
        int n = a.rows();
        // rows of q are the columns of Q: reflections and rotations then run along contiguous memory
        double[][] qRe = new double[n][n];
        double[][] qIm = new double[n][n];
        double[] diagonal = new double[n];
        double[] off = new double[n];
        new Tridiagonal(a, qRe, qIm).reduce(diagonal, off);
        implicitQl(diagonal, off, qRe, qIm);
        Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> diagonal[i]));
        double[] values = new double[n];
        Arrays.setAll(values, j -> diagonal[order[j]]);
        return new HermitianEigen(values,
                ComplexMatrix.of(n, n, (i, j) -> new Complex(qRe[order[j]][i], qIm[order[j]][i])));
    }

    private static void requireHermitian(ComplexMatrix a) {
        if (a.rows() != a.columns()) {
            throw new IllegalArgumentException("eigen-decomposition: matrix [" + a.rows() + ", " + a.columns()
                    + "]; expected a square one");
        }
        double tolerance = 1e-10 * Math.max(a.maxRowSum(), Double.MIN_NORMAL);
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j <= i; j++) {
                double error = a.at(i, j).minus(a.at(j, i).conjugate()).abs();
                if (!(error <= tolerance)) {
                    throw new IllegalArgumentException(
                            "eigen-decomposition: A[" + i + "," + j + "] differs from conj A[" + j
                                    + "," + i + "] by " + error + "; expected a Hermitian matrix");
                }
            }
        }
    }

    /** QL with implicit shifts on the real tridiagonal (d, e): e[i] couples i and i+1, the last one is 0. */
    private static void implicitQl(double[] d, double[] e, double[][] qRe, double[][] qIm) {
        int n = d.length;
        double norm = 0;
        for (int i = 0; i < n; i++) {
            norm = Math.max(norm, Math.abs(d[i]) + Math.abs(e[i]));
        }
        for (int l = 0; l < n; l++) {
            int sweeps = 0;
            for (int m = split(d, e, l, norm); m != l; m = split(d, e, l, norm)) {
                if (sweeps++ == MAX_SWEEPS) {
                    throw new ArithmeticException("eigen-decomposition: eigenvalue " + l + " of " + n + " not found in "
                            + MAX_SWEEPS + " sweeps; expected finite entries");
                }
                sweep(d, e, l, m, qRe, qIm);
            }
        }
    }

    /** The first m at or after l whose coupling to m+1 is negligible. */
    private static int split(double[] d, double[] e, int l, double norm) {
        int m = l;
        while (m < d.length - 1
                && Math.abs(e[m]) > EPS * Math.max(Math.abs(d[m]) + Math.abs(d[m + 1]), 1e-5 * norm)) {
            m++;
        }
        return m;
    }

    private static void sweep(double[] d, double[] e, int l, int m, double[][] qRe, double[][] qIm) {
        double g = (d[l + 1] - d[l]) / (2 * e[l]);
        double r = Math.hypot(g, 1);
        g = d[m] - d[l] + e[l] / (g + Math.copySign(r, g));
        double s = 1;
        double c = 1;
        double p = 0;
        for (int i = m - 1; i >= l; i--) {
            double f = s * e[i];
            double b = c * e[i];
            r = Math.hypot(f, g);
            e[i + 1] = r;
            if (r == 0) { // the matrix splits here: the rest of the bulge is gone
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            rotate(qRe[i], qRe[i + 1], c, s);
            rotate(qIm[i], qIm[i + 1], c, s);
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    private static void rotate(double[] x, double[] y, double c, double s) {
        for (int k = 0; k < x.length; k++) {
            double t = y[k];
            y[k] = s * x[k] + c * t;
            x[k] = c * x[k] - s * t;
        }
    }
}
