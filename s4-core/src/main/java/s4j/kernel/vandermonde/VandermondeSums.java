package s4j.kernel.vandermonde;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Backend;
import s4j.kernel.Workers;

/**
 * The kernels of a diagonal SSM, where they are wanted themselves: {@code K[c, h, l] = 2 Re Σ_n w[c, h, n] z[h, n]^l}, in
 * float64, forward and backward. Complex numbers are (re, im) pairs.
 *
 * <p>Steps go by blocks of {@value #BLOCK}: with l = l_0 + j, z^l = z^{l_0} z^j. The table z^j is made once for each
 * feature and z^{l_0} becomes part of w, so that some blocks together are a matrix product {@code [j, 2n] × [2n, block]}, two
 * multiply-adds for each state and step, and nothing of size {@code [h, n, l]} is kept. In the backward pass the table stands
 * on the right.
 *
 * <p>Source: S4D (2206.11893), section 3.2.
 */
public final class VandermondeSums {
    /** Steps of one table; with 32 states it fits the first cache. */
    static final int BLOCK = 64;
    /** Blocks of one product; a multiple of every panel. */
    private static final int ROWS = 16;

    /** What runs on lanes. */
    interface Inner {
        /** Columns of a panel; divides {@value VandermondeSums#ROWS}. */
        int panel();

        /**
         * c [rows, n] = a [rows, k] b [k, n].
         *
         * @param n columns of all three, a multiple of the panel
         */
        void multiply(double[] a, int rows, int k, double[] b, int n, double[] c);
    }

    private final Inner inner;
    private final Workers workers;
    private final int channels;
    private final int h;
    private final int n;
    private final int l;
    /** 2n, padded to whole panels. */
    private final int width;
    private final double[] w;
    private final double[] z;
    /** Of each feature; made by the first pass that wants them. */
    private final @Nullable Powers[] powers;
    private final ConcurrentLinkedQueue<Scratch> free = new ConcurrentLinkedQueue<>();

    /**
     * Weights, nodes and length.
     *
     * @param backend SIMD or scalar
     * @param workers the threads
     * @param channels c, h features, n conjugate pairs, l steps
     * @param w {@code [c, h, n]} as (re, im) pairs; not copied
     * @param z {@code [h, n]} as (re, im) pairs, |z| ≤ 1; not copied
     */
    public VandermondeSums(Backend backend, Workers workers, int channels, int h, int n, int l, double[] w,
            double[] z) {
        if (channels < 1 || h < 1 || n < 1 || l < 1 || w.length != 2 * channels * h * n || z.length != 2 * h * n) {
            throw new IllegalArgumentException(
                    "Vandermonde sums [%d, %d, %d] of length %d: %d values of w and %d of z; expected sizes ≥ 1 and 2 [c, h, n], 2 [h, n]"
                            .formatted(channels, h, n, l, w.length, z.length));
        }
        this.inner = backend.required() == Backend.SIMD ? new SimdVandermondeSums() : new ScalarVandermondeSums();
        this.workers = workers;
        this.channels = channels;
        this.h = h;
        this.n = n;
        this.l = l;
        this.width = Math.ceilDiv(2 * n, inner.panel()) * inner.panel();
        this.w = w;
        this.z = z;
        this.powers = new Powers[h];
    }

    /** Gradients in the convention ∂re + i ∂im of a real loss: w {@code [c, h, n]} and z {@code [h, n]}. */
    public record Gradients(double[] w, double[] z) {}

    /** z^j of one feature, and z^{l_0} of the block that is worked on. */
    private final class Powers {
        /** Re z^j and Im z^j, {@code [j, 2n]} (all real parts, then all imaginary ones), n padded. */
        final double[] table = new double[BLOCK * width];
        final double[] startRe = new double[n];
        final double[] startIm = new double[n];
        private final double[] stepRe = new double[n];
        private final double[] stepIm = new double[n];

        Powers(int f) {
            double[] re = new double[n];
            double[] im = new double[n];
            for (int i = 0; i < n; i++) {
                re[i] = z[2 * (f * n + i)];
                im[i] = z[2 * (f * n + i) + 1];
            }
            Arrays.fill(stepRe, 1);
            for (int j = 0; j < BLOCK; j++) {
                System.arraycopy(stepRe, 0, table, j * width, n);
                System.arraycopy(stepIm, 0, table, j * width + n, n);
                multiply(stepRe, stepIm, re, im);
            }
            restart();
        }

        /** Back to the first block. */
        void restart() {
            Arrays.fill(startRe, 1);
            Arrays.fill(startIm, 0);
        }

        void next() { multiply(startRe, startIm, stepRe, stepIm); }

        /** x *= y. */
        private static void multiply(double[] xRe, double[] xIm, double[] yRe, double[] yIm) {
            for (int i = 0; i < xRe.length; i++) {
                double re = xRe[i] * yRe[i] - xIm[i] * yIm[i];
                xIm[i] = xRe[i] * yIm[i] + xIm[i] * yRe[i];
                xRe[i] = re;
            }
        }
    }

    private Powers powers(int f) {
        Powers p = powers[f];
        if (p == null) {
            p = new Powers(f);
            powers[f] = p;
        }
        p.restart();
        return p;
    }

    /** Arrays of one thread: the factors and the product. */
    private final class Scratch {
        final double[] weights = new double[width * ROWS];
        final double[] gradients = new double[2 * ROWS * BLOCK];
        final double[] out = new double[2 * ROWS * Math.max(width, BLOCK)];
    }

