package s4j.math;

/**
 * Eigen-decomposition {@code A V = V diag(w)} of a square matrix without symmetry.
 *
 * <p>Householder reflections to Hessenberg form, QR steps with Wilkinson's shift by Givens rotations to Schur form {@code A = Q T
 * Q*}, eigenvectors of the triangular T by back substitution (Golub and Van Loan, Matrix Computations, chapter 7). A defective
 * matrix, which has too few eigenvectors, gives nearly parallel ones.
 *
 * @param values eigenvalues {@code [n]}, in no order
 * @param vectors V {@code [n, n]}; column j, of length 1, belongs to {@code values[j]}
 */
public record ComplexEigen(Complex[] values, ComplexMatrix vectors) {
    private static final int MAX_STEPS = 60;
    private static final int EXCEPTIONAL = 10;
    private static final double EPS = Math.ulp(1.0);

    /**
     * Decomposes a matrix.
     *
     * @param a {@code [n, n]}
     */
    public static ComplexEigen of(ComplexMatrix a) {
        int n = a.rows();
        if (n != a.columns() || n < 1) {
            throw new IllegalArgumentException("eigen-decomposition: matrix [" + n + ", " + a.columns()
                    + "]; expected a square one");
        }
        double[][] re = new double[n][n];
        double[][] im = new double[n][n];
        double[][] qRe = new double[n][n];
        double[][] qIm = new double[n][n];
        for (int i = 0; i < n; i++) {
            qRe[i][i] = 1;
            for (int j = 0; j < n; j++) {
                re[i][j] = a.re()[i * n + j];
                im[i][j] = a.im()[i * n + j];
            }
        }
        Schur schur = new Schur(re, im, qRe, qIm);
        schur.hessenberg();
        schur.triangular();
        Complex[] values = new Complex[n];
        for (int j = 0; j < n; j++) {
            values[j] = new Complex(re[j][j], im[j][j]);
        }
        return new ComplexEigen(values, schur.vectors());
    }

    /** T and Q, changed in place until A = Q T Q* with a triangular T. */
    private record Schur(double[][] re, double[][] im, double[][] qRe, double[][] qIm) {
        void hessenberg() {
            int n = re.length;
            for (int k = 0; k < n - 2; k++) {
                double norm = 0;
                for (int i = k + 1; i < n; i++) {
                    norm = Math.hypot(norm, Math.hypot(re[i][k], im[i][k]));
                }
                if (norm == 0) {
                    continue;
                }
                double[] vRe = new double[n];
                double[] vIm = new double[n];
                for (int i = k + 1; i < n; i++) {
                    vRe[i] = re[i][k];
                    vIm[i] = im[i][k];
                }
                double phase = Math.atan2(im[k + 1][k], re[k + 1][k]);
                vRe[k + 1] += Math.cos(phase) * norm;
                vIm[k + 1] += Math.sin(phase) * norm;
                double square = 0;
                for (int i = k + 1; i < n; i++) {
                    square += vRe[i] * vRe[i] + vIm[i] * vIm[i];
                }
                fromLeft(vRe, vIm, k, 2 / square);
                fromRight(re, im, vRe, vIm, k, 2 / square);
                fromRight(qRe, qIm, vRe, vIm, k, 2 / square);
            }
        }

        /** (I − s v v*) T. */
        private void fromLeft(double[] vRe, double[] vIm, int k, double s) {
            for (int j = 0; j < re.length; j++) {
                double sumRe = 0;
                double sumIm = 0;
                for (int i = k + 1; i < re.length; i++) {
                    sumRe += vRe[i] * re[i][j] + vIm[i] * im[i][j];
                    sumIm += vRe[i] * im[i][j] - vIm[i] * re[i][j];
                }
                for (int i = k + 1; i < re.length; i++) {
                    re[i][j] -= s * (vRe[i] * sumRe - vIm[i] * sumIm);
                    im[i][j] -= s * (vRe[i] * sumIm + vIm[i] * sumRe);
                }
            }
        }

        /** M (I − s v v*). */
        private static void fromRight(double[][] mRe, double[][] mIm, double[] vRe, double[] vIm, int k, double s) {
            for (int i = 0; i < mRe.length; i++) {
                double sumRe = 0;
                double sumIm = 0;
                for (int j = k + 1; j < mRe.length; j++) {
                    sumRe += mRe[i][j] * vRe[j] - mIm[i][j] * vIm[j];
                    sumIm += mRe[i][j] * vIm[j] + mIm[i][j] * vRe[j];
                }
                for (int j = k + 1; j < mRe.length; j++) {
                    mRe[i][j] -= s * (sumRe * vRe[j] + sumIm * vIm[j]);
                    mIm[i][j] -= s * (sumIm * vRe[j] - sumRe * vIm[j]);
                }
            }
        }

        void triangular() {
            int high = re.length - 1;
            int steps = 0;
            while (high > 0) {
                int low = high;
                while (low > 0 && abs(low, low - 1) > EPS * (abs(low - 1, low - 1) + abs(low, low))) {
                    low--;
                }
                if (low > 0) {
                    re[low][low - 1] = 0;
                    im[low][low - 1] = 0;
                }
                if (low == high) {
                    high--;
                    steps = 0;
                } else if (++steps > MAX_STEPS) {
                    throw new ArithmeticException("eigen-decomposition: no convergence of eigenvalue " + high);
                } else {
                    step(low, high, shift(high, steps));
                }
            }
        }

