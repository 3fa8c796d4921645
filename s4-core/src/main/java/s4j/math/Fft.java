package s4j.math;

import java.util.Arrays;

/**
 * Discrete Fourier transforms of any length in float64: {@code X_k = sum_j x_j e^(-2 pi i jk/n)}.
 *
 * <p>Radix 2 for powers of two; other lengths by Bluestein's chirp, a convolution of a power-of-two length. This is the
 * plain transform that the oracles use; each twiddle factor is computed by itself, so the error stays at rounding.
 */
public final class Fft {
    /**
     * The transform.
     *
     * @param x {@code [n]}, n at least 1
     * @return {@code [n]}
     */
    public static Complex[] forward(Complex[] x) {
        requireSome(x.length);
        Complex[] y = x.clone();
        if (Integer.bitCount(y.length) == 1) {
            radix2(y);
            return y;
        }
        return bluestein(y);
    }

    /** The inverse transform, with its factor 1/n. */
    public static Complex[] inverse(Complex[] x) {
        Complex[] y = new Complex[x.length];
        for (int k = 0; k < x.length; k++) {
            y[k] = x[k].conjugate();
        }
        y = forward(y);
        for (int k = 0; k < x.length; k++) {
            y[k] = y[k].conjugate().times(1.0 / x.length);
        }
        return y;
    }

    /**
     * The real sequence of a Hermitian spectrum, of which one half is given; imaginary parts of the constant and, for even
     * n, of the highest frequency are ignored.
     *
     * @param half {@code [n/2 + 1]}
     * @param n length of the result
     */
    public static double[] inverseReal(Complex[] half, int n) {
        requireSome(n);
        if (half.length != n / 2 + 1) {
            throw new IllegalArgumentException("inverse real FFT of length " + n + ": " + half.length
                    + " frequencies; expected " + (n / 2 + 1));
        }
        Complex[] full = new Complex[n];
        full[0] = Complex.of(half[0].re());
        for (int k = 1; k <= n / 2; k++) {
            full[k] = 2 * k == n ? Complex.of(half[k].re()) : half[k];
            full[n - k] = full[k].conjugate();
        }
        Complex[] x = inverse(full);
        double[] y = new double[n];
        for (int j = 0; j < n; j++) {
            y[j] = x[j].re();
        }
        return y;
    }

    private static void radix2(Complex[] x) {
        int n = x.length;
        for (int i = 1, j = 0; i < n; i++) {
            int bit = n >> 1;
            for (; (j & bit) != 0; bit >>= 1) {
                j ^= bit;
            }
            j ^= bit;
            if (i < j) {
                Complex t = x[i];
                x[i] = x[j];
                x[j] = t;
            }
        }
        for (int size = 2; size <= n; size <<= 1) {
            int half = size / 2;
            for (int j = 0; j < half; j++) {
                Complex w = Complex.polar(1, -2 * Math.PI * j / size);
                for (int start = j; start < n; start += size) {
                    Complex t = x[start + half].times(w);
                    x[start + half] = x[start].minus(t);
                    x[start] = x[start].plus(t);
                }
            }
        }
    }

    /** {@code jk = (j^2 + k^2 - (k-j)^2) / 2} makes the transform a convolution with the chirp {@code e^(i pi j^2/n)}. */
    private static Complex[] bluestein(Complex[] x) {
        int n = x.length;
        int m = Integer.highestOneBit(2 * n - 1) << 1;
        Complex[] chirp = new Complex[n];
        for (int j = 0; j < n; j++) {
            // j^2 mod 2n keeps the angle small: sine and cosine of large angles lose digits
            chirp[j] = Complex.polar(1, Math.PI * (((long) j * j) % (2L * n)) / n);
        }
        Complex[] a = new Complex[m];
        Complex[] b = new Complex[m];
        Arrays.fill(a, Complex.ZERO);
        Arrays.fill(b, Complex.ZERO);
        for (int j = 0; j < n; j++) {
            a[j] = x[j].times(chirp[j].conjugate());
            b[j] = chirp[j];
            b[(m - j) % m] = chirp[j];
        }
        radix2(a);
        radix2(b);
        for (int k = 0; k < m; k++) {
            a[k] = a[k].times(b[k]);
        }
        a = inverse(a);
        Complex[] y = new Complex[n];
        for (int k = 0; k < n; k++) {
            y[k] = a[k].times(chirp[k].conjugate());
        }
        return y;
    }

    private static void requireSome(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("FFT: length " + n + "; expected at least 1");
        }
    }

    private Fft() {}
}