    private Scratch scratch() {
        Scratch s = free.poll();
        return s != null ? s : new Scratch();
    }

    /** The kernels {@code [c, h, l]}. */
    public double[] forward() {
        double[] k = new double[channels * h * l];
        workers.forEach(h, f -> {
            Scratch s = scratch();
            for (int c = 0; c < channels; c++) {
                forward(powers(f), 2 * (c * h + f) * n, s, k, (c * h + f) * l);
            }
            free.add(s);
        });
        return k;
    }

    /** One kernel: the table times the weights of some blocks, {@code [step, block]}. */
    private void forward(Powers p, int weights, Scratch s, double[] k, int at) {
        for (int from = 0; from < l; from += ROWS * BLOCK) {
            int rows = Math.min(ROWS, Math.ceilDiv(l - from, BLOCK));
            for (int r = 0; r < rows; r++, p.next()) {
                weights(weights, p, s.weights, r);
            }
            inner.multiply(p.table, BLOCK, width, s.weights, ROWS, s.out);
            for (int r = 0; r < rows; r++) {
                int block = from + r * BLOCK;
                for (int j = 0; j < Math.min(BLOCK, l - block); j++) {
                    k[at + block + j] = s.out[j * ROWS + r];
                }
            }
        }
    }

    /** 2 w z^{l_0} and what it multiplies: (re, −im), the real parts first. */
    private void weights(int from, Powers p, double[] a, int r) {
        for (int i = 0; i < n; i++) {
            double re = w[from + 2 * i];
            double im = w[from + 2 * i + 1];
            a[i * ROWS + r] = 2 * (re * p.startRe[i] - im * p.startIm[i]);
            a[(n + i) * ROWS + r] = -2 * (re * p.startIm[i] + im * p.startRe[i]);
        }
    }

    /**
     * The gradients of a loss whose gradient of K is dk.
     *
     * @param dk {@code [c, h, l]}
     */
    public Gradients backward(double[] dk) {
        if (dk.length != channels * h * l) {
            throw new IllegalArgumentException("gradient of Vandermonde sums: " + dk.length + " numbers; expected "
                    + channels * h * l + " for [" + channels + ", " + h + ", " + l + "]");
        }
        Gradients gradients = new Gradients(new double[w.length], new double[z.length]);
        workers.forEach(h, f -> backward(f, dk, gradients));
        return gradients;
    }

    /** Σ_l g_l z^l of one channel, states side by side. */
    private record Sums(double[] re, double[] im) {
        Sums(int n) { this(new double[n], new double[n]); }

        /** Adds a block's Σ_j g_j z^j, {@code [2n]} at {@code at}, times z^{l_0}. */
        void add(double[] block, int at, double[] startRe, double[] startIm) {
            int n = re.length;
            for (int i = 0; i < n; i++) {
                re[i] += block[at + i] * startRe[i] - block[at + n + i] * startIm[i];
                im[i] += block[at + i] * startIm[i] + block[at + n + i] * startRe[i];
            }
        }
    }

    /** dz = 2 Σ_l l dK_l conj(w z^{l−1}): with m = l − 1, the sum over (m + 1) dK_{m+1} beside that over dK_m for dw. */
    private void backward(int f, double[] dk, Gradients gradients) {
        double[] re = new double[n];
        double[] im = new double[n];
        Scratch s = scratch();
        for (int c = 0; c < channels; c++) {
            Powers p = powers(f);
            Sums same = new Sums(n);
            Sums next = new Sums(n);
            for (int from = 0; from < l; from += ROWS * BLOCK) {
                int rows = Math.min(ROWS, Math.ceilDiv(l - from, BLOCK));
                gradientRows(dk, (c * h + f) * l, from, rows, s.gradients);
                inner.multiply(s.gradients, 2 * rows, BLOCK, p.table, width, s.out);
                for (int r = 0; r < rows; r++, p.next()) {
                    same.add(s.out, r * width, p.startRe, p.startIm);
                    next.add(s.out, (rows + r) * width, p.startRe, p.startIm);
                }
            }
            for (int i = 0; i < n; i++) {
                int at = 2 * ((c * h + f) * n + i);
                gradients.w[at] = 2 * same.re[i];
                gradients.w[at + 1] = -2 * same.im[i];
                re[i] += 2 * (w[at] * next.re[i] - w[at + 1] * next.im[i]);
                im[i] -= 2 * (w[at] * next.im[i] + w[at + 1] * next.re[i]);
            }
        }
        for (int i = 0; i < n; i++) {
            gradients.z[2 * (f * n + i)] = re[i];
            gradients.z[2 * (f * n + i) + 1] = im[i];
        }
        free.add(s);
    }

    /** dK_m of some blocks, then (m + 1) dK_{m+1}; zero beyond the end. */
    private void gradientRows(double[] dk, int row, int from, int rows, double[] a) {
        int size = rows * BLOCK;
        int known = Math.min(size, l - from);
        System.arraycopy(dk, row + from, a, 0, known);
        Arrays.fill(a, known, size, 0);
        int later = Math.min(size, l - 1 - from);
        for (int j = 0; j < later; j++) {
            a[size + j] = (from + j + 1) * dk[row + from + j + 1];
        }
        Arrays.fill(a, size + later, 2 * size, 0);
    }
}
