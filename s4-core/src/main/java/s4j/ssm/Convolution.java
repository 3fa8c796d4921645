package s4j.ssm;

import java.util.Arrays;
import s4j.math.Complex;
import s4j.math.Fft;

/** The causal convolution of a kernel with an input, {@code y_l = sum_(j <= l) K_j u_(l-j)}, in float64. */
public final class Convolution {
    /**
     * As it is written, O(L^2): the oracle.
     *
     * @param k kernel, of any length
     * @param u input {@code [l]}
     * @return {@code [l]}
     */
    public static double[] direct(double[] k, double[] u) {
        double[] y = new double[u.length];
        for (int l = 0; l < u.length; l++) {
            for (int j = 0; j <= l && j < k.length; j++) {
                y[l] += k[j] * u[l - j];
            }
        }
        return y;
    }

    /** By transforms of at least twice the length, so that nothing wraps around: O(L log L). */
    public static double[] fft(double[] k, double[] u) {
        if (u.length == 0) {
            return new double[0];
        }
        int used = Math.min(k.length, u.length);
        int size = Integer.highestOneBit(Math.max(1, used + u.length - 1)) << 1;
        Complex[] a = Fft.forward(padded(k, used, size));
        Complex[] b = Fft.forward(padded(u, u.length, size));
        Arrays.setAll(a, i -> a[i].times(b[i]));
        Complex[] y = Fft.inverse(a);
        double[] real = new double[u.length];
        Arrays.setAll(real, l -> y[l].re());
        return real;
    }

    /** float32 in and out, float64 between: rounded once. */
    public static float[] fft(float[] k, float[] u) {
        return Float32.rounded(fft(Float32.widened(k), Float32.widened(u)));
    }

    private static Complex[] padded(double[] x, int used, int size) {
        Complex[] z = new Complex[size];
        Arrays.setAll(z, i -> i < used ? Complex.of(x[i]) : Complex.ZERO);
        return z;
    }

    private Convolution() {}
}
