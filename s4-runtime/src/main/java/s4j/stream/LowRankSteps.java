package s4j.stream;

import s4j.kernel.Backend;
import s4j.kernel.state.StateTiles;
import s4j.math.Complex;
import s4j.ssm.DplrStep;

/**
 * Steps of low-rank systems (S4) in O(r n), float32 with e = dA − 1 in two parts. A state holds x {@code [n, 2, TILE]} and σ
 * {@code [r, TILE]} of each tile. Rank 1 with one channel is one pass over x; further terms and outputs take one each.
 */
final class LowRankSteps implements Steps {
    private static final int TILE = StateTiles.TILE;
    private static final int PARTS = StateTiles.LOW_RANK_PARTS;

    private final StateTiles tiles;
    private final int n;
    private final int rank;
    private final int channels;
    private final int count;
    private final int stride;
    private final float[] k;
    private final float[] beta;
    /** l of terms after the first {@code [r, tile, n, 2, TILE]}. */
    private final float[] further;
    /** C of all channels, then q of all terms {@code [c + r, tile, n, 2, TILE]}. */
    private final float[] outputs;
    private final float[] skip;
    private final float[] none = new float[TILE];

    LowRankSteps(Backend backend, DplrStep[] steps, Complex[][][] c, float[] skip, int stride) {
        this.tiles = StateTiles.of(backend);
        this.n = steps[0].e().length;
        this.rank = steps[0].l().length;
        this.channels = c[0].length;
        this.count = Math.ceilDiv(steps.length, TILE);
        this.stride = stride;
        this.skip = skip;
        this.k = new float[Math.multiplyExact(count * n, PARTS * TILE)];
        this.beta = new float[rank * count * TILE];
        this.further = new float[Math.multiplyExact(rank, pairs())];
        this.outputs = new float[Math.multiplyExact(channels + rank, pairs())];
        for (int f = 0; f < steps.length; f++) {
            put(steps[f], c[f], f);
        }
    }

    private int pairs() { return Math.multiplyExact(count * n, 2 * TILE); }

    private void put(DplrStep step, Complex[][] c, int f) {
        int tile = f / TILE;
        int lane = f % TILE;
        for (int j = 0; j < rank; j++) {
            beta[(j * count + tile) * TILE + lane] = (float) step.beta()[j];
        }
        for (int i = 0; i < n; i++) {
            int at = (tile * n + i) * PARTS * TILE + lane;
            int pair = (tile * n + i) * 2 * TILE + lane;
            Complex e = step.e()[i];
            put(k, at, e);
            put(k, at + 2 * TILE, Complex.of(e.re() - k[at], e.im() - k[at + TILE]));
            put(k, at + 4 * TILE, step.b()[i]);
            put(k, at + 6 * TILE, step.l()[0][i]);
            put(k, at + 8 * TILE, c[0][i].conjugate().times(2));
            put(k, at + 10 * TILE, step.q()[0][i].conjugate().times(2));
            for (int j = 0; j < channels; j++) {
                put(outputs, j * pairs() + pair, c[j][i].conjugate().times(2));
            }
            for (int j = 0; j < rank; j++) {
                put(outputs, (channels + j) * pairs() + pair, step.q()[j][i].conjugate().times(2));
                put(further, j * pairs() + pair, step.l()[j][i]);
            }
        }
    }

    private static void put(float[] to, int at, Complex z) {
        to[at] = (float) z.re();
        to[at + TILE] = (float) z.im();
    }

    @Override
    public int stateSize() { return Math.multiplyExact(count, (2 * n + rank) * TILE); }

    @Override
    public int numbers() { return count * 2 * n * TILE; }

    @Override
    public void states(float[] x, int xAt, double[] states) {
        for (int i = 0; i < states.length; i++) {
            states[i] = x[xAt + i + i / (2 * n * TILE) * rank * TILE];
        }
    }

    /** σ = 2 Re Σ q̄ x is this rate's. */
    @Override
    public void keep(double[] states, float[] x, int xAt) {
        for (int i = 0; i < states.length; i++) {
            x[xAt + i + i / (2 * n * TILE) * rank * TILE] = (float) states[i];
        }
        for (int tile = 0; tile < count; tile++) {
            int state = xAt + tile * (2 * n + rank) * TILE;
            for (int j = 0; j < rank; j++) {
                tiles.observe(outputs, (channels + j) * pairs() + tile * n * 2 * TILE, n, x, state, none, 0, none, 0, x,
                        state + 2 * n * TILE + j * TILE);
            }
        }
    }

    @Override
    public void step(int tile, float[] x, int xAt, long index, float[] u, int uAt, float[] y, int yAt) {
        int feature = tile * TILE;
        int state = xAt + tile * (2 * n + rank) * TILE;
        int sigma = state + 2 * n * TILE;
        int in = uAt + feature;
        tiles.lowRank(k, tile * n * PARTS * TILE, n, x, state, beta, tile * TILE, x, sigma, skip, feature, u, in, y,
                yAt + feature);
        for (int j = 1; j < rank; j++) {
            tiles.subtract(further, j * pairs() + tile * n * 2 * TILE, n, x, state, beta, (j * count + tile) * TILE, x,
                    sigma + j * TILE, u, in);
        }
        // with further terms what the first pass observed was half a state
        for (int c = rank > 1 ? 0 : 1; c < channels; c++) {
            tiles.observe(outputs, c * pairs() + tile * n * 2 * TILE, n, x, state, skip, c * stride + feature, u, in, y,
                    yAt + c * stride + feature);
        }
        for (int j = 0; rank > 1 && j < rank; j++) {
            tiles.observe(outputs, (channels + j) * pairs() + tile * n * 2 * TILE, n, x, state, none, 0, u, in, x,
                    sigma + j * TILE);
        }
    }
}
