package s4j.kernel.state;

import s4j.kernel.Backend;
import s4j.kernel.Lanes;

/**
 * One step of a tile of {@value #TILE} features' systems: states of neighbouring features lie on neighbouring lanes, so that
 * nothing is transposed and nothing summed across lanes. Arrays of a tile are {@code [state, part, feature]}; indices count
 * floats. The layout does not depend on the processor's vectors.
 *
 * <pre>
 *   diagonal   x' = x + e x + u                                      y = d u + Re Σ_n w_n x'_n
 *   low rank   x' = x + (e + f) x + b u − l s,   s = β u + σ         y as above,   σ' = Re Σ_n q_n x'_n
 * </pre>
 *
 * <p>with e = dA − 1 (of the diagonal part), so that a slow state is changed by little and rounded once. Of the diagonal
 * form w holds dB, and what float32 does to e is put right by {@link #correct}; of the low-rank one f is what rounding took
 * from e. σ is kept with the state: it is known before the next input.
 */
public interface StateTiles {
    /** Features of one tile; a multiple of every vector's lanes. */
    int TILE = 16;
    /** Index of the first number in arrays of states and coefficients, so that vectors do not straddle cache lines (013). */
    int FIRST = Lanes.FIRST;
    /** Parts of the coefficients of one diagonal state: re e, im e, re w, −im w. */
    int DIAGONAL_PARTS = 4;
    /** Parts of one low-rank state: re, im of e, f, b, l, then re w, −im w, re q, −im q. */
    int LOW_RANK_PARTS = 12;

    /** The twin of a backend. */
    static StateTiles of(Backend backend) {
        return backend.required() == Backend.SIMD ? new SimdStateTiles() : new ScalarStateTiles();
    }

    /**
     * One step of a diagonal tile.
     *
     * @param k coefficients {@code [n, DIAGONAL_PARTS, TILE]}
     * @param x states {@code [n, 2, TILE]}, changed
     * @param d skip {@code [TILE]}
     * @param u inputs, y outputs {@code [TILE]}
     */
    void diagonal(float[] k, int kAt, int n, float[] x, int xAt, float[] d, int dAt, float[] u, int uAt, float[] y,
            int yAt);

    /**
     * The next {@code steps} of the same, with the same bits: each state stays in registers for some of them.
     *
     * @param uStride from the inputs of a step to those of the next; {@code yStride} of outputs
     */
    default void diagonal(float[] k, int kAt, int n, float[] x, int xAt, float[] d, int dAt, float[] u, int uAt,
            int uStride, float[] y, int yAt, int yStride, int steps) {
        for (int t = 0; t < steps; t++) {
            diagonal(k, kAt, n, x, xAt, d, dAt, u, uAt + t * uStride, y, yAt + t * yStride);
        }
    }

    /** x += g x, with g {@code [n, 2, TILE]}. */
    void correct(float[] g, int gAt, int n, float[] x, int xAt);

    /**
     * One step of a tile with a low-rank term of rank 1.
     *
     * @param k coefficients {@code [n, LOW_RANK_PARTS, TILE]}
     * @param x states {@code [n, 2, TILE]}, changed
     * @param beta {@code [TILE]}
     * @param sigma {@code [TILE]}, changed
     */
    void lowRank(float[] k, int kAt, int n, float[] x, int xAt, float[] beta, int betaAt, float[] sigma, int sigmaAt,
            float[] d, int dAt, float[] u, int uAt, float[] y, int yAt);

    /** x −= l (β u + σ): a further term of the rank, with l {@code [n, 2, TILE]}. */
    void subtract(float[] l, int lAt, int n, float[] x, int xAt, float[] beta, int betaAt, float[] sigma, int sigmaAt,
            float[] u, int uAt);

    /** y = d u + Re Σ_n w_n x_n, with w {@code [n, (re, −im), TILE]}. */
    void observe(float[] w, int wAt, int n, float[] x, int xAt, float[] d, int dAt, float[] u, int uAt, float[] y,
            int yAt);
}
