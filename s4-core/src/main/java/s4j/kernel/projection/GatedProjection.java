package s4j.kernel.projection;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Backend;
import s4j.kernel.Lanes;
import s4j.kernel.Workers;

/**
 * What follows the convolution in an S4 block, in one pass over memory: GELU, projection, bias and GLU.
 *
 * <pre>
 *   z = W gelu(y) + b,   out = z[0, m) ⊙ σ(z[m, 2m))        y [t, k], W [2m, k], out [t, m]; t counts steps of all sequences
 * </pre>
 *
 * <p>For the backward pass σ(z₂) is kept ({@link #keptSize}) beside the outputs: to compute it again would cost a third of that pass.
 * Activations are read and written where the first and the last loop over a block need them, not copied. Sums over steps are
 * float32 within {@value #FOLD} blocks of {@value #BLOCK} steps and float64 beyond; their order does not depend on the number of
 * threads.
 *
 * <p>Matrices on the right of a product lie in panels {@code [n / panel, k, panel]}: a panel fits the first cache, and its
 * rows follow each other, where rows of a whole matrix would fall into few of the cache's sets. Panels begin at
 * {@link Lanes#FIRST} of their arrays.
 *
 * <p>Source: GELU with the exact normal distribution (Hendrycks, Gimpel 2016); GLU (Dauphin et al. 2017).
 */
public final class GatedProjection {
    /** Steps at once: activations and gradients of a block stay in the second-level cache. */
    static final int BLOCK = 96;
    /** Blocks of one float32 sum over steps. */
    static final int FOLD = 8;
    /** Parts of the sum over steps that are added up one after the other. */
    private static final int SLICES = 16;

    /** What runs on lanes; matrices are row after row, sizes of rows multiples of {@link #panel()}. */
    interface Inner {
        /** Columns of a panel. */
        int panel();

        /** c [rows, n] = a [rows, k] b [k, n] + bias [n], with b in panels. */
        void multiply(float[] a, int rows, int k, float[] b, int n, float[] bias, float[] c);

        /** a [rows, n] in panels. */
        void panels(float[] a, int rows, int n, float[] out);

        /** c [k, n] += aᵀ b with a [rows, k] and b [rows, n], both in panels. */
        void addTransposed(float[] a, int rows, int k, float[] b, int n, float[] c);

        /** sum [n] += Σ_r a [r, n]. */
        void addRows(float[] a, int rows, int n, float[] sum);

        /** g = gelu(y). */
        void gelu(MemorySegment y, float[] g, int size);

        /** g = gelu(y) and Φ(y), the first part of its derivative. */
        void gelu(MemorySegment y, float[] g, float[] phi, int size);

        /** dy = dg gelu'(y), gelu'(y) = Φ(y) + y φ(y). */
        void geluBackward(MemorySegment y, float[] phi, float[] dg, MemorySegment dy, int size);

        /** out [rows, m] = z₁ σ(z₂) with z [rows, 2m]. */
        void glu(float[] z, int rows, int m, MemorySegment out);

        /** The same; keeps σ(z₂) [rows, m]. */
        void glu(float[] z, int rows, int m, MemorySegment out, MemorySegment kept);

