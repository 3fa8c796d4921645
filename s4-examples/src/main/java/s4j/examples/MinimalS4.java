package s4j.examples;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * S4 in one file, on the JDK alone: run it with {@code java MinimalS4.java}. The chain of the paper (2111.00396):
 *
 * <pre>
 * HiPPO-LegS (A, B)  ->  normal plus low rank: A = V (diag(lambda) - p p*) V*  ->  Cauchy sums at the roots of unity
 *                    ->  kernel K  ->  y = K * u    and, from the same A and B,    x_k = dA x_(k-1) + dB u_k
 * </pre>
 */
public final class MinimalS4 {
    private static final int N = 16;
    private static final int LENGTH = 256;
    private static final double DT = 0.02;

    /** A complex number. */
    private record Complex(double re, double im) {
        static final Complex ONE = new Complex(1, 0);

        Complex plus(Complex z) { return new Complex(re + z.re, im + z.im); }

        Complex minus(Complex z) { return new Complex(re - z.re, im - z.im); }

        Complex times(Complex z) { return new Complex(re * z.re - im * z.im, re * z.im + im * z.re); }

        Complex times(double x) { return new Complex(re * x, im * x); }

        Complex over(Complex z) { return times(z.conj()).times(1 / (z.re * z.re + z.im * z.im)); }

        Complex conj() { return new Complex(re, -im); }

        static Complex unit(double angle) { return new Complex(Math.cos(angle), Math.sin(angle)); }
    }

    /** HiPPO-LegS: below the diagonal {@code A[n,k] = -sqrt(2n+1) sqrt(2k+1)}, on it {@code -(n+1)}. */
    private static double hippo(int n, int k) {
        return n > k ? -root(n) * root(k) : n == k ? -(n + 1) : 0;
    }

    /** {@code B[n] = sqrt(2n+1)}; the low-rank term is {@code P = B / sqrt 2}. */
    private static double root(int n) {
        return Math.sqrt(2 * n + 1);
    }

    /** The recurrent view, bilinear: {@code (I - dt/2 A) x_k = (I + dt/2 A) x_(k-1) + dt B u}; A is lower triangular. */
    private static double[] step(double[] x, double u) {
        double[] next = new double[N];
        for (int n = 0; n < N; n++) {
            double sum = x[n] + DT * root(n) * u;
            for (int k = 0; k < N; k++) {
                sum += DT / 2 * hippo(n, k) * (k < n ? x[k] + next[k] : x[k]);
            }
            next[n] = sum / (1 - DT / 2 * hippo(n, n));
        }
        return next;
    }

    /** Eigenvectors V (columns) of {@code H = V diag(w) V*} by Jacobi rotations; H becomes diag(w). */
    private static Complex[][] eigenvectors(Complex[][] h) {
        Complex[][] v = new Complex[N][N];
        for (int i = 0; i < N * N; i++) {
            v[i / N][i % N] = new Complex(i / N == i % N ? 1 : 0, 0);
        }
        for (int sweep = 0; sweep < 12; sweep++) {
            for (int p = 0; p < N; p++) {
                for (int q = p + 1; q < N; q++) {
                    double size = Math.hypot(h[p][q].re(), h[p][q].im());
                    if (size > 0) {
                        double theta = 0.5 * Math.atan2(2 * size, h[p][p].re() - h[q][q].re());
                        Complex s = h[p][q].conj().times(Math.sin(theta) / size); // sin(theta) e^(-i arg H[p,q])
                        for (int i = 0; i < N; i++) {
                            rotate(v[i], p, q, Math.cos(theta), s);
                            rotate(h[i], p, q, Math.cos(theta), s);
                        }
                        for (int i = 0; i < N; i++) {
                            Complex up = h[p][i].times(Math.cos(theta)).plus(h[q][i].times(s.conj()));
                            h[q][i] = h[q][i].times(Math.cos(theta)).minus(h[p][i].times(s));
                            h[p][i] = up;
                        }
                    }
                }
            }
        }
        return v;
    }

    private static void rotate(Complex[] row, int p, int q, double c, Complex s) {
        Complex left = row[p].times(c).plus(row[q].times(s));
        row[q] = row[q].times(c).minus(row[p].times(s.conj()));
        row[p] = left;
    }

