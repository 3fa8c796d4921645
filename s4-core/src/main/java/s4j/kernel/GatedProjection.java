package s4j.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What follows the convolution in an S4 block, in one pass over memory: GELU, projection, bias and GLU.
 *
 * <pre>
 *   z = W gelu(y) + b,   out = z[0, m) ⊙ σ(z[m, 2m))        y [t, k], W [2m, k], out [t, m]; t counts steps of all sequences
 * </pre>
 *
 * <p>The backward pass keeps nothing but y: it computes z again. Sums over steps are float32 within {@value #BLOCK} steps
 * and float64 beyond; their order does not depend on the number of threads.
 *
 * <p>Source: GELU with the exact normal distribution (Hendrycks, Gimpel 2016); GLU (Dauphin et al. 2017).
 */
public final class GatedProjection {
    /** Steps at once: activations and gradients of a block stay in the second-level cache. */
    static final int BLOCK = 96;
    /** Parts of the sum over steps that are added up one after the other. */
    private static final int SLICES = 16;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.nativeOrder());

    /** What runs on lanes; matrices are row after row, sizes of rows multiples of {@link #lanes()}. */
    interface Inner {
        int lanes();

        /** c [rows, n] = a [rows, k] b [k, n] + bias [n]. */
        void multiply(float[] a, int rows, int k, float[] b, int n, float[] bias, float[] c);

        /** c [k, n] += aᵀ b with a [rows, k] and b [rows, n]. */
        void multiplyTransposed(float[] a, int rows, int k, float[] b, int n, double[] c);

        /** g = gelu(y). */
        void gelu(float[] y, float[] g, int size);

        /** dy = dg gelu'(y). */
        void geluBackward(float[] y, float[] dg, float[] dy, int size);

        /** out [rows, m] = z₁ σ(z₂) with z [rows, 2m]. */
        void glu(float[] z, int rows, int m, float[] out);

        /** z becomes its own gradient: (dout σ(z₂), dout z₁ σ'(z₂)). */
        void gluBackward(float[] z, int rows, int m, float[] dout);
    }

    private final Inner inner;
    private final Workers workers;
    private final int k;
    private final int m;
    private final int kPadded;
    private final int mPadded;
    private final float[] forward;
    private final float[] backward;
    private final float[] bias;

    /**
     * A projection.
     *
     * @param k inputs, m outputs
     * @param weight W {@code [2m, k]}
     * @param bias b {@code [2m]}
     */
    public GatedProjection(Backend backend, Workers workers, int k, int m, float[] weight, float[] bias) {
        if (k < 1 || m < 1 || weight.length != 2L * m * k || bias.length != 2 * m) {
            throw new IllegalArgumentException(
                    "projection of %d to %d features with %d weights and %d biases; expected %d and %d"
                            .formatted(k, m, weight.length, bias.length, 2L * m * k, 2 * m));
        }
        this.inner = backend.required() == Backend.SIMD ? new SimdProjection() : new ScalarProjection();
        this.workers = workers;
        this.k = k;
        this.m = m;
        this.kPadded = padded(k);
        this.mPadded = padded(m);
        this.forward = new float[kPadded * 2 * mPadded];
        this.backward = new float[2 * mPadded * kPadded];
        this.bias = new float[2 * mPadded];
        for (int j = 0; j < 2 * m; j++) {
            int row = j < m ? j : mPadded + j - m;
            this.bias[row] = bias[j];
            for (int i = 0; i < k; i++) {
                forward[i * 2 * mPadded + row] = weight[j * k + i];
                backward[row * kPadded + i] = weight[j * k + i];
            }
        }
    }

    private int padded(int size) { return Math.ceilDiv(size, inner.lanes()) * inner.lanes(); }

    /** out {@code [steps, m]} from y {@code [steps, k]}. */
    public void forward(int steps, MemorySegment y, MemorySegment out) {
        workers.forEach(Math.ceilDiv(steps, BLOCK), block -> {
            int first = block * BLOCK;
            int rows = Math.min(BLOCK, steps - first);
            float[] g = new float[rows * kPadded];
            float[] z = new float[rows * 2 * mPadded];
            read(y, first, rows, k, kPadded, g);
            inner.gelu(g, g, g.length);
            inner.multiply(g, rows, kPadded, forward, 2 * mPadded, bias, z);
            float[] result = new float[rows * mPadded];
            inner.glu(z, rows, mPadded, result);
            write(out, first, rows, m, mPadded, result);
        });
    }

    /** Gradients of W {@code [2m, k]} and b {@code [2m]}. */
    public record Gradients(double[] weight, double[] bias) {}

    /** dy {@code [steps, k]} from y and dout {@code [steps, m]}, and the gradients of the parameters. */
    public Gradients backward(int steps, MemorySegment y, MemorySegment dout, MemorySegment dy) {
        int blocks = Math.ceilDiv(steps, BLOCK);
        double[][] weights = new double[SLICES][];
        double[][] biases = new double[SLICES][];
        workers.forEach(SLICES, slice -> {
            weights[slice] = new double[2 * mPadded * kPadded];
            biases[slice] = new double[2 * mPadded];
            int end = (int) ((long) blocks * (slice + 1) / SLICES);
            for (int block = (int) ((long) blocks * slice / SLICES); block < end; block++) {
                backward(block * BLOCK, Math.min(BLOCK, steps - block * BLOCK), y, dout, dy, weights[slice],
                        biases[slice]);
            }
        });
        Gradients gradients = new Gradients(new double[2 * m * k], new double[2 * m]);
        for (int slice = 0; slice < SLICES; slice++) {
            for (int j = 0; j < 2 * m; j++) {
                int row = j < m ? j : mPadded + j - m;
                gradients.bias[j] += biases[slice][row];
                for (int i = 0; i < k; i++) {
                    gradients.weight[j * k + i] += weights[slice][row * kPadded + i];
                }
            }
        }
        return gradients;
    }

    private void backward(int first, int rows, MemorySegment y, MemorySegment dout, MemorySegment dy, double[] dWeight,
            double[] dBias) {
        float[] ys = new float[rows * kPadded];
        float[] g = new float[rows * kPadded];
        float[] z = new float[rows * 2 * mPadded];
        float[] d = new float[rows * mPadded];
        read(y, first, rows, k, kPadded, ys);
        read(dout, first, rows, m, mPadded, d);
        inner.gelu(ys, g, g.length);
        inner.multiply(g, rows, kPadded, forward, 2 * mPadded, bias, z);
        inner.gluBackward(z, rows, mPadded, d); // z is now its gradient
        inner.multiplyTransposed(z, rows, 2 * mPadded, g, kPadded, dWeight);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < 2 * mPadded; j++) {
                dBias[j] += z[r * 2 * mPadded + j];
            }
        }
        inner.multiply(z, rows, 2 * mPadded, backward, kPadded, new float[kPadded], g); // g is now its gradient
        inner.geluBackward(ys, g, g, g.length);
        write(dy, first, rows, k, kPadded, g);
    }

    private static void read(MemorySegment from, int first, int rows, int width, int padded, float[] to) {
        if (width == padded) {
            MemorySegment.copy(from, FLOAT, 4L * first * width, to, 0, rows * width);
            return;
        }
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(from, FLOAT, 4L * (first + r) * width, to, r * padded, width);
            Arrays.fill(to, r * padded + width, (r + 1) * padded, 0);
        }
    }

    private static void write(MemorySegment to, int first, int rows, int width, int padded, float[] from) {
        if (width == padded) {
            MemorySegment.copy(from, 0, to, FLOAT, 4L * first * width, rows * width);
            return;
        }
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(from, r * padded, to, FLOAT, 4L * (first + r) * width, width);
        }
    }
}
