package s4j.kernel.scan;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Lanes;

/**
 * What {@link DiagonalScan} multiplies chunks of T = {@value #CHUNK} steps by, for the features of one tile: powers of a in
 * float64, rounded once.
 *
 * <p>Matrices have one number for each feature and lie {@code [row / 4, column, row % 4, lane]}. Rows or columns of states are
 * (re, im) of each of n states, filled up with zeros to {@link #rows}.
 */
final class ChunkCoefficients {
    /** T, a multiple of {@link DiagonalScan.Inner#ROWS}. */
    static final int CHUNK = 24;
    /** Numbers of one state in {@link #state}: a^T, what G of its rounded products lack of a^(T G), c; as (re, im). */
    static final int STATE = 6;
    private static final int ROWS = DiagonalScan.Inner.ROWS;

    private final int lanes;
    private final int n;
    private final int rows;
    /** Of each state and lane. */
    private final double[] ar;
    private final double[] ai;
    private final double[] cr;
    private final double[] ci;
    private final float[] skip;

    /** {@code [n, STATE, lane]}. */
    final float[] state;
    /** From the inputs of a chunk to what they add to the next state: a^(T−1−s). */
    final float[] enter;
    /** From the state before a chunk and its inputs to its outputs: c a^(t+1), then K_(t−s) where s ≤ t. */
    final float[] leave;

    /**
     * Of the features {@code tile * lanes} and on.
     *
     * @param a complex {@code [h, n]} as (re, im) pairs
     * @param c complex {@code [h, n]}
     * @param d {@code [h]}; null: none
     */
    ChunkCoefficients(int lanes, int tile, int h, int n, double[] a, double[] c, float @Nullable [] d) {
        this.lanes = lanes;
        this.n = n;
        this.rows = Math.ceilDiv(2 * n, ROWS) * ROWS;
        this.ar = new double[n * lanes];
        this.ai = new double[n * lanes];
        this.cr = new double[n * lanes];
        this.ci = new double[n * lanes];
        this.skip = new float[lanes];
        for (int j = 0; j < Math.min(lanes, h - tile * lanes); j++) {
            int f = tile * lanes + j;
            for (int i = 0; i < n; i++) {
                ar[i * lanes + j] = a[2 * (f * n + i)];
                ai[i * lanes + j] = a[2 * (f * n + i) + 1];
                cr[i * lanes + j] = c[2 * (f * n + i)];
                ci[i * lanes + j] = c[2 * (f * n + i) + 1];
            }
            skip[j] = d == null ? 0 : d[f];
        }
        this.state = new float[n * STATE * lanes];
        this.enter = new float[Lanes.FIRST + rows * CHUNK * lanes];
        this.leave = new float[Lanes.FIRST + CHUNK * (rows + CHUNK) * lanes];
        forward();
    }

    /** Numbers of all states as (re, im), and zeros. */
    int rows() { return rows; }

    /** Where a number of a matrix stands. */
    int index(int row, int column, int columns) {
        return Lanes.FIRST + ((row / ROWS * columns + column) * ROWS + row % ROWS) * lanes;
    }

    private void forward() {
        int columns = rows + CHUNK;
        double[] k = new double[CHUNK * lanes];
        double[] pr = new double[lanes];
        double[] pi = new double[lanes];
        for (int i = 0; i < n; i++) {
            first(pr, pi);
            for (int t = 0; t < CHUNK; t++) {
                store(pr, enter, index(2 * i, CHUNK - 1 - t, CHUNK), 1);
                store(pi, enter, index(2 * i + 1, CHUNK - 1 - t, CHUNK), 1);
                for (int j = 0; j < lanes; j++) {
                    k[t * lanes + j] += cr[i * lanes + j] * pr[j] - ci[i * lanes + j] * pi[j];
                }
                next(i, pr, pi);
                int re = index(t, 2 * i, columns);
                int im = index(t, 2 * i + 1, columns);
                for (int j = 0; j < lanes; j++) {
                    double c = cr[i * lanes + j];
                    double s = ci[i * lanes + j];
                    leave[re + j] = (float) (c * pr[j] - s * pi[j]);
                    leave[im + j] = (float) -(c * pi[j] + s * pr[j]);
                }
            }
            state(i, pr, pi);
        }
        for (int t = 0; t < CHUNK; t++) {
            for (int s = 0; s <= t; s++) {
                int to = index(t, rows + s, columns);
                for (int j = 0; j < lanes; j++) {
                    leave[to + j] = (float) (k[(t - s) * lanes + j] + (s == t ? skip[j] : 0));
                }
            }
        }
    }