    /** Normal plus low rank, one of each conjugate pair {@code [n/2]}: lambda, p, b and the given output in its basis. */
    private record Dplr(Complex[] lambda, Complex[] p, Complex[] b, Complex[] c) {
        static Dplr of(double[] output) {
            Complex[][] h = new Complex[N][N]; // -i (A + P P^T + I/2): Hermitian, as A + P P^T + I/2 is skew
            for (int i = 0; i < N * N; i++) {
                int n = i / N;
                int k = i % N;
                h[n][k] = new Complex(0, -(hippo(n, k) + root(n) * root(k) / 2 + (n == k ? 0.5 : 0)));
            }
            Complex[][] v = eigenvectors(h);
            int half = N / 2;
            Dplr dplr = new Dplr(new Complex[half], new Complex[half], new Complex[half], new Complex[half]);
            for (int column = 0, j = 0; column < N; column++) {
                if (h[column][column].re() < 0) { // the other half are their conjugates
                    dplr.lambda[j] = new Complex(-0.5, h[column][column].re());
                    dplr.b[j] = new Complex(0, 0);
                    dplr.c[j] = new Complex(0, 0);
                    for (int n = 0; n < N; n++) {
                        dplr.b[j] = dplr.b[j].plus(v[n][column].conj().times(root(n))); // V* B
                        dplr.c[j] = dplr.c[j].plus(v[n][column].times(output[n])); // C V
                    }
                    dplr.p[j] = dplr.b[j].times(Math.sqrt(0.5));
                    j++;
                }
            }
            return dplr;
        }

        /** {@code 2/(1+w) sum_n x_n y_n / (z - dt lambda_n)} over both of each pair, z = 2(1-w)/(1+w). */
        Complex cauchy(Complex[] x, Complex[] y, Complex w) {
            Complex sum = new Complex(0, 0);
            for (int n = 0; n < lambda.length; n++) {
                Complex xy = x[n].times(y[n]).times(DT);
                Complex z = Complex.ONE.minus(w).times(2);
                Complex pole = lambda[n].times(DT);
                sum = sum.plus(xy.over(z.minus(pole.times(Complex.ONE.plus(w)))))
                        .plus(xy.conj().over(z.minus(pole.conj().times(Complex.ONE.plus(w)))));
            }
            return sum.times(2);
        }

        /** The generating function at the roots of unity (Woodbury joins four Cauchy sums), and back by a plain DFT. */
        double[] kernel(int length) {
            Complex[] q = Arrays.stream(p).map(Complex::conj).toArray(Complex[]::new);
            double[] k = new double[length];
            for (int j = 0; j < length; j++) {
                Complex w = Complex.unit(-2 * Math.PI * j / length);
                Complex g = Complex.ONE.plus(w).times(0.5);
                Complex low = cauchy(b, q, w).times(cauchy(p, c, w)).times(g);
                Complex value = cauchy(b, c, w).minus(low.over(Complex.ONE.plus(cauchy(p, q, w).times(g))));
                for (int l = 0; l < length; l++) {
                    k[l] += value.times(Complex.unit(2 * Math.PI * j * l / length)).re() / length;
                }
            }
            return k;
        }
    }

    private static double dot(double[] x, double[] y) {
        return IntStream.range(0, N).mapToDouble(n -> x[n] * y[n]).sum();
    }

    /** Compares kernel and recurrence; exits with 1 when they differ. */
    public static void main(String[] args) {
        double[] c = new double[N];
        Arrays.setAll(c, n -> Math.cos(n)); // C is learned: any numbers do here
        double[] expected = new double[LENGTH]; // K_l = C dA^l dB, one state stepped on
        double[] x = step(new double[N], 1);
        for (int l = 0; l < LENGTH; l++) {
            expected[l] = dot(c, x);
            x = step(x, 0);
        }
        double[] truncated = c.clone(); // C~ = C (I - dA^L): the generating function of L terms, not of all
        for (int n = 0; n < N; n++) {
            double[] column = new double[N];
            column[n] = 1;
            for (int l = 0; l < LENGTH; l++) {
                column = step(column, 0);
            }
            truncated[n] -= dot(c, column);
        }
        double[] k = Dplr.of(truncated).kernel(LENGTH);
        double worst = 0;
        for (int l = 0; l < LENGTH; l++) {
            worst = Math.max(worst, Math.abs(k[l] - expected[l]));
        }
        System.out.printf(Locale.ROOT, "K[0] = %.15e, K[%d] = %.15e%n", k[0], LENGTH - 1, k[LENGTH - 1]);
        System.out.printf(Locale.ROOT, "max |Cauchy kernel - recurrence| = %.1e%n", worst);
        System.exit(worst < 1e-10 ? 0 : 1);
    }
}
