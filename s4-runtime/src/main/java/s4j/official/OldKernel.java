package s4j.official;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a kernel before V4, already in V4's signs: {@code A = -exp(logDecay) - i frequency}.
 *
 * @param c {@code [c, h, n, 2]}
 * @param logDt {@code [h, 1 or n]}
 * @param b {@code [s, n, 2]}
 * @param p {@code [r, s, n, 2]}; null: diagonal
 * @param logDecay {@code [s, n]}
 * @param frequency {@code [s, n]}
 * @param sizes channels, features, pairs, copies
 */
record OldKernel(double[] c, double[] logDt, double[] b, double @Nullable [] p, double[] logDecay, double[] frequency,
        int[] sizes) {
    /** Of a checkpoint's P and Q: equal but for the last bits of float32. */
    private static final double CONJUGATE = 1e-5;

    int channels() { return sizes[0]; }

    int features() { return sizes[1]; }

    int pairs() { return sizes[2]; }

    int copies() { return sizes[3]; }

    static OldKernel read(Transfer t, KernelFormat format) throws IOException {
        long[] shape = t.shape("C");
        if (shape.length < 3 || shape.length > 4 || shape[shape.length - 1] != 2) {
            throw t.malformed("C", Arrays.toString(shape), "[h, n, 2] or [c, h, n, 2]");
        }
        int channels = shape.length == 3 ? 1 : Math.toIntExact(shape[0]);
        int features = Math.toIntExact(shape[shape.length - 3]);
        int pairs = Math.toIntExact(shape[shape.length - 2]);
        double[][] a = poles(t, format, pairs);
        int copies = a[0].length / pairs;
        if (copies < 1 || features % copies != 0) {
            throw t.malformed(format.decay(), copies + " systems", "a number that divides the " + features
                    + " features of C");
        }
        double[] dt = t.read("log_dt").toDoubles();
        if (dt.length != features && dt.length != features * pairs) {
            throw t.malformed("log_dt", dt.length + " values", "one for each of " + features + " features");
        }
        double[] b = format == KernelFormat.MINIMAL
                ? ones(copies * pairs)
                : sized(t, "B", 2 * copies * pairs, 1);
        double[] p = t.has("P") ? sized(t, "P", 2 * copies * pairs, 16) : null;
        if (p != null && t.has("Q")) {
            requireConjugate(t, p, sized(t, "Q", p.length, 1));
        }
        double[] c = t.read("C").toDoubles();
        for (int i = 0; i < copies * pairs; i++) {
            if (a[1][i] > 0) {
                conjugate(b, i);
                for (int r = 0; p != null && r < p.length / (2 * copies * pairs); r++) {
                    conjugate(p, r * copies * pairs + i);
                }
            }
        }
        for (int i = 0; i < c.length / 2; i++) {
            int copy = i / pairs % features % copies;
            if (a[1][copy * pairs + i % pairs] > 0) {
                conjugate(c, i);
            }
        }
        return new OldKernel(c, dt, b, p, a[0], Arrays.stream(a[1]).map(Math::abs).toArray(),
                new int[]{channels, features, pairs, copies});
    }

    /** log(-Re A) and Im A, {@code [s, n]} each. */
    private static double[][] poles(Transfer t, KernelFormat format, int pairs) throws IOException {
        double[] decay;
        double[] imag;
        if (format == KernelFormat.NPLR_2022) {
            double[] w = t.read("w").toDoubles();
            decay = new double[w.length / 2];
            imag = new double[w.length / 2];
            for (int i = 0; i < decay.length; i++) {
                if (!(w[2 * i] < 0)) {
                    throw KernelFormat.unstable(t, i / pairs, i % pairs, w[2 * i]);
                }
                decay[i] = Math.log(-w[2 * i]);
                imag[i] = w[2 * i + 1];
            }
        } else {
            decay = t.read(format.decay()).toDoubles();
            imag = t.read(format.frequency()).toDoubles();
        }
        if (decay.length != imag.length || pairs < 1 || decay.length % pairs != 0) {
            throw t.malformed(format.decay(), decay.length + " and " + imag.length + " values",
                    "as many of both, a multiple of the " + pairs + " states of C");
        }
        return new double[][]{decay, imag};
    }

    private static double[] ones(int n) {
        double[] b = new double[2 * n];
        for (int i = 0; i < n; i++) {
            b[2 * i] = 1;
        }
        return b;
    }

    /** A tensor of {@code count} values, or up to {@code most} times as many. */
    private static double[] sized(Transfer t, String name, int count, int most) throws IOException {
        double[] values = t.read(name).toDoubles();
        if (values.length == 0 || values.length % count != 0 || values.length / count > most) {
            throw t.malformed(name, values.length + " values", count + " (the states of A, re and im)");
        }
        return values;
    }

    private static void conjugate(double[] values, int i) { values[2 * i + 1] = -values[2 * i + 1]; }

    private static void requireConjugate(Transfer t, double[] p, double[] q) throws IOException {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < p.length; i++) {
            double d = q[i] - (i % 2 == 0 ? p[i] : -p[i]);
            difference += d * d;
            norm += p[i] * p[i];
        }
        if (!(Math.sqrt(difference) <= CONJUGATE * Math.sqrt(norm))) {
            throw t.malformed("Q", "another matrix than conj(P)",
                    "A = diag(w) - P P*; a low-rank term with a Q of its own has no place in V4");
        }
    }
}