        /** dz = (dout σ(z₂), dout z₁ σ'(z₂)) = (dout σ(z₂), dout out (1 − σ(z₂))) from what was kept. */
        void gluBackward(MemorySegment kept, MemorySegment out, MemorySegment dout, int rows, int m, float[] dz);
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
    private final float[] noBias;
    private final Stage[] plainStages;
    private final Stage[] keepingStages;
    private final Stage[] backwardStages;
    private final ConcurrentLinkedQueue<Scratch> free = new ConcurrentLinkedQueue<>();

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
        this.bias = new float[2 * mPadded];
        this.noBias = new float[kPadded];
        float[] transposed = new float[kPadded * 2 * mPadded];
        float[] weights = new float[2 * mPadded * kPadded];
        for (int j = 0; j < 2 * m; j++) {
            int row = row(j);
            this.bias[row] = bias[j];
            for (int i = 0; i < k; i++) {
                transposed[i * 2 * mPadded + row] = weight[j * k + i];
                weights[row * kPadded + i] = weight[j * k + i];
            }
        }
        this.forward = new float[Lanes.FIRST + transposed.length];
        this.backward = new float[Lanes.FIRST + weights.length];
        inner.panels(transposed, kPadded, 2 * mPadded, forward);
        inner.panels(weights, 2 * mPadded, kPadded, backward);
        this.plainStages = forwardStages((s, rows) -> inner.glu(s.z, rows, mPadded, s.out));
        this.keepingStages = forwardStages((s, rows) -> inner.glu(s.z, rows, mPadded, s.out, s.kept));
        this.backwardStages = backwardStages();
    }

    private int padded(int size) { return Math.ceilDiv(size, inner.panel()) * inner.panel(); }

    /** Where output feature j of 2m stands among the padded ones. */
    private int row(int j) {
        return j < m ? j : mPadded + j - m;
    }

    /**
     * One loop over a block. Stages are called from one place, too many kinds for the compiler to inline: what is inlined
     * into one method shares its limit of about fifty vector operations, beyond which vectors become objects.
     */
    private interface Stage {
        void run(Scratch s, int rows);
    }

    private Stage[] forwardStages(Stage glu) {
        return new Stage[]{(s, rows) -> inner.gelu(s.y, s.g, rows * kPadded),
                (s, rows) -> inner.multiply(s.g, rows, kPadded, forward, 2 * mPadded, bias, s.z), glu};
    }

    /** From y, what was kept and the gradient of out to that of y; z holds its own gradient. */
    private Stage[] backwardStages() {
        return new Stage[]{(s, rows) -> inner.gelu(s.y, s.g, s.phi, rows * kPadded),
                (s, rows) -> inner.gluBackward(s.kept, s.out, s.dout, rows, mPadded, s.z),
                (s, rows) -> inner.panels(s.g, rows, kPadded, s.gPanels),
                (s, rows) -> inner.panels(s.z, rows, 2 * mPadded, s.zPanels),
                (s, rows) -> inner.addTransposed(s.zPanels, rows, 2 * mPadded, s.gPanels, kPadded, s.dWeight),
                (s, rows) -> inner.addRows(s.z, rows, 2 * mPadded, s.dBias),
                (s, rows) -> inner.multiply(s.z, rows, 2 * mPadded, backward, kPadded, noBias, s.g),
                (s, rows) -> inner.geluBackward(s.y, s.phi, s.g, s.dy, rows * kPadded)};
    }

    private static void run(Stage[] stages, Scratch s, int rows) {
        for (Stage stage : stages) {
            stage.run(s, rows);
        }
    }

    /** Arrays of one thread, and where the activations and gradients of its block lie. */
    private final class Scratch {
        final PaddedRows inputs = new PaddedRows(BLOCK, k, kPadded);
        final PaddedRows outputs = new PaddedRows(BLOCK, m, mPadded);
        final PaddedRows outputGradients = new PaddedRows(BLOCK, m, mPadded);
        final PaddedRows inputGradients = new PaddedRows(BLOCK, k, kPadded);
        final float[] g = new float[BLOCK * kPadded];
        final float[] z = new float[BLOCK * 2 * mPadded];
        MemorySegment y = MemorySegment.NULL;
        MemorySegment out = MemorySegment.NULL;
        MemorySegment dout = MemorySegment.NULL;
        MemorySegment kept = MemorySegment.NULL;
        MemorySegment dy = MemorySegment.NULL;
        float[] phi = new float[0];
        float[] gPanels = new float[0];
        float[] zPanels = new float[0];
        float[] dWeight = new float[0];
        float[] dBias = new float[0];

