package s4j.math;

/** Gaussian elimination with row pivoting on complex matrices; real ones pass through it with imaginary parts 0. */
final class Elimination {
    /** Solves {@code a X = b}. */
    static ComplexMatrix solve(ComplexMatrix a, ComplexMatrix b) {
        int n = a.rows();
        if (n != a.columns() || b.rows() != n) {
            throw new IllegalArgumentException(
                    "linear solve: matrix [" + n + ", " + a.columns() + "], right side [" + b.rows()
                            + ", " + b.columns() + "]; expected a square matrix and as many rows");
        }
        double[][] re = rows(a.re(), n, b.re(), b.columns());
        double[][] im = rows(a.im(), n, b.im(), b.columns());
        for (int k = 0; k < n; k++) {
            pivot(re, im, k);
            Complex inverse = new Complex(re[k][k], im[k][k]).reciprocal();
            for (int i = k + 1; i < n; i++) {
                if (re[i][k] != 0 || im[i][k] != 0) {
                    subtract(re, im, i, k, new Complex(re[i][k], im[i][k]).times(inverse), k);
                }
            }
        }
        for (int k = n - 1; k >= 0; k--) {
            Complex inverse = new Complex(re[k][k], im[k][k]).reciprocal();
            for (int j = n; j < n + b.columns(); j++) {
                Complex x = new Complex(re[k][j], im[k][j]).times(inverse);
                re[k][j] = x.re();
                im[k][j] = x.im();
            }
            for (int i = 0; i < k; i++) {
                subtract(re, im, i, k, new Complex(re[i][k], im[i][k]), n);
            }
        }
        return ComplexMatrix.of(n, b.columns(), (i, j) -> new Complex(re[i][n + j], im[i][n + j]));
    }

    private static double[][] rows(double[] a, int n, double[] b, int columns) {
        double[][] rows = new double[n][n + columns];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a, i * n, rows[i], 0, n);
            System.arraycopy(b, i * columns, rows[i], n, columns);
        }
        return rows;
    }

    private static void pivot(double[][] re, double[][] im, int k) {
        int best = k;
        for (int i = k + 1; i < re.length; i++) {
            if (Math.hypot(re[i][k], im[i][k]) > Math.hypot(re[best][k], im[best][k])) {
                best = i;
            }
        }
        if (re[best][k] == 0 && im[best][k] == 0) {
            throw new ArithmeticException("linear solve: no pivot in column " + k + " of " + re.length
                    + "; expected a regular matrix");
        }
        double[] swapRe = re[k];
        double[] swapIm = im[k];
        re[k] = re[best];
        im[k] = im[best];
        re[best] = swapRe;
        im[best] = swapIm;
    }

    /** Row i minus factor times row k, from column {@code from} on. */
    private static void subtract(double[][] re, double[][] im, int i, int k, Complex factor, int from) {
        double x = factor.re();
        double y = factor.im();
        double[] kRe = re[k];
        double[] kIm = im[k];
        double[] iRe = re[i];
        double[] iIm = im[i];
        for (int j = from; j < kRe.length; j++) {
            iRe[j] -= x * kRe[j] - y * kIm[j];
            iIm[j] -= x * kIm[j] + y * kRe[j];
        }
    }

    private Elimination() {}
}
