package s4j.kernel.scan;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Backend;
import s4j.kernel.Lanes;
import s4j.kernel.Workers;

/**
 * The diagonal SSM over whole sequences, in O(L) time and memory, forward and backward:
 *
 * <pre>
 *   x_t = a x_{t−1} + u_t,   y_t = d u_t + Re Σ_n c_n x_{n,t}      (u [b, l, h] float32; a, c [h, n] complex)
 * </pre>
 *
 * <p>B and the factor 2 of conjugate pairs are part of c. Time is cut into chunks of T steps, and with X_g the state before
 * the chunk g and s, t steps within it
 *
 * <pre>
 *   X_{g+1} = a^T X_g + Σ_s a^{T−1−s} u_s,   y_t = Re Σ_n c a^{t+1} X_g + Σ_{s ≤ t} K_{t−s} u_s,   K_j = Re Σ_n c a^j (+ d)
 * </pre>
 *
 * <p>So all but a^T X_g are products of small matrices, one for each feature, with as many chunks at once as registers allow;
 * the gradients are products of the same kind (docs/decisions/013). Powers of a come from float64, and what the rounding of
 * a^T does to long memory is put right after each block of chunks.
 *
 * <p>Results do not depend on the number of threads or on what else is in the batch.
 *
 * <p>Source: Gu et al., On the Parameterization and Initialization of Diagonal State Space Models (2022), section 3, for the
 * system; Dao and Gu, Transformers are SSMs (2024), section 6, for chunks.
 */
public final class DiagonalScan {
    /**
     * What runs on lanes. Blocks are {@code [chunk, row, lane]} with {@value #COLUMNS} chunks, {@code …Column} floats from one to
     * the next; a state has two rows, re and im; indices count floats. Coefficients of states are those of
     * {@link ChunkCoefficients#state}.
     */
    interface Inner {
        /** Rows of a tile. */
        int ROWS = 4;
        /** Chunks of a block. */
        int COLUMNS = 6;
        /** Sums of a state for gradients, each (re, im): Σ conj(X) q, Σ conj(X) q', Σ conj(p') g, Σ conj(X) g. */
        int SUMS = 8;

        /** Four rows of out = m in for at least so many columns, with m {@code [depth, 4]} and {@code depth} rows of in. */
        void tile(float[] m, int mAt, int depth, float[] in, int inAt, int inColumn, float[] out, int outAt,
                int outColumn,
                int columns);

        /** z, on entry what each chunk adds to the next state, becomes the states before the chunks; x goes from first to last. */
        void states(float[] k, int at, float[] x, int xAt, float[] z, int zAt, int column);

        /** The first two sums, over so many chunks. */
        void outputGradients(float[] x, int xAt, int column, float[] q, int qAt, float[] dq, int dqAt, int dqColumn,
                int columns, float[] sums, int sumsAt);

        /**
         * From chunk {@code from} − 1 back to {@code to}: the last two sums; q becomes g, the gradient of the next state; g ← a^T* g
         * + c* q.
         */
        void adjoint(float[] k, int at, int from, int to, float[] g, int gAt, float[] q, int qAt, int column, float[] x,
                int xAt,
                float[] dp, int dpAt, int dpColumn, float[] sums, int sumsAt);

        /** g += conj(e) before, with e the correction of a whole block. */
        void correct(float[] k, int at, float[] before, float[] g, int gAt);

        /** dk_i += Σ u_s dy_{s+i} for i &lt; 4 and {@code count} rows s of one chunk. */
        void lags(float[] u, int uAt, float[] dy, int dyAt, int count, float[] dk, int dkAt);
    }

