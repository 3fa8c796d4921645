package s4j.stream;

import java.util.List;
import s4j.kernel.Backend;
import s4j.kernel.state.StateTiles;
import s4j.math.Complex;
import s4j.ssm.DiagonalRecurrence;

/**
 * Steps of diagonal systems in float32 with float64 memory: x' = x + e x + u with e = dA − 1 rounded, and every
 * {@value #PERIOD} steps x is multiplied by (dA / (1 + fl(e)))^{@value #PERIOD}, from float64. What the rounding of e does to
 * a state then never accumulates; left is a factor within {@value #PERIOD} roundings on what came in since.
 *
 * <p>A state with |dA| ≤ {@value #FAST} forgets sooner than rounding accumulates: over all its past e's rounding δ adds up to
 * δ / (1 − |dA|)² ≤ 4 δ. It is not corrected, for beside 1 a small dA is lost and the quotient with it.
 */
final class DiagonalSteps implements Steps {
    /** Steps between two corrections; a power of two. */
    static final int PERIOD = 8;
    /** Up to this |dA| a state needs no correction. */
    private static final double FAST = 0.5;
    private static final int TILE = StateTiles.TILE;
    private static final int FIRST = StateTiles.FIRST;

    private final StateTiles tiles;
    private final int n;
    private final int channels;
    private final int count;
    private final int stride;
    private final float[] k;
    private final float[] corrections;
    /** Of channels after the first: {@code [channel, tile, n, 2, TILE]}. */
    private final float[] outputs;
    private final float[] skip;
    /** A state holds x / dB: {@code [tile, n, (re, im), TILE]}. */
    private final double[] dB;

    DiagonalSteps(Backend backend, List<DiagonalRecurrence> systems, float[] skip, int stride) {
        this.tiles = StateTiles.of(backend);
        this.n = systems.getFirst().stateSize();
        this.channels = systems.getFirst().channels();
        this.count = Math.ceilDiv(systems.size(), TILE);
        this.stride = stride;
        this.skip = skip;
        this.k = new float[Math.multiplyExact(count * n, StateTiles.DIAGONAL_PARTS * TILE) + FIRST];
        this.corrections = new float[count * n * 2 * TILE];
        this.outputs = new float[Math.multiplyExact(channels - 1, count * n * 2 * TILE)];
        this.dB = new double[corrections.length];
        for (int f = 0; f < systems.size(); f++) {
            for (int i = 0; i < n; i++) {
                put(systems.get(f), f, i);
            }
        }
    }

    private void put(DiagonalRecurrence system, int f, int i) {
        int place = (f / TILE * n + i);
        int lane = f % TILE;
        Complex dA = system.dA()[i];
        int at = FIRST + place * StateTiles.DIAGONAL_PARTS * TILE + lane;
        k[at] = (float) (dA.re() - 1);
        k[at + TILE] = (float) dA.im();
        Complex rounded = Complex.of(1 + (double) k[at], k[at + TILE]);
        int pair = place * 2 * TILE + lane;
        dB[pair] = system.dB()[i].re();
        dB[pair + TILE] = system.dB()[i].im();
        if (dA.abs() > FAST) {
            Complex g = dA.dividedBy(rounded).pow(PERIOD).minus(Complex.ONE);
            corrections[pair] = (float) g.re();
            corrections[pair + TILE] = (float) g.im();
        }
        for (int c = 0; c < channels; c++) {
            Complex w = system.c()[c][i].times(system.dB()[i]).times(2);
            float[] to = c == 0 ? k : outputs;
            int p = c == 0 ? at + 2 * TILE : (c - 1) * count * n * 2 * TILE + pair;
            to[p] = (float) w.re();
            to[p + TILE] = (float) -w.im();
        }
    }

    @Override
    public int stateSize() { return Math.multiplyExact(count * n, 2 * TILE); }

    @Override
    public int numbers() { return dB.length; }

    @Override
    public void states(float[] x, int xAt, double[] states) {
        for (int at = 0; at < dB.length; at = next(at)) {
            double re = x[xAt + at];
            double im = x[xAt + at + TILE];
            states[at] = re * dB[at] - im * dB[at + TILE];
            states[at + TILE] = re * dB[at + TILE] + im * dB[at];
        }
    }

    /** x / dB by Smith's method, without objects; where nothing comes in the state is what it was, 0. */
    @Override
    public void keep(double[] states, float[] x, int xAt) {
        for (int at = 0; at < dB.length; at = next(at)) {
            double re = dB[at];
            double im = dB[at + TILE];
            double a = states[at];
            double b = states[at + TILE];
            if (re != 0 || im != 0) {
                x[xAt + at] = (float) Complex.quotientRe(a, b, re, im);
                x[xAt + at + TILE] = (float) Complex.quotientIm(a, b, re, im);
            }
        }
    }

    /** Where the next real part is. */
    private static int next(int at) {
        return at + 1 + (((at + 1) / TILE) & 1) * TILE;
    }

    @Override
    public void steps(int tile, float[] x, int xAt, long index, int count, float[] u, int uAt, int uStride, float[] y,
            int yAt, int yStride) {
        if (channels > 1) {
            Steps.super.steps(tile, x, xAt, index, count, u, uAt, uStride, y, yAt, yStride);
            return;
        }
        int feature = tile * TILE;
        int state = xAt + tile * n * 2 * TILE;
        for (int t = 0; t < count;) {
            int untilCorrected = PERIOD - (int) ((index + t) & (PERIOD - 1));
            int run = Math.min(count - t, untilCorrected);
            tiles.diagonal(k, FIRST + tile * n * StateTiles.DIAGONAL_PARTS * TILE, n, x, state, skip, feature, u,
                    uAt + t * uStride + feature, uStride, y, yAt + t * yStride + feature, yStride, run);
            t += run;
            if (run == untilCorrected) {
                tiles.correct(corrections, tile * n * 2 * TILE, n, x, state);
            }
        }
    }

    @Override
    public void step(int tile, float[] x, int xAt, long index, float[] u, int uAt, float[] y, int yAt) {
        int feature = tile * TILE;
        int state = xAt + tile * n * 2 * TILE;
        tiles.diagonal(k, FIRST + tile * n * StateTiles.DIAGONAL_PARTS * TILE, n, x, state, skip, feature, u,
                uAt + feature, y,
                yAt + feature);
        for (int c = 1; c < channels; c++) {
            tiles.observe(outputs, ((c - 1) * count + tile) * n * 2 * TILE, n, x, state, skip, c * stride + feature, u,
                    uAt + feature, y, yAt + c * stride + feature);
        }
        if ((index & (PERIOD - 1)) == PERIOD - 1) {
            tiles.correct(corrections, tile * n * 2 * TILE, n, x, state);
        }
    }
}
