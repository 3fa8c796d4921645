package s4j.kernel;

import java.util.Arrays;

/**
 * The kernels of a diagonal SSM, where they are wanted themselves: {@code K[c, h, l] = 2 Re Σ_n w[c, h, n] z[h, n]^l}, in
 * float64, forward and backward. Complex numbers are (re, im) pairs.
 *
 * <p>Steps go by blocks of {@value #BLOCK}: with l = l_0 + j, z^l = z^{l_0} z^j. The table z^j is made once for each
 * feature and z^{l_0} becomes part of w, so that some blocks together are a matrix product {@code [block, 2n] × [2n, j]}, two
 * multiply-adds for each state and step, and nothing of size {@code [h, n, l]} is kept. The backward pass is the product with
 * the table transposed.
 *
 * <p>Source: S4D (2206.11893), section 3.2.
 */
public final class VandermondeSums {
    /** Steps of one table; with 32 states it fits the first cache. */
    static final int BLOCK = 64;
    /** Blocks of one product. */
    private static final int ROWS = 12;

    /** What runs on lanes. */
    interface Inner {
        /** Columns of a panel; divides {@value VandermondeSums#BLOCK}. */
        int panel();

        /**
         * c [rows, n] = a [rows, k] b [k, n].
         *
         * @param aAt where a begins
         * @param b in panels {@code [n / panel, k, panel]}, n a multiple of the panel
         */
        void multiply(double[] a, int aAt, int rows, int k, double[] b, int n, double[] c);
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
            for (int i = 0; i < n; i++) {
                double zr = z[2 * (f * n + i)];
                double zi = z[2 * (f * n + i) + 1];
                double re = 1;
                double im = 0;
                startRe[i] = 1;
                for (int j = 0; j < BLOCK; j++) {
                    table[j * width + i] = re;
                    table[j * width + n + i] = im;
                    double next = re * zr - im * zi;
                    im = re * zi + im * zr;
                    re = next;
                }
                stepRe[i] = re;
                stepIm[i] = im;
            }
        }

        void next() {
            for (int i = 0; i < n; i++) {
                double re = startRe[i] * stepRe[i] - startIm[i] * stepIm[i];
                startIm[i] = startRe[i] * stepIm[i] + startIm[i] * stepRe[i];
                startRe[i] = re;
            }
        }

        /** The table as panels of steps {@code [step / panel, 2n, panel]}. */
        double[] byStep() {
            double[] b = new double[width * BLOCK];
            int p = inner.panel();
            for (int j = 0; j < BLOCK; j++) {
                for (int i = 0; i < width; i++) {
                    b[(j / p * width + i) * p + j % p] = table[j * width + i];
                }
            }
            return b;
        }

        /** The table as panels of states {@code [2n / panel, step, panel]}. */
        double[] byState() {
            double[] b = new double[width * BLOCK];
            int p = inner.panel();
            for (int j = 0; j < BLOCK; j++) {
                for (int i = 0; i < width; i++) {
                    b[(i / p * BLOCK + j) * p + i % p] = table[j * width + i];
                }
            }
            return b;
        }
    }

    /** The kernels {@code [c, h, l]}. */
    public double[] forward() {
        double[] k = new double[channels * h * l];
        workers.forEach(h, f -> {
            Powers powers = new Powers(f);
            double[] table = powers.byStep();
            double[] a = new double[channels * ROWS * width];
            double[] out = new double[ROWS * BLOCK];
            for (int from = 0; from < l; from += ROWS * BLOCK) {
                int rows = Math.min(ROWS, Math.ceilDiv(l - from, BLOCK));
                for (int r = 0; r < rows; r++, powers.next()) {
                    for (int c = 0; c < channels; c++) {
                        weights(2 * (c * h + f) * n, powers, a, (c * ROWS + r) * width);
                    }
                }
                for (int c = 0; c < channels; c++) {
                    inner.multiply(a, c * ROWS * width, rows, width, table, BLOCK, out);
                    System.arraycopy(out, 0, k, (c * h + f) * l + from, Math.min(rows * BLOCK, l - from));
                }
            }
        });
        return k;
    }

    /** 2 w z^{l_0} and what it multiplies: (re, −im), the real parts first. */
    private void weights(int from, Powers powers, double[] a, int at) {
        for (int i = 0; i < n; i++) {
            double re = w[from + 2 * i];
            double im = w[from + 2 * i + 1];
            a[at + i] = 2 * (re * powers.startRe[i] - im * powers.startIm[i]);
            a[at + n + i] = -2 * (re * powers.startIm[i] + im * powers.startRe[i]);
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
        for (int c = 0; c < channels; c++) {
            int row = (c * h + f) * l;
            Powers powers = new Powers(f);
            double[] table = powers.byState();
            double[] a = new double[2 * ROWS * BLOCK];
            double[] out = new double[2 * ROWS * width];
            Sums same = new Sums(n);
            Sums next = new Sums(n);
            for (int from = 0; from < l; from += ROWS * BLOCK) {
                int rows = Math.min(ROWS, Math.ceilDiv(l - from, BLOCK));
                gradientRows(dk, row, from, rows, a);
                inner.multiply(a, 0, 2 * rows, BLOCK, table, width, out);
                for (int r = 0; r < rows; r++, powers.next()) {
                    same.add(out, r * width, powers.startRe, powers.startIm);
                    next.add(out, (rows + r) * width, powers.startRe, powers.startIm);
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
    }

    /** dK_m of some blocks, then (m + 1) dK_{m+1}; zero beyond the end. */
    private void gradientRows(double[] dk, int row, int from, int rows, double[] a) {
        int size = rows * BLOCK;
        int known = Math.min(size, l - from);
        System.arraycopy(dk, row + from, a, 0, known);
        Arrays.fill(a, known, size, 0);
        for (int j = 0; j < size; j++) {
            int m = from + j + 1;
            a[size + j] = m < l ? m * dk[row + m] : 0;
        }
    }
}