        /** Room for the backward pass. */
        void grow() {
            if (phi.length == 0) {
                phi = new float[g.length];
                gPanels = new float[Lanes.FIRST + g.length];
                zPanels = new float[Lanes.FIRST + z.length];
                dWeight = new float[2 * mPadded * kPadded];
                dBias = new float[2 * mPadded];
            }
        }
    }

    private Scratch scratch() {
        Scratch s = free.poll();
        return s != null ? s : new Scratch();
    }

    /** Numbers that {@link #forward} keeps for {@link #backward}: σ(z₂) with padding. */
    public long keptSize(int steps) {
        return (long) mPadded * steps;
    }

    /**
     * out {@code [steps, m]} from y {@code [steps, k]}.
     *
     * @param kept takes {@link #keptSize} float32; null: no backward pass will follow
     */
    public void forward(int steps, MemorySegment y, MemorySegment out, @Nullable MemorySegment kept) {
        workers.forEach(Math.ceilDiv(steps, BLOCK), block -> {
            int first = block * BLOCK;
            int rows = Math.min(BLOCK, steps - first);
            Scratch s = scratch();
            s.y = s.inputs.read(y, first, rows);
            s.out = s.outputs.room(out, first, rows);
            if (kept == null) {
                run(plainStages, s, rows);
            } else {
                s.kept = kept(kept, first, rows);
                run(keepingStages, s, rows);
            }
            s.outputs.write(out, first, rows);
            free.add(s);
        });
    }

    /** Gradients of W {@code [2m, k]} and b {@code [2m]}. */
    public record Gradients(double[] weight, double[] bias) {}

    /**
     * dy {@code [steps, k]} from y and dout {@code [steps, m]}, and the gradients of the parameters.
     *
     * @param kept what forward kept
     * @param out what forward gave
     */
    public Gradients backward(int steps, MemorySegment y, MemorySegment kept, MemorySegment out, MemorySegment dout,
            MemorySegment dy) {
        int blocks = Math.ceilDiv(steps, BLOCK);
        double[][] weights = new double[SLICES][];
        double[][] biases = new double[SLICES][];
        workers.forEach(SLICES, slice -> {
            weights[slice] = new double[2 * mPadded * kPadded];
            biases[slice] = new double[2 * mPadded];
            Scratch s = scratch();
            s.grow();
            int begin = (int) ((long) blocks * slice / SLICES);
            int end = (int) ((long) blocks * (slice + 1) / SLICES);
            for (int block = begin; block < end; block++) {
                int first = block * BLOCK;
                int rows = Math.min(BLOCK, steps - first);
                s.y = s.inputs.read(y, first, rows);
                s.out = s.outputs.read(out, first, rows);
                s.dout = s.outputGradients.read(dout, first, rows);
                s.kept = kept(kept, first, rows);
                s.dy = s.inputGradients.room(dy, first, rows);
                run(backwardStages, s, rows);
                s.inputGradients.write(dy, first, rows);
                if ((block - begin) % FOLD == FOLD - 1 || block == end - 1) {
                    fold(s.dWeight, weights[slice]);
                    fold(s.dBias, biases[slice]);
                }
            }
            free.add(s);
        });
        for (int slice = 1; slice < SLICES; slice++) {
            add(weights[slice], weights[0]);
            add(biases[slice], biases[0]);
        }
        Gradients gradients = new Gradients(new double[2 * m * k], new double[2 * m]);
        for (int j = 0; j < 2 * m; j++) {
            gradients.bias[j] = biases[0][row(j)];
            System.arraycopy(weights[0], row(j) * kPadded, gradients.weight, j * k, k);
        }
        return gradients;
    }

    private static void add(double[] from, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    private static void fold(float[] from, double[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] += from[i];
        }
        Arrays.fill(from, 0);
    }

    private MemorySegment kept(MemorySegment kept, int first, int rows) {
        return kept.asSlice(4 * keptSize(first), 4 * keptSize(rows));
    }
}
