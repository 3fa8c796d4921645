package s4j.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The diagonal SSM as a recurrence over whole sequences, in O(L) time and memory, forward and backward:
 *
 * <pre>
 *   x_t = a x_{t−1} + u_t,   y_t = d u_t + Re Σ_n c_n x_{n,t}      (u [b, l, h] float32; a, c [h, n] complex)
 * </pre>
 *
 * <p>B and the factor 2 of conjugate pairs are part of c. Float32 throughout, but of what a float32 a would make of long
 * memory: forward, the steps of a block of {@value #EXACT} follow z_t = x_t − x_0 from zero, z_t = a z_{t−1} + u_t + (a − 1)
 * x_0, which is small where x is slow, so that rounding is too; backward, where less is asked, they follow the gradient
 * itself. After each block what the rounding of a has done to the part of x_0 is put right with coefficients from float64.
 *
 * <p>Results do not depend on the number of threads or on what else is in the batch.
 *
 * <p>Source: Gu et al., On the Parameterization and Initialization of Diagonal State Space Models (2022), section 3; the
 * adjoint is the same recurrence run backwards.
 */
public final class DiagonalScan {
    /** Steps at once, after which the rounding of a is corrected; a power of two. */
    static final int EXACT = 32;
    /** Steps between two stored states; the backward pass recomputes what lies between. */
    static final int BLOCK = 128;
    /**
     * float32 coefficients of one state in one tile: re a, im a, −im a, re c, −im c, then re and im of a − 1, of the forward
     * and of the backward correction.
     */
    private static final int COEFFICIENTS = 11;
    private static final int FORWARD_CORRECTION = 7;
    private static final int CORRECTION = 9;
    /** Sums of one state that the backward pass collects. */
    private static final int SUMS = 6;
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.nativeOrder());

    /**
     * What runs on lanes. Blocks are {@code [row, step, lane]}, states {@code [row, (re, im), lane]}; indices count floats.
     */
    interface Inner {
        /** Sequences side by side. */
        int rows();

        /** q = (a − 1) x, laid out like x; y0 += Re c x {@code [row, lane]}. */
        void begin(float[] k, int at, int rows, float[] x, int xAt, float[] q, float[] y0);

        /** y_t += Re c z_t for all steps of z_t = a z_{t−1} + u_t + q; on return q is the last z. */
        void forward(float[] k, int at, int rows, int steps, float[] u, float[] y, float[] q);

        /** x += z + e x, with e the correction of the whole block. */
        void end(float[] e, int eAt, int rows, float[] z, float[] x, int xAt);

        /** y_t += y0 for all steps. */
        void lift(float[] y0, int rows, int steps, float[] y);

        /** xs_t = the state before step t; dk[4, 5] += Σ dy_t x_t. Of dy each row begins with a zero, then step 0. */
        void states(float[] k, int at, int rows, int steps, float[] u, int uAt, float[] dy, int dyAt, float[] xs,
                int xsAt,
                float[] x, int xAt, float[] dk);

        /** g, on entry a* times the gradient of the next state, becomes the gradient of the last: g += c* dy. */
        void enter(float[] k, int at, int rows, int steps, float[] dy, int dyAt, float[] g, int gAt);

        /**
         * From the last step to the first, with g the gradient of x_t: dk[0 … 3] += the products of (re g, im g) with (re,
         * im of x_{t−1}): rr, ii, ir, ri; du_t += Re g; g ← a* g + c* dy_{t−1}, with 0 for dy before step 0.
         */
        void adjoint(float[] k, int at, int rows, int steps, float[] dy, int dyAt, float[] du, int duAt, float[] xs,
                int xsAt,
                float[] g, int gAt, float[] dk);

        /** x += e before, or conj(e) before, with e the correction of a's power. */
        void correct(float[] k, int eAt, int rows, float[] before, float[] x, int xAt, boolean conjugate);
    }

    private final Inner inner;
    private final Lanes copies;
    private final Workers workers;
    private final int b;
    private final int l;
    private final int h;
    private final int n;
    private final int lanes;
    private final int tiles;
    private final int groups;
    private final float[] k;
    private final float[] d;
    private final boolean reverse;

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
            float @Nullable [] d,
            boolean reverse) {
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
        this.tiles = Math.ceilDiv(h, lanes);
        this.groups = Math.ceilDiv(b, inner.rows());
        this.k = coefficients(a, c);
        this.d = d == null ? new float[tiles * lanes] : Arrays.copyOf(d, tiles * lanes);
        this.reverse = reverse;
    }

    /** {@code [tile, n, coefficient, lane]}. */
    private float[] coefficients(double[] a, double[] c) {
        float[] k = new float[tiles * n * COEFFICIENTS * lanes];
        for (int f = 0; f < h; f++) {
            for (int i = 0; i < n; i++) {
                int from = 2 * (f * n + i);
                int at = at(f / lanes, i) + f % lanes;
                double ar = a[from];
                double ai = a[from + 1];
                k[at] = (float) ar;
                k[at + lanes] = (float) ai;
                k[at + 2 * lanes] = (float) -ai;
                k[at + 3 * lanes] = (float) c[from];
                k[at + 4 * lanes] = (float) -c[from + 1];
                k[at + 5 * lanes] = (float) (ar - 1);
                k[at + 6 * lanes] = (float) ai;
                corrections(ar, ai, k, at);
            }
        }
        return k;
    }

    private int at(int tile, int state) { return (tile * n + state) * COEFFICIENTS * lanes; }

    /**
     * Backward a^T − fl(a)^T, with T = EXACT; forward z_T is Σ_{k &lt; T} fl(a)^k fl(a − 1) x_0 where (a^T − 1) x_0 is right,
     * and the correction is the difference.
     */
    private void corrections(double re, double im, float[] k, int at) {
        double ar = (float) re;
        double ai = (float) im;
        double br = (float) (re - 1);
        double powerRe = 1;
        double powerIm = 0;
        double exactRe = 1;
        double exactIm = 0;
        double zr = 0;
        double zi = 0;
        for (int t = 0; t < EXACT; t++) {
            double next = ar * zr - ai * zi + br;
            zi = ar * zi + ai * zr + ai;
            zr = next;
            next = powerRe * ar - powerIm * ai;
            powerIm = powerRe * ai + powerIm * ar;
            powerRe = next;
            next = exactRe * re - exactIm * im;
            exactIm = exactRe * im + exactIm * re;
            exactRe = next;
        }
        k[at + FORWARD_CORRECTION * lanes] = (float) (exactRe - 1 - zr);
        k[at + (FORWARD_CORRECTION + 1) * lanes] = (float) (exactIm - zi);
        k[at + CORRECTION * lanes] = (float) (exactRe - powerRe);
        k[at + (CORRECTION + 1) * lanes] = (float) (exactIm - powerIm);
    }

    /** float32 values that {@link #forward} stores for {@link #backward}: 2 n h b for every {@value #BLOCK} steps. */
    public long checkpointSize() {
        return (long) blocks() * groups * tiles * 2 * n * inner.rows() * lanes;
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
        workers.forEach(tiles * groups, item -> forward(item / groups, item % groups, u, y, add, state, checkpoints));
    }

    private void forward(int tile, int group, @Nullable MemorySegment u, MemorySegment y, boolean add,
            double @Nullable [] state, @Nullable MemorySegment checkpoints) {
        int first = group * inner.rows();
        int rows = Math.min(inner.rows(), b - first);
        float[] us = new float[rows * EXACT * lanes];
        float[] ys = new float[rows * EXACT * lanes];
        float[] x = stateIn(tile, first, rows, state);
        float[] q = new float[2 * rows * lanes];
        float[] y0 = new float[rows * lanes];
        float[] none = new float[2 * lanes];
        for (int start = 0; start < l; start += EXACT) {
            int steps = Math.min(EXACT, l - start);
            if (checkpoints != null && start % BLOCK == 0) {
                MemorySegment.copy(x, 0, checkpoints, FLOAT, checkpoint(tile, group, start / BLOCK), x.length);
            }
            read(u, us, 0, tile, first, rows, start, steps, delay());
            read(add ? y : null, ys, 0, tile, first, rows, start, steps, 0);
            if (!reverse) {
                copies.addScaled(d, tile * lanes, us, 0, ys, 0, rows * steps);
            }
            Arrays.fill(y0, 0);
            for (int i = 0; i < n; i++) {
                inner.begin(k, at(tile, i), rows, x, stateAt(i), q, y0);
                inner.forward(k, at(tile, i), rows, steps, us, ys, q);
                if (steps == EXACT) {
                    inner.end(k, at(tile, i) + FORWARD_CORRECTION * lanes, rows, q, x, stateAt(i));
                } else {
                    inner.end(none, 0, rows, q, x, stateAt(i));
                }
            }
            inner.lift(y0, rows, steps, ys);
            write(y, ys, 0, tile, first, rows, start, steps, 0);
        }
        stateOut(tile, first, rows, state, x);
    }

    /** Where the state i of the first sequence stands among the states of a group. */
    private int stateAt(int i) {
        return 2 * i * inner.rows() * lanes;
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
        double[][] parts = new double[tiles * groups][];
        workers.forEach(tiles * groups, item -> parts[item] = backward(item / groups, item % groups, u, dy, du, add,
                checkpoints, dState));
        for (int tile = 0; tile < tiles; tile++) {
            for (int group = 0; group < groups; group++) {
                add(gradients, tile, parts[tile * groups + group]);
            }
        }
    }

    /** Gradients of a and c {@code [h, n]} as (re, im) pairs, and of d {@code [h]}; sums over sequences and steps. */
    public record Gradients(double[] a, double[] c, double[] d) {
        /** Zeros for h features of n states. */
        public static Gradients zeros(int h, int n) {
            return new Gradients(new double[2 * h * n], new double[2 * h * n], new double[h]);
        }
    }

    /** Sums over one group of sequences: what {@link Inner} puts into dk for each state, then dd; {@code [.., lane]}. */
    private double[] backward(int tile, int group, MemorySegment u, MemorySegment dy, MemorySegment du, boolean add,
            MemorySegment checkpoints, double @Nullable [] dState) {
        int first = group * inner.rows();
        int rows = Math.min(inner.rows(), b - first);
        int part = rows * EXACT * lanes;
        double[] sums = new double[(SUMS * n + 1) * lanes];
        float[] us = new float[BLOCK / EXACT * part];
        int dyPart = rows * (EXACT + 1) * lanes;
        float[] dys = new float[BLOCK / EXACT * dyPart];
        float[] dus = new float[BLOCK / EXACT * part];
        float[] xs = new float[2 * BLOCK / EXACT * part];
        float[] dk = new float[SUMS * lanes];
        float[] before = new float[2 * rows * lanes];
        float[] g = stateIn(tile, first, rows, dState);
        float[] x = new float[2 * n * inner.rows() * lanes];
        for (int start = (l - 1) / BLOCK * BLOCK; start >= 0; start -= BLOCK) {
            int parts = Math.ceilDiv(Math.min(BLOCK, l - start), EXACT);
            MemorySegment.copy(checkpoints, FLOAT, checkpoint(tile, group, start / BLOCK), x, 0, x.length);
            for (int p = 0; p < parts; p++) {
                int from = start + p * EXACT;
                int steps = Math.min(EXACT, l - from);
                read(u, us, p * part, tile, first, rows, from, steps, delay());
                readLate(dy, dys, p * dyPart, tile, first, rows, from, steps);
                read(add ? du : null, dus, p * part, tile, first, rows, from, steps, delay());
            }
            for (int i = 0; i < n; i++) {
                Arrays.fill(dk, 0);
                for (int p = 0; p < parts; p++) {
                    int steps = Math.min(EXACT, l - start - p * EXACT);
                    System.arraycopy(x, stateAt(i), before, 0, before.length);
                    inner.states(k, at(tile, i), rows, steps, us, p * part, dys, p * dyPart, xs, 2 * p * part, x,
                            stateAt(i), dk);
                    if (steps == EXACT) {
                        inner.correct(k, at(tile, i) + CORRECTION * lanes, rows, before, x, stateAt(i), false);
                    }
                }
                for (int p = parts - 1; p >= 0; p--) {
                    int steps = Math.min(EXACT, l - start - p * EXACT);
                    System.arraycopy(g, stateAt(i), before, 0, before.length);
                    inner.enter(k, at(tile, i), rows, steps, dys, p * dyPart, g, stateAt(i));
                    inner.adjoint(k, at(tile, i), rows, steps, dys, p * dyPart, dus, p * part, xs, 2 * p * part, g,
                            stateAt(i), dk);
                    if (steps == EXACT) {
                        inner.correct(k, at(tile, i) + CORRECTION * lanes, rows, before, g, stateAt(i), true);
                    }
                }
                sum(dk, sums, SUMS * i * lanes, SUMS * lanes);
            }
            Arrays.fill(dk, 0);
            for (int p = 0; p < parts; p++) {
                int from = start + p * EXACT;
                int steps = Math.min(EXACT, l - from);
                if (!reverse) {
                    skipBackward(tile, rows, steps, us, dus, p * part, dys, p * dyPart, dk);
                }
                write(du, dus, p * part, tile, first, rows, from, steps, delay());
            }
            sum(dk, sums, SUMS * n * lanes, lanes);
        }
        stateOut(tile, first, rows, dState, g);
        return sums;
    }

    private static void sum(float[] part, double[] sums, int at, int size) {
        for (int j = 0; j < size; j++) {
            sums[at + j] += part[j];
        }
    }

    private void add(Gradients gradients, int tile, double[] sums) {
        for (int lane = 0; lane < lanes && tile * lanes + lane < h; lane++) {
            int f = tile * lanes + lane;
            for (int i = 0; i < n; i++) {
                int from = SUMS * i * lanes + lane;
                int to = 2 * (f * n + i);
                gradients.a[to] += sums[from] + sums[from + lanes];
                gradients.a[to + 1] += sums[from + 2 * lanes] - sums[from + 3 * lanes];
                gradients.c[to] += sums[from + 4 * lanes];
                gradients.c[to + 1] -= sums[from + 5 * lanes];
            }
            gradients.d[f] += sums[SUMS * n * lanes + lane];
        }
    }

    private void check(@Nullable MemorySegment u, MemorySegment y) {
        long bytes = 4L * b * l * h;
        if (y.byteSize() < bytes || (u != null && u.byteSize() < bytes)) {
            throw new IllegalArgumentException("scan of [%d, %d, %d] needs %d bytes, got %d".formatted(b, l, h, bytes,
                    Math.min(y.byteSize(), u == null ? Long.MAX_VALUE : u.byteSize())));
        }
    }

    /** A reversed scan reads the input one step later than it writes the output. */
    private int delay() {
        return reverse ? 1 : 0;
    }

    private int width(int tile) { return Math.min(lanes, h - tile * lanes); }

    /** Where the step that is {@code start}-th in the order of the scan stands in memory. */
    private long offset(int tile, int row, int start, int delay) {
        long step = reverse ? (long) l - 1 - start + delay : start;
        return 4 * ((row * (long) l + step) * h + (long) tile * lanes);
    }

    /** Copies a block of a tile; a place before the first input of a reversed scan is zero. */
    private void read(@Nullable MemorySegment from, float[] to, int toAt, int tile, int first, int rows, int start,
            int steps, int delay) {
        if (from == null) {
            Arrays.fill(to, toAt, toAt + rows * steps * lanes, 0);
            return;
        }
        int skipped = reverse && delay > start ? 1 : 0;
        for (int r = 0; r < rows; r++) {
            int at = toAt + r * steps * lanes;
            Arrays.fill(to, at, at + skipped * lanes, 0);
            copies.read(from, offset(tile, first + r, start + skipped, delay), reverse ? -4L * h : 4L * h, width(tile),
                    to,
                    at + skipped * lanes, steps - skipped);
        }
    }

    /** Copies a block of a tile whose rows begin with a zero before step 0. */
    private void readLate(MemorySegment from, float[] to, int toAt, int tile, int first, int rows, int start,
            int steps) {
        for (int r = 0; r < rows; r++) {
            int at = toAt + r * (steps + 1) * lanes;
            Arrays.fill(to, at, at + lanes, 0);
            copies.read(from, offset(tile, first + r, start, 0), reverse ? -4L * h : 4L * h, width(tile), to,
                    at + lanes,
                    steps);
        }
    }

    private void skipBackward(int tile, int rows, int steps, float[] us, float[] dus, int uAt, float[] dys, int dyAt,
            float[] dk) {
        for (int r = 0; r < rows; r++) {
            int u = uAt + r * steps * lanes;
            int dy = dyAt + (r * (steps + 1) + 1) * lanes;
            copies.addScaled(d, tile * lanes, dys, dy, dus, u, steps);
            copies.addDot(dys, dy, us, u, steps, dk, 0);
        }
    }

    /** Copies a block back; what has no place in the sequence is dropped. */
    private void write(MemorySegment to, float[] from, int fromAt, int tile, int first, int rows, int start, int steps,
            int delay) {
        int skipped = reverse && delay > start ? 1 : 0;
        for (int r = 0; r < rows; r++) {
            copies.write(to, offset(tile, first + r, start + skipped, delay), reverse ? -4L * h : 4L * h, width(tile),
                    from,
                    fromAt + (r * steps + skipped) * lanes, steps - skipped);
        }
    }

    private float[] stateIn(int tile, int first, int rows, double @Nullable [] state) {
        float[] x = new float[2 * n * inner.rows() * lanes];
        if (state == null) {
            return x;
        }
        for (int i = 0; i < n; i++) {
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < width(tile); j++) {
                    int from = 2 * (((first + r) * h + tile * lanes + j) * n + i);
                    int to = stateAt(i) + 2 * r * lanes + j;
                    x[to] = (float) state[from];
                    x[to + lanes] = (float) state[from + 1];
                }
            }
        }
        return x;
    }

    private void stateOut(int tile, int first, int rows, double @Nullable [] state, float[] x) {
        if (state == null) {
            return;
        }
        for (int i = 0; i < n; i++) {
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < width(tile); j++) {
                    int to = 2 * (((first + r) * h + tile * lanes + j) * n + i);
                    int from = stateAt(i) + 2 * r * lanes + j;
                    state[to] = x[from];
                    state[to + 1] = x[from + lanes];
                }
            }
        }
    }

    private long checkpoint(int tile, int group, int block) {
        return 4L * ((long) (tile * groups + group) * blocks() + block) * 2 * n * inner.rows() * lanes;
    }
}