    private void first(double[] pr, double[] pi) {
        Arrays.fill(pr, 1);
        Arrays.fill(pi, 0);
    }

    /** p ← a p. */
    private void next(int i, double[] pr, double[] pi) {
        for (int j = 0; j < lanes; j++) {
            double re = ar[i * lanes + j] * pr[j] - ai[i * lanes + j] * pi[j];
            pi[j] = ar[i * lanes + j] * pi[j] + ai[i * lanes + j] * pr[j];
            pr[j] = re;
        }
    }

    private void store(double[] from, float[] to, int at, double factor) {
        for (int j = 0; j < lanes; j++) {
            to[at + j] = (float) (factor * from[j]);
        }
    }

    /** With a^T in p. */
    private void state(int i, double[] pr, double[] pi) {
        for (int j = 0; j < lanes; j++) {
            int to = i * STATE * lanes + j;
            state[to] = (float) pr[j];
            state[to + lanes] = (float) pi[j];
            double roundedR = state[to];
            double roundedI = state[to + lanes];
            double xr = 1;
            double xi = 0;
            double yr = 1;
            double yi = 0;
            for (int g = 0; g < DiagonalScan.Inner.COLUMNS; g++) {
                double re = pr[j] * xr - pi[j] * xi;
                xi = pr[j] * xi + pi[j] * xr;
                xr = re;
                re = roundedR * yr - roundedI * yi;
                yi = roundedR * yi + roundedI * yr;
                yr = re;
            }
            state[to + 2 * lanes] = (float) (xr - yr);
            state[to + 3 * lanes] = (float) (xi - yi);
            state[to + 4 * lanes] = (float) cr[i * lanes + j];
            state[to + 5 * lanes] = (float) ci[i * lanes + j];
        }
    }

    /** What only the gradients need. */
    final class Adjoint {
        /** Derivative of {@link #enter} by a: (T−1−s) a^(T−2−s). */
        final float[] enterSlope = new float[Lanes.FIRST + rows * CHUNK * lanes];
        /** From the gradients of outputs, conj(a^(t+1)). */
        final float[] gather = new float[Lanes.FIRST + rows * CHUNK * lanes];
        /** conj((t+1) a^t). */
        final float[] gatherSlope = new float[Lanes.FIRST + rows * CHUNK * lanes];
        /** To the gradients of inputs: K_(t−s) for outputs t ≥ s, then {@link #enter} for the gradient of the next state. */
        final float[] back = new float[Lanes.FIRST + CHUNK * (rows + CHUNK) * lanes];

        Adjoint() {
            double[] pr = new double[lanes];
            double[] pi = new double[lanes];
            int columns = CHUNK + rows;
            for (int i = 0; i < n; i++) {
                first(pr, pi);
                for (int t = 0; t < CHUNK; t++) {
                    int s = CHUNK - 1 - t;
                    store(pr, back, index(s, CHUNK + 2 * i, columns), 1);
                    store(pi, back, index(s, CHUNK + 2 * i + 1, columns), 1);
                    store(pr, gatherSlope, index(2 * i, t, CHUNK), t + 1);
                    store(pi, gatherSlope, index(2 * i + 1, t, CHUNK), -t - 1);
                    if (s > 0) {
                        store(pr, enterSlope, index(2 * i, s - 1, CHUNK), t + 1);
                        store(pi, enterSlope, index(2 * i + 1, s - 1, CHUNK), t + 1);
                    }
                    next(i, pr, pi);
                    store(pr, gather, index(2 * i, t, CHUNK), 1);
                    store(pi, gather, index(2 * i + 1, t, CHUNK), -1);
                }
            }
            for (int s = 0; s < CHUNK; s++) {
                for (int t = s; t < CHUNK; t++) {
                    System.arraycopy(leave, index(t, rows + s, columns), back, index(s, t, columns), lanes);
                }
            }
        }
    }

