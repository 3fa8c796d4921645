package s4j.examples;

import java.util.Arrays;
import java.util.Locale;

/**
 * S4D in one file, on the JDK alone: run it with {@code java MinimalS4D.java}.
 *
 * <pre>
 * x'(t) = A x(t) + B u(t),  y(t) = 2 Re(C x(t))          one of each conjugate pair of N states
 * A_n = -1/2 - i pi n,  B_n = 1                           S4D-Lin (S4D paper, 2206.11893, section 4)
 * dA_n = e^(dt A_n),  dB_n = (e^(dt A_n) - 1) / A_n B_n   zero-order hold
 * K_l = 2 Re sum_n C_n dB_n dA_n^l                        the kernel: a Vandermonde product
 * y = K * u                                               the convolutional view, to train
 * x_k = dA x_(k-1) + dB u_k,  y_k = 2 Re(C x_k)           the recurrent view, to stream
 * </pre>
 */
public final class MinimalS4D {
    private static final int PAIRS = 32;
    private static final int LENGTH = 1000;
    private static final double DT = 0.01;

    /** A complex number. */
    private record Complex(double re, double im) {
        Complex plus(Complex z) { return new Complex(re + z.re, im + z.im); }

        Complex times(Complex z) { return new Complex(re * z.re - im * z.im, re * z.im + im * z.re); }

        Complex times(double x) { return new Complex(re * x, im * x); }

        Complex exp() { return new Complex(Math.exp(re) * Math.cos(im), Math.exp(re) * Math.sin(im)); }

        Complex reciprocal() {
            double d = re * re + im * im;
            return new Complex(re / d, -im / d);
        }
    }

    /** The discretised system: dA, dB, C, each {@code [n]}. */
    private record S4D(Complex[] dA, Complex[] dB, Complex[] c) {
        static S4D lin(int n, double dt) {
            S4D s = new S4D(new Complex[n], new Complex[n], new Complex[n]);
            for (int i = 0; i < n; i++) {
                Complex a = new Complex(-0.5, -Math.PI * i);
                s.dA[i] = a.times(dt).exp();
                s.dB[i] = s.dA[i].plus(new Complex(-1, 0)).times(a.reciprocal());
                s.c[i] = new Complex(Math.cos(i), Math.sin(3 * i)); // C is learned: any numbers do here
            }
            return s;
        }

        /** K {@code [l]}. */
        double[] kernel(int length) {
            double[] k = new double[length];
            for (int n = 0; n < dA.length; n++) {
                Complex power = c[n].times(dB[n]);
                for (int l = 0; l < length; l++) {
                    k[l] += 2 * power.re();
                    power = power.times(dA[n]);
                }
            }
            return k;
        }

        /** y {@code [l]}, one input at a time with a state of n numbers. */
        double[] recurrence(double[] u) {
            Complex[] x = new Complex[dA.length];
            Arrays.fill(x, new Complex(0, 0));
            double[] y = new double[u.length];
            for (int k = 0; k < u.length; k++) {
                for (int n = 0; n < x.length; n++) {
                    x[n] = dA[n].times(x[n]).plus(dB[n].times(u[k]));
                    y[k] += 2 * c[n].times(x[n]).re();
                }
            }
            return y;
        }
    }

    /** {@code y_l = sum_j K_j u_(l-j)}; a real program does this with an FFT. */
    private static double[] convolve(double[] k, double[] u) {
        double[] y = new double[u.length];
        for (int l = 0; l < u.length; l++) {
            for (int j = 0; j <= l; j++) {
                y[l] += k[j] * u[l - j];
            }
        }
        return y;
    }

    /** Compares the two views; exits with 1 when they differ. */
    public static void main(String[] args) {
        double[] u = new double[LENGTH];
        Arrays.setAll(u, i -> Math.sin(0.1 * i) + Math.cos(0.037 * i * i));
        S4D s4d = S4D.lin(PAIRS, DT);
        double[] k = s4d.kernel(LENGTH);
        double[] convolved = convolve(k, u);
        double[] stepped = s4d.recurrence(u);
        double worst = 0;
        for (int i = 0; i < LENGTH; i++) {
            worst = Math.max(worst, Math.abs(convolved[i] - stepped[i]));
        }
        System.out.printf(Locale.ROOT, "K[0] = %.15e, K[%d] = %.15e%n", k[0], LENGTH - 1, k[LENGTH - 1]);
        System.out.printf(Locale.ROOT, "max |convolution - recurrence| = %.1e%n", worst);
        System.exit(worst < 1e-10 ? 0 : 1);
    }

    private MinimalS4D() {}
}