        private double abs(int i, int j) { return Math.hypot(re[i][j], im[i][j]); }

        private Complex at(int i, int j) { return new Complex(re[i][j], im[i][j]); }

        /** The eigenvalue of the last two rows that is nearer to the last entry; now and then another, against cycles. */
        private Complex shift(int high, int steps) {
            if (steps % EXCEPTIONAL == 0) {
                return at(high, high).plus(abs(high, high - 1));
            }
            Complex d = at(high, high);
            Complex half = at(high - 1, high - 1).minus(d).times(0.5);
            Complex product = at(high - 1, high).times(at(high, high - 1));
            Complex root = half.times(half).plus(product);
            root = Complex.polar(Math.sqrt(root.abs()), Math.atan2(root.im(), root.re()) / 2);
            Complex plus = half.plus(root);
            Complex minus = half.minus(root);
            Complex larger = plus.abs() >= minus.abs() ? plus : minus;
            return larger.abs() == 0 ? d : d.minus(product.dividedBy(larger));
        }

        private void step(int low, int high, Complex shift) {
            for (int i = low; i <= high; i++) {
                re[i][i] -= shift.re();
                im[i][i] -= shift.im();
            }
            double[] c = new double[high];
            double[] sRe = new double[high];
            double[] sIm = new double[high];
            for (int k = low; k < high; k++) { // [c s; -conj(s) c] makes the entry below the diagonal zero
                Complex a = at(k, k);
                Complex b = at(k + 1, k);
                double norm = Math.hypot(a.abs(), b.abs());
                Complex s = a.abs() == 0
                        ? b.conjugate().times(1 / b.abs())
                        : a.times(1 / a.abs()).times(b.conjugate()).times(1 / norm);
                c[k] = a.abs() == 0 ? 0 : a.abs() / norm;
                sRe[k] = s.re();
                sIm[k] = s.im();
                rows(k, c[k], s.re(), s.im());
            }
            for (int k = low; k < high; k++) {
                columns(re, im, k, Math.min(k + 2, high + 1), c[k], sRe[k], sIm[k]);
                columns(qRe, qIm, k, qRe.length, c[k], sRe[k], sIm[k]);
            }
            for (int i = low; i <= high; i++) {
                re[i][i] += shift.re();
                im[i][i] += shift.im();
            }
        }

        private void rows(int k, double c, double sRe, double sIm) {
            for (int j = k; j < re.length; j++) {
                double aRe = re[k][j];
                double aIm = im[k][j];
                double bRe = re[k + 1][j];
                double bIm = im[k + 1][j];
                re[k][j] = c * aRe + sRe * bRe - sIm * bIm;
                im[k][j] = c * aIm + sRe * bIm + sIm * bRe;
                re[k + 1][j] = c * bRe - sRe * aRe - sIm * aIm;
                im[k + 1][j] = c * bIm - sRe * aIm + sIm * aRe;
            }
        }

        private static void columns(double[][] mRe, double[][] mIm, int k, int rows, double c, double sRe, double sIm) {
            for (int i = 0; i < rows; i++) {
                double aRe = mRe[i][k];
                double aIm = mIm[i][k];
                double bRe = mRe[i][k + 1];
                double bIm = mIm[i][k + 1];
                mRe[i][k] = c * aRe + sRe * bRe + sIm * bIm;
                mIm[i][k] = c * aIm + sRe * bIm - sIm * bRe;
                mRe[i][k + 1] = c * bRe - sRe * aRe + sIm * aIm;
                mIm[i][k + 1] = c * bIm - sRe * aIm - sIm * aRe;
            }
        }

        ComplexMatrix vectors() {
            int n = re.length;
            double least = EPS * Math.max(ComplexMatrix.of(n, n, this::at).maxRowSum(), Double.MIN_NORMAL);
            Complex[][] y = new Complex[n][];
            for (int j = 0; j < n; j++) {
                Complex[] one = new Complex[j + 1];
                one[j] = Complex.ONE;
                for (int i = j - 1; i >= 0; i--) {
                    Complex sum = at(i, j);
                    for (int k = i + 1; k < j; k++) {
                        sum = sum.plus(at(i, k).times(one[k]));
                    }
                    Complex gap = at(j, j).minus(at(i, i));
                    one[i] = sum.dividedBy(gap.abs() < least ? Complex.of(least) : gap);
                }
                y[j] = one;
            }
            double[] scale = new double[n];
            Complex[][] v = new Complex[n][n];
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < n; i++) {
                    Complex sum = Complex.ZERO;
                    for (int k = 0; k <= j; k++) {
                        sum = sum.plus(new Complex(qRe[i][k], qIm[i][k]).times(y[j][k]));
                    }
                    v[i][j] = sum;
                    scale[j] = Math.hypot(scale[j], sum.abs());
                }
            }
            return ComplexMatrix.of(n, n, (i, j) -> v[i][j].times(1 / scale[j]));
        }
    }
}