    /**
     * Adds the gradients of one state and feature from the sums of {@link DiagonalScan.Inner}.
     *
     * @param sums of the tile {@code [n, SUMS, lane]}
     * @param dk {@code [T, lane]}
     * @param da takes the gradient of a at {@code to} as (re, im), dc that of c
     */
    void gradients(int i, int lane, double[] sums, double[] dk, double[] da, double[] dc, int to) {
        int from = i * DiagonalScan.Inner.SUMS * lanes + lane;
        double a = ar[i * lanes + lane];
        double b = ai[i * lanes + lane];
        double pr = 1; // a^t
        double pi = 0;
        double slopeR = sums[from + 2 * lanes]; // of conj(c) times it
        double slopeI = sums[from + 3 * lanes];
        double gcr = sums[from];
        double gci = sums[from + lanes];
        for (int t = 0; t < CHUNK; t++) {
            double k = dk[t * lanes + lane];
            gcr += pr * k;
            gci -= pi * k;
            if (t + 1 < CHUNK) {
                double next = (t + 1) * dk[(t + 1) * lanes + lane];
                slopeR += pr * next;
                slopeI -= pi * next;
                double re = a * pr - b * pi;
                pi = a * pi + b * pr;
                pr = re;
            }
        }
        double c = cr[i * lanes + lane];
        double s = ci[i * lanes + lane];
        double sr = CHUNK * sums[from + 6 * lanes]; // of conj(T a^(T−1))
        double si = CHUNK * sums[from + 7 * lanes];
        da[to] += sums[from + 4 * lanes] + pr * sr + pi * si + c * slopeR + s * slopeI;
        da[to + 1] += sums[from + 5 * lanes] + pr * si - pi * sr + c * slopeI - s * slopeR;
        dc[to] += gcr;
        dc[to + 1] += gci;
    }

    /**
     * The recurrence itself for what is left of a chunk, in float64: x ← a x + u over {@code steps} inputs {@code [step, lane]} of one lane; x as (re, im) at {@code at}.
     */
    void run(int i, int lane, int steps, float[] u, int uAt, double[] x, int at) {
        double a = ar[i * lanes + lane];
        double b = ai[i * lanes + lane];
        for (int t = 0; t < steps; t++) {
            double re = a * x[at] - b * x[at + 1] + u[uAt + t * lanes + lane];
            x[at + 1] = a * x[at + 1] + b * x[at];
            x[at] = re;
        }
    }

    /**
     * The adjoint of {@link #run}: g at {@code at} becomes the gradient of x before it, du takes those of the inputs {@code
     * [step, lane]}, the sums of the tile that of a.
     */
    void runBack(int i, int lane, int steps, float[] u, int uAt, double[] x, double[] g, int at, float[] du,
            double[] sums) {
        double[] xs = new double[2 * steps];
        for (int t = 0; t < steps; t++) {
            xs[2 * t] = x[0];
            xs[2 * t + 1] = x[1];
            run(i, lane, 1, u, uAt + t * lanes, x, 0);
        }
        double a = ar[i * lanes + lane];
        double b = ai[i * lanes + lane];
        int sum = (i * DiagonalScan.Inner.SUMS + 4) * lanes + lane;
        for (int t = steps - 1; t >= 0; t--) {
            double gr = g[at];
            double gi = g[at + 1];
            sums[sum] += xs[2 * t] * gr + xs[2 * t + 1] * gi;
            sums[sum + lanes] += xs[2 * t] * gi - xs[2 * t + 1] * gr;
            du[t * lanes + lane] += (float) gr;
            g[at] = a * gr + b * gi;
            g[at + 1] = a * gi - b * gr;
        }
    }
}
