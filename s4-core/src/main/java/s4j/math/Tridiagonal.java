package s4j.math;

/** Reduction of a Hermitian matrix to a real symmetric tridiagonal one, {@code Q* A Q = T}, by Householder reflections. */
final class Tridiagonal {
    private final int n;
    private final double[][] aRe;
    private final double[][] aIm;
    private final double[][] qRe;
    private final double[][] qIm;

    /** Works on a copy of {@code a}; {@code q} are zeroed arrays that take the columns of Q as their rows. */
    Tridiagonal(ComplexMatrix a, double[][] qRe, double[][] qIm) {
        n = a.rows();
        aRe = new double[n][n];
        aIm = new double[n][n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a.re(), i * n, aRe[i], 0, n);
            System.arraycopy(a.im(), i * n, aIm[i], 0, n);
            qRe[i][i] = 1;
        }
        this.qRe = qRe;
        this.qIm = qIm;
    }

    /** Fills the diagonal and the non-negative off-diagonal of T, and Q. */
    void reduce(double[] diagonal, double[] off) {
        for (int k = 0; k + 2 < n; k++) {
            reflect(k);
        }
        Complex phase = Complex.ONE;
        for (int k = 0; k < n; k++) {
            diagonal[k] = aRe[k][k];
            for (int i = 0; i < n; i++) {
                Complex z = new Complex(qRe[k][i], qIm[k][i]).times(phase);
                qRe[k][i] = z.re();
                qIm[k][i] = z.im();
            }
            if (k + 1 < n) {
                Complex e = new Complex(aRe[k + 1][k], aIm[k + 1][k]);
                off[k] = e.abs();
                // T[k+1,k] = conj(phase') e phase becomes |e| with phase' = phase e / |e|
                if (off[k] > 0) {
                    phase = phase.times(e).times(1 / off[k]);
                    phase = phase.times(1 / phase.abs());
                }
            }
        }
    }

    /** Clears column k below its sub-diagonal: A becomes {@code (I - 2vv*) A (I - 2vv*)}. */
    private void reflect(int k) {
        int m = n - k - 1;
        double[] vRe = new double[m];
        double[] vIm = new double[m];
        double norm = 0;
        for (int i = 0; i < m; i++) {
            vRe[i] = aRe[k + 1 + i][k];
            vIm[i] = aIm[k + 1 + i][k];
            norm = Math.hypot(norm, Math.hypot(vRe[i], vIm[i]));
        }
        double tail = 0;
        for (int i = 1; i < m; i++) {
            tail = Math.max(tail, Math.abs(vRe[i]) + Math.abs(vIm[i]));
        }
        if (tail == 0) {
            return;
        }
        Complex first = new Complex(vRe[0], vIm[0]);
        Complex alpha = first.abs() == 0 ? Complex.of(-norm) : first.times(-norm / first.abs());
        vRe[0] -= alpha.re();
        vIm[0] -= alpha.im();
        normalize(vRe, vIm);
        aRe[k + 1][k] = alpha.re();
        aIm[k + 1][k] = alpha.im();
        updateTrailing(k + 1, vRe, vIm);
        updateQ(k + 1, vRe, vIm);
    }

    private static void normalize(double[] vRe, double[] vIm) {
        double norm = 0;
        for (int i = 0; i < vRe.length; i++) {
            norm = Math.hypot(norm, Math.hypot(vRe[i], vIm[i]));
        }
        for (int i = 0; i < vRe.length; i++) {
            vRe[i] /= norm;
            vIm[i] /= norm;
        }
    }

    /** {@code A - v w* - w v*} with {@code p = 2 A v, w = p - (v* p) v}: the two-sided reflection at once. */
    private void updateTrailing(int from, double[] vRe, double[] vIm) {
        int m = vRe.length;
        double[] wRe = new double[m];
        double[] wIm = new double[m];
        double inner = 0; // v* A v is real for Hermitian A
        for (int i = 0; i < m; i++) {
            double x = 0;
            double y = 0;
            for (int j = 0; j < m; j++) {
                double re = aRe[from + i][from + j];
                double im = aIm[from + i][from + j];
                x += re * vRe[j] - im * vIm[j];
                y += re * vIm[j] + im * vRe[j];
            }
            wRe[i] = 2 * x;
            wIm[i] = 2 * y;
            inner += vRe[i] * wRe[i] + vIm[i] * wIm[i];
        }
        for (int i = 0; i < m; i++) {
            wRe[i] -= inner * vRe[i];
            wIm[i] -= inner * vIm[i];
        }
        for (int i = 0; i < m; i++) {
            double[] rowRe = aRe[from + i];
            double[] rowIm = aIm[from + i];
            for (int j = 0; j < m; j++) {
                rowRe[from + j] -= vRe[i] * wRe[j] + vIm[i] * wIm[j] + wRe[i] * vRe[j] + wIm[i] * vIm[j];
                rowIm[from + j] -= vIm[i] * wRe[j] - vRe[i] * wIm[j] + wIm[i] * vRe[j] - wRe[i] * vIm[j];
            }
        }
    }

    /** {@code Q (I - 2vv*)} on the columns from {@code from} on. */
    private void updateQ(int from, double[] vRe, double[] vIm) {
        double[] sRe = new double[n];
        double[] sIm = new double[n];
        for (int j = 0; j < vRe.length; j++) {
            addScaled(sRe, sIm, qRe[from + j], qIm[from + j], vRe[j], vIm[j]);
        }
        for (int j = 0; j < vRe.length; j++) {
            addScaled(qRe[from + j], qIm[from + j], sRe, sIm, -2 * vRe[j], 2 * vIm[j]);
        }
    }

    private static void addScaled(double[] toRe, double[] toIm, double[] re, double[] im, double x, double y) {
        for (int i = 0; i < toRe.length; i++) {
            toRe[i] += x * re[i] - y * im[i];
            toIm[i] += x * im[i] + y * re[i];
        }
    }
}
