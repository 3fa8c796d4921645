package s4j.kernel;

import java.util.Arrays;

/**
 * The kernels of a diagonal SSM, where they are wanted themselves: {@code K[c, h, l] = 2 Re Σ_n w[c, h, n] z[h, n]^l}, in
 * float64, forward and backward. Complex numbers are (re, im) pairs.
 *
 * <p>Steps go by blocks of {@value #BLOCK}: with l = l_0 + j, z^l = z^{l_0} z^j. The table z^j is made once for each
 * feature and z^{l_0} becomes part of w, so that a block is two multiply-adds for each state and step, and nothing of size
 * {@code [h, n, l]} is kept.
 *
 * <p>Source: S4D (2206.11893), section 3.2.
 */
public final class VandermondeSums {
    /** Steps of one table; with 32 states it fits the first cache. */
    static final int BLOCK = 64;

    /** What runs on lanes, over the {@value #BLOCK} steps of a block. A table is {@code [n, (re, im), step]}. */
    interface Inner {
        /** Steps side by side. */
        int lanes();

        /** k_j = Σ_n re_n Re z_n^j + im_n Im z_n^j. */
        void sums(double[] table, int n, double[] re, double[] im, double[] k);

        /**
         * For one n, with start = z^{l_0}: acc += conj(start) Σ_j g_j conj(z^j), as (re, im, lane), and the same for gNext.
         */
        void dots(double[] table, int at, double[] g, double[] gNext, double startRe, double startIm, double[] acc,
                int accAt);
    }

    private final Inner inner;
    private final Workers workers;
    private final int channels;
    private final int h;
    private final int n;
    private final int l;
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
        this.w = w;
        this.z = z;
    }

    /** Gradients in the convention ∂re + i ∂im of a real loss: w {@code [c, h, n]} and z {@code [h, n]}. */
    public record Gradients(double[] w, double[] z) {}

    /** z^j of one feature, and z^{l_0} of the block that is worked on. */
    private final class Powers {
        final double[] table = new double[2 * n * BLOCK];
        final double[] start = new double[2 * n];
        final double[] step = new double[2 * n];

        Powers(int f) {
            for (int i = 0; i < n; i++) {
                double zr = z[2 * (f * n + i)];
                double zi = z[2 * (f * n + i) + 1];
                double re = 1;
                double im = 0;
                start[2 * i] = 1;
                for (int j = 0; j < BLOCK; j++) {
                    table[2 * i * BLOCK + j] = re;
                    table[(2 * i + 1) * BLOCK + j] = im;
                    double next = re * zr - im * zi;
                    im = re * zi + im * zr;
                    re = next;
                }
                step[2 * i] = re;
                step[2 * i + 1] = im;
            }
        }

        void next() {
            for (int i = 0; i < 2 * n; i += 2) {
                double re = start[i] * step[i] - start[i + 1] * step[i + 1];
                start[i + 1] = start[i] * step[i + 1] + start[i + 1] * step[i];
                start[i] = re;
            }
        }
    }

    /** The kernels {@code [c, h, l]}. */
    public double[] forward() {
        double[] k = new double[channels * h * l];
        workers.forEach(h, f -> {
            Powers powers = new Powers(f);
            double[] re = new double[n];
            double[] im = new double[n];
            double[] block = new double[BLOCK];
            for (int from = 0; from < l; from += BLOCK, powers.next()) {
                for (int c = 0; c < channels; c++) {
                    for (int i = 0; i < n; i++) {
                        int at = 2 * ((c * h + f) * n + i);
                        re[i] = 2 * (w[at] * powers.start[2 * i] - w[at + 1] * powers.start[2 * i + 1]);
                        im[i] = -2 * (w[at] * powers.start[2 * i + 1] + w[at + 1] * powers.start[2 * i]);
                    }
                    inner.sums(powers.table, n, re, im, block);
                    System.arraycopy(block, 0, k, (c * h + f) * l + from, Math.min(BLOCK, l - from));
                }
            }
        });
        return k;
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

    /** dz = 2 Σ_l l dK_l conj(w z^{l−1}): with m = l − 1, the sum over (m + 1) dK_{m+1} beside that over dK_m for dw. */
    private void backward(int f, double[] dk, Gradients gradients) {
        int lanes = inner.lanes();
        Powers powers = new Powers(f);
        double[] g = new double[BLOCK];
        double[] next = new double[BLOCK];
        double[] acc = new double[4 * channels * n * lanes];
        for (int from = 0; from < l; from += BLOCK, powers.next()) {
            for (int c = 0; c < channels; c++) {
                int row = (c * h + f) * l;
                Arrays.fill(g, 0);
                Arrays.fill(next, 0);
                for (int j = 0; j < Math.min(BLOCK, l - from); j++) {
                    g[j] = dk[row + from + j];
                    next[j] = from + j + 1 < l ? (from + j + 1) * dk[row + from + j + 1] : 0;
                }
                for (int i = 0; i < n; i++) {
                    inner.dots(powers.table, 2 * i * BLOCK, g, next, powers.start[2 * i], powers.start[2 * i + 1], acc,
                            4 * (c * n + i) * lanes);
                }
            }
        }
        for (int i = 0; i < n; i++) {
            int to = 2 * (f * n + i);
            for (int c = 0; c < channels; c++) {
                int at = 2 * ((c * h + f) * n + i);
                int from = 4 * (c * n + i) * lanes;
                gradients.w[at] = 2 * lanes(acc, from);
                gradients.w[at + 1] = 2 * lanes(acc, from + lanes);
                double re = 2 * lanes(acc, from + 2 * lanes);
                double im = 2 * lanes(acc, from + 3 * lanes);
                gradients.z[to] += w[at] * re + w[at + 1] * im;
                gradients.z[to + 1] += w[at] * im - w[at + 1] * re;
            }
        }
    }

    private double lanes(double[] sums, int at) {
        double sum = 0;
        for (int j = 0; j < inner.lanes(); j++) {
            sum += sums[at + j];
        }
        return sum;
    }
}
