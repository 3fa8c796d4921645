package s4j.kernel.convolution;

import s4j.kernel.Lanes;

/**
 * Products of real polynomials modulo x^N − i, for one real sequence of each lane:
 *
 * <p>with x^N = i what runs over the end of a product comes back as the imaginary part, so a complex transform of N points,
 * not 2N, gives the linear convolution of two real sequences of N steps as the real part. In the same way x^{−m} = −i
 * x^{N−m}: correlations and kernels that look both ways need no more room.
 *
 * <p>The transform takes remainders: x^{4m} − ζ⁴ = Π_k (x^m − ζ i^k), depth first so that small blocks stay in the nearest
 * cache. The factors are the same for a whole block, nothing is shuffled and the order of the points, which a product does
 * not need, is never restored.
 *
 * <p>Source: Crandall and Fagin, Discrete weighted transforms and large-integer arithmetic (1994), for the right angle;
 * Bernstein, Multidigit multiplication for mathematicians (2001), for transforms by remainders.
 */
final class RightAngleTransform {
    /** Bytes of a block whose levels are run one after the other: fits the first cache. */
    private static final int NEAR = 1 << 15;
    /** Points of each part that the root works on before it goes on: all parts of them fit the first cache. */
    private static final int STRIP = 32;

    private static final int FIRST = Lanes.FIRST;

    private final TransformLanes inner;
    private final RightAnglePlan plan;
    private final int pair;
    private final int near;

    RightAngleTransform(TransformLanes inner, RightAnglePlan plan) {
        this.inner = inner;
        this.plan = plan;
        this.pair = 2 * inner.lanes();
        this.near = NEAR / (Float.BYTES * pair);
    }

    /** N. */
    int size() { return plan.size(); }

    /** The values z {@code [N, (re, im), lane]} of u {@code [N, lane]}; all blocks begin at {@link Lanes#FIRST}. */
    void forward(float[] u, float[] z) {
        int m = size() / plan.root();
        for (int from = 0; from < m; from += STRIP) {
            for (int k = 0; k < plan.root(); k++) {
                inner.root(u, m, plan.root(), plan.rootForward(), RightAnglePlan.ROW * k, z, FIRST + k * m * pair, from,
                        Math.min(m, from + STRIP));
            }
        }
        for (int k = 0; k < plan.root(); k++) {
            split(z, 0, k, FIRST + k * m * pair, m);
        }
    }

    /** y = N times the real part of the polynomial with the values z, for at least the given steps; z is used up. */
    void inverse(float[] z, float[] y, int steps) {
        int m = size() / plan.root();
        for (int k = 0; k < plan.root(); k++) {
            join(z, 0, k, FIRST + k * m * pair, m);
        }
        for (int from = 0; from < m; from += STRIP) {
            for (int q = 0; q < plan.root() && q * m + from < steps; q++) {
                inner.rootBack(z, m, plan.root(), plan.rootBack(), RightAnglePlan.ROW * q, y, FIRST + q * m * pair / 2,
                        from,
                        Math.min(m, from + STRIP));
            }
        }
    }

    private void split(float[] z, int level, int block, int at, int size) {
        if (level == plan.radices().length) {
            return;
        }
        if (size > near) {
            int radix = plan.radices()[level];
            int m = size / radix;
            split(z, level, block, 1, at, m);
            for (int c = 0; c < radix; c++) {
                split(z, level + 1, radix * block + c, at + c * m * pair, m);
            }
            return;
        }
        int first = block;
        for (int next = level, blocks = 1; next < plan.radices().length; next++) {
            int radix = plan.radices()[next];
            split(z, next, first, blocks, at, size / blocks / radix);
            first *= radix;
            blocks *= radix;
        }
    }

    private void join(float[] z, int level, int block, int at, int size) {
        if (level == plan.radices().length) {
            return;
        }
        if (size > near) {
            int radix = plan.radices()[level];
            int m = size / radix;
            for (int c = 0; c < radix; c++) {
                join(z, level + 1, radix * block + c, at + c * m * pair, m);
            }
            join(z, level, block, 1, at, m);
            return;
        }
        int blocks = 1;
        for (int next = level; next < plan.radices().length; next++) {
            blocks *= plan.radices()[next];
        }
        int first = block * blocks;
        for (int next = plan.radices().length - 1; next >= level; next--) {
            int radix = plan.radices()[next];
            first /= radix;
            blocks /= radix;
            join(z, next, first, blocks, at, size / blocks / radix);
        }
    }

    /** One level of blocks that follow each other, with m points in each part; the loop is over the longer of both. */
    private void split(float[] z, int level, int first, int blocks, int at, int m) {
        float[] tw = plan.twiddles()[level];
        if (plan.radices()[level] == 2) {
            for (int i = 0; i < blocks; i++) {
                inner.split2(z, at + 2 * i * m * pair, m, tw, 2 * (first + i));
            }
        } else if (m < blocks) {
            for (int j = 0; j < m; j++) {
                inner.split4(z, at + j * pair, blocks, m, tw, 6 * first);
            }
        } else {
            for (int i = 0; i < blocks; i++) {
                inner.split4(z, at + 4 * i * m * pair, m, tw, 6 * (first + i));
            }
        }
    }

    private void join(float[] z, int level, int first, int blocks, int at, int m) {
        float[] tw = plan.twiddles()[level];
        if (plan.radices()[level] == 2) {
            for (int i = 0; i < blocks; i++) {
                inner.join2(z, at + 2 * i * m * pair, m, tw, 2 * (first + i));
            }
        } else if (m < blocks) {
            for (int j = 0; j < m; j++) {
                inner.join4(z, at + j * pair, blocks, m, tw, 6 * first);
            }
        } else {
            for (int i = 0; i < blocks; i++) {
                inner.join4(z, at + 4 * i * m * pair, m, tw, 6 * (first + i));
            }
        }
    }
}