    private static final int CHUNK = ChunkCoefficients.CHUNK;
    /** Steps of a block, and between two stored states. */
    static final int BLOCK = CHUNK * Inner.COLUMNS;
    /** Groups of sequences, at most, whose gradients are added up apart. */
    private static final int GROUPS = 16;
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.nativeOrder());

    private final Inner inner;
    private final Lanes copies;
    private final ScanBorders borders;
    private final Workers workers;
    private final int b;
    private final int l;
    private final int h;
    private final int n;
    private final int lanes;
    private final ChunkCoefficients[] tiles;
    /** Rows of all states. */
    private final int rows;
    private final ConcurrentLinkedQueue<ScanPass> free = new ConcurrentLinkedQueue<>();

    /**
     * A system and the sizes it runs at.
     *
     * @param backend SIMD or scalar
     * @param workers the threads
     * @param b sequences, l steps, h features
     * @param a complex {@code [h, n]} as (re, im) pairs, |a| ≤ 1
     * @param c complex {@code [h, n]} as (re, im) pairs
     * @param d skip {@code [h]}; null: none
     * @param reverse runs from the last step to the first, y_t from inputs after t only, without a skip: x_t = a x_{t+1} +
     *     u_{t+1}. It adds to what the forward direction left
     */
    public DiagonalScan(Backend backend, Workers workers, int b, int l, int h, double[] a, double[] c,
            float @Nullable [] d, boolean reverse) {
        if (b < 1 || l < 1 || h < 1 || a.length == 0 || a.length % (2 * h) != 0 || a.length != c.length) {
            throw new IllegalArgumentException(
                    "scan of [%d, %d, %d] with %d values of a and %d of c; expected sizes ≥ 1 and 2 n h values each"
                            .formatted(b, l, h, a.length, c.length));
        }
        if (reverse && d != null) {
            throw new IllegalArgumentException("a reversed scan has no skip; the forward one has it");
        }
        this.inner = backend.required() == Backend.SIMD ? new SimdDiagonalScan() : new ScalarDiagonalScan();
        this.workers = workers;
        this.b = b;
        this.l = l;
        this.h = h;
        this.n = a.length / (2 * h);
        this.copies = Lanes.of(backend);
        this.lanes = copies.lanes();
        this.borders = new ScanBorders(copies, b, l, h, n, reverse);
        this.tiles = new ChunkCoefficients[Math.ceilDiv(h, lanes)];
        workers.forEach(tiles.length, tile -> tiles[tile] = new ChunkCoefficients(lanes, tile, h, n, a, c, d));
        this.rows = tiles[0].rows();
    }

    private ScanPass pass() {
        ScanPass pass = free.poll();
        return pass != null ? pass : new ScanPass(inner, borders, rows);
    }

    /** float32 values that {@link #forward} stores for {@link #backward}: 2 n h b for every 144 steps. */
    public long checkpointSize() {
        return (long) blocks() * b * tiles.length * rows * lanes;
    }

    private int blocks() { return Math.ceilDiv(l, BLOCK); }

    /**
     * y = (or y +=) the outputs.
     *
     * @param u {@code [b, l, h]}; null: zeros
     * @param y {@code [b, l, h]}
     * @param add adds to what y holds
     * @param state x before the first step {@code [b, h, n]} as (re, im) pairs, overwritten by x after the last; null: zeros
     * @param checkpoints room for {@link #checkpointSize()} floats; null: no backward pass will follow
     */
    public void forward(@Nullable MemorySegment u, MemorySegment y, boolean add, double @Nullable [] state,
            @Nullable MemorySegment checkpoints) {
        check(u, y);
        workers.forEach(tiles.length * b, item -> {
            ScanPass pass = pass();
            int tile = item / b;
            pass.forward(tiles[tile], tile, item % b, u, y, add, state, checkpoints(checkpoints, tile, item % b));
            free.add(pass);
        });
    }

    /** Those of one sequence and tile. */
    private @Nullable MemorySegment checkpoints(@Nullable MemorySegment all, int tile, int sequence) {
        long bytes = (long) Float.BYTES * blocks() * rows * lanes;
        return all == null ? null : all.asSlice(((long) tile * b + sequence) * bytes, bytes);
    }

    /**
     * The gradients of a loss whose gradient of y is dy.
     *
     * @param u {@code [b, l, h]}, as forward had it
     * @param dy {@code [b, l, h]}
     * @param du {@code [b, l, h]}, written (or added to)
     * @param add adds to what du holds
     * @param checkpoints what forward stored
     * @param dState the gradient of the state after the last step {@code [b, h, n]} (re, im), overwritten by that of the
     *     state before the first; null: no state
     * @param gradients takes the gradients of a, c and d
     */
    public void backward(MemorySegment u, MemorySegment dy, MemorySegment du, boolean add, MemorySegment checkpoints,
            double @Nullable [] dState, Gradients gradients) {
        check(u, dy);
        int size = Math.ceilDiv(b, GROUPS);
        int groups = Math.ceilDiv(b, size);
        double[][] parts = new double[tiles.length * groups][];
        var adjoints = new ChunkCoefficients.Adjoint[tiles.length];
        workers.forEach(tiles.length, tile -> adjoints[tile] = tiles[tile].new Adjoint());
        workers.forEach(parts.length, item -> {
            ScanPass pass = pass();
            parts[item] = new double[(Inner.SUMS * n + CHUNK) * lanes];
            int tile = item / groups;
            for (int i = item % groups * size; i < Math.min(b, (item % groups + 1) * size); i++) {
                pass.backward(tiles[tile], adjoints[tile], tile, i, u, dy, du, add,
                        Objects.requireNonNull(checkpoints(checkpoints, tile, i)), dState, parts[item]);
            }
            free.add(pass);
        });
        workers.forEach(tiles.length, tile -> {
            double[] sums = parts[tile * groups];
            for (int g = 1; g < groups; g++) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += parts[tile * groups + g][i];
                }
            }
            gather(tile, sums, gradients);
        });
    }

    /** Gradients of a and c {@code [h, n]} as (re, im) pairs, and of d {@code [h]}; sums over sequences and steps. */
    public record Gradients(double[] a, double[] c, double[] d) {
        /** Zeros for h features of n states. */
        public static Gradients zeros(int h, int n) {
            return new Gradients(new double[2 * h * n], new double[2 * h * n], new double[h]);
        }
    }

    private void gather(int tile, double[] sums, Gradients gradients) {
        double[] dk = Arrays.copyOfRange(sums, Inner.SUMS * n * lanes, sums.length);
        for (int j = 0; j < borders.width(tile); j++) {
            int f = tile * lanes + j;
            for (int i = 0; i < n; i++) {
                tiles[tile].gradients(i, j, sums, dk, gradients.a, gradients.c, 2 * (f * n + i));
            }
            gradients.d[f] += borders.reverse() ? 0 : dk[j];
        }
    }

    private void check(@Nullable MemorySegment u, MemorySegment y) {
        long bytes = 4L * b * l * h;
        if (y.byteSize() < bytes || (u != null && u.byteSize() < bytes)) {
            throw new IllegalArgumentException("scan of [%d, %d, %d] needs %d bytes, got %d".formatted(b, l, h, bytes,
                    Math.min(y.byteSize(), u == null ? Long.MAX_VALUE : u.byteSize())));
        }
    }
}
