package s4j.kernel.state;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import s4j.kernel.SimdLanes;

/** {@link StateTiles} on the widest vectors of the processor that a tile is made of. */
final class SimdStateTiles implements StateTiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED.length() > TILE
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    /** Steps of a state that stays in registers. */
    private static final int TOGETHER = 4;

    @Override
    public void diagonal(float[] k, int kAt, int n, float[] x, int xAt, float[] d, int dAt, float[] u, int uAt,
            float[] y, int yAt) {
        for (int j = 0; j < TILE; j += W) {
            diagonalLanes(k, kAt + j, n, x, xAt + j, d, dAt + j, u, uAt + j, y, yAt + j);
        }
    }

    private static void diagonalLanes(float[] k, int kAt, int n, float[] x, int xAt, float[] d, int dAt, float[] in,
            int inAt, float[] y, int yAt) {
        FloatVector u = FloatVector.fromArray(S, in, inAt);
        FloatVector re = FloatVector.zero(S);
        FloatVector im = re;
        for (int i = 0; i < n; i++) {
            int p = kAt + i * DIAGONAL_PARTS * TILE;
            int q = xAt + 2 * i * TILE;
            FloatVector xr = FloatVector.fromArray(S, x, q);
            FloatVector xi = FloatVector.fromArray(S, x, q + TILE);
            FloatVector er = FloatVector.fromArray(S, k, p);
            FloatVector ei = FloatVector.fromArray(S, k, p + TILE);
            FloatVector nr = xr.add(er.fma(xr, u).sub(ei.mul(xi)));
            FloatVector ni = xi.add(er.fma(xi, ei.mul(xr)));
            nr.intoArray(x, q);
            ni.intoArray(x, q + TILE);
            re = nr.fma(FloatVector.fromArray(S, k, p + 2 * TILE), re);
            im = ni.fma(FloatVector.fromArray(S, k, p + 3 * TILE), im);
        }
        FloatVector.fromArray(S, d, dAt).fma(u, re.add(im)).intoArray(y, yAt);
    }

    @Override
    public void diagonal(float[] k, int kAt, int n, float[] x, int xAt, float[] d, int dAt, float[] u, int uAt,
            int uStride, float[] y, int yAt, int yStride, int steps) {
        int t = 0;
        for (; SimdLanes.MANY_REGISTERS && t + TOGETHER <= steps; t += TOGETHER) {
            for (int j = 0; j < TILE; j += W) {
                diagonalSteps(k, kAt + j, n, x, xAt + j, d, dAt + j, u, uAt + t * uStride + j, uStride, y,
                        yAt + t * yStride + j, yStride);
            }
        }
        for (; t < steps; t++) {
            diagonal(k, kAt, n, x, xAt, d, dAt, u, uAt + t * uStride, y, yAt + t * yStride);
        }
    }

    /** {@link #TOGETHER} steps: nineteen registers, six loads and two stores a state instead of twenty-four and eight. */
    private static void diagonalSteps(float[] k, int kAt, int n, float[] x, int xAt, float[] d, int dAt, float[] in,
            int inAt, int inStride, float[] y, int yAt, int yStride) {
        FloatVector u0 = FloatVector.fromArray(S, in, inAt);
        FloatVector u1 = FloatVector.fromArray(S, in, inAt + inStride);
        FloatVector u2 = FloatVector.fromArray(S, in, inAt + 2 * inStride);
        FloatVector u3 = FloatVector.fromArray(S, in, inAt + 3 * inStride);
        FloatVector re0 = FloatVector.zero(S);
        FloatVector im0 = re0;
        FloatVector re1 = re0;
        FloatVector im1 = re0;
        FloatVector re2 = re0;
        FloatVector im2 = re0;
        FloatVector re3 = re0;
        FloatVector im3 = re0;
        for (int i = 0; i < n; i++) {
            int p = kAt + i * DIAGONAL_PARTS * TILE;
            int q = xAt + 2 * i * TILE;
            FloatVector xr = FloatVector.fromArray(S, x, q);
            FloatVector xi = FloatVector.fromArray(S, x, q + TILE);
            FloatVector er = FloatVector.fromArray(S, k, p);
            FloatVector ei = FloatVector.fromArray(S, k, p + TILE);
            FloatVector wr = FloatVector.fromArray(S, k, p + 2 * TILE);
            FloatVector wi = FloatVector.fromArray(S, k, p + 3 * TILE);
            FloatVector next;
            next = xr.add(er.fma(xr, u0).sub(ei.mul(xi)));
            xi = xi.add(er.fma(xi, ei.mul(xr)));
            xr = next;
            re0 = xr.fma(wr, re0);
            im0 = xi.fma(wi, im0);
            next = xr.add(er.fma(xr, u1).sub(ei.mul(xi)));
            xi = xi.add(er.fma(xi, ei.mul(xr)));
            xr = next;
            re1 = xr.fma(wr, re1);
            im1 = xi.fma(wi, im1);
            next = xr.add(er.fma(xr, u2).sub(ei.mul(xi)));
            xi = xi.add(er.fma(xi, ei.mul(xr)));
            xr = next;
            re2 = xr.fma(wr, re2);
            im2 = xi.fma(wi, im2);
            next = xr.add(er.fma(xr, u3).sub(ei.mul(xi)));
            xi = xi.add(er.fma(xi, ei.mul(xr)));
            xr = next;
            re3 = xr.fma(wr, re3);
            im3 = xi.fma(wi, im3);
            xr.intoArray(x, q);
            xi.intoArray(x, q + TILE);
        }
        FloatVector skip = FloatVector.fromArray(S, d, dAt);
        skip.fma(u0, re0.add(im0)).intoArray(y, yAt);
        skip.fma(u1, re1.add(im1)).intoArray(y, yAt + yStride);
        skip.fma(u2, re2.add(im2)).intoArray(y, yAt + 2 * yStride);
        skip.fma(u3, re3.add(im3)).intoArray(y, yAt + 3 * yStride);
    }

    @Override
    public void correct(float[] g, int gAt, int n, float[] x, int xAt) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < TILE; j += W) {
                int p = 2 * i * TILE + j;
                FloatVector xr = FloatVector.fromArray(S, x, xAt + p);
                FloatVector xi = FloatVector.fromArray(S, x, xAt + p + TILE);
                FloatVector gr = FloatVector.fromArray(S, g, gAt + p);
                FloatVector gi = FloatVector.fromArray(S, g, gAt + p + TILE);
                xr.add(gr.mul(xr).sub(gi.mul(xi))).intoArray(x, xAt + p);
                xi.add(gr.fma(xi, gi.mul(xr))).intoArray(x, xAt + p + TILE);
            }
        }
    }

    @Override
    public void lowRank(float[] k, int kAt, int n, float[] x, int xAt, float[] beta, int betaAt, float[] sigma,
            int sigmaAt, float[] d, int dAt, float[] u, int uAt, float[] y, int yAt) {
        for (int j = 0; j < TILE; j += W) {
            lowRankLanes(k, kAt + j, n, x, xAt + j, beta, betaAt + j, sigma, sigmaAt + j, u, uAt + j, y, yAt + j);
            addSkip(d, dAt + j, u, uAt + j, y, yAt + j);
        }
    }

    private static void addSkip(float[] d, int dAt, float[] u, int uAt, float[] y, int yAt) {
        FloatVector.fromArray(S, d, dAt).fma(FloatVector.fromArray(S, u, uAt), FloatVector.fromArray(S, y, yAt))
                .intoArray(y, yAt);
    }

    private static void lowRankLanes(float[] k, int kAt, int n, float[] x, int xAt, float[] beta, int betaAt,
            float[] sigma, int sigmaAt, float[] in, int inAt, float[] y, int yAt) {
        FloatVector u = FloatVector.fromArray(S, in, inAt);
        FloatVector s = u.fma(FloatVector.fromArray(S, beta, betaAt), FloatVector.fromArray(S, sigma, sigmaAt));
        FloatVector out = FloatVector.zero(S);
        FloatVector next = FloatVector.zero(S);
        for (int i = 0; i < n; i++) {
            int p = kAt + i * LOW_RANK_PARTS * TILE;
            int q = xAt + 2 * i * TILE;
            FloatVector xr = FloatVector.fromArray(S, x, q);
            FloatVector xi = FloatVector.fromArray(S, x, q + TILE);
            FloatVector er = FloatVector.fromArray(S, k, p);
            FloatVector ei = FloatVector.fromArray(S, k, p + TILE);
            FloatVector fr = FloatVector.fromArray(S, k, p + 2 * TILE);
            FloatVector fi = FloatVector.fromArray(S, k, p + 3 * TILE);
            FloatVector dr = FloatVector.fromArray(S, k, p + 4 * TILE).mul(u)
                    .sub(FloatVector.fromArray(S, k, p + 6 * TILE).mul(s));
            FloatVector di = FloatVector.fromArray(S, k, p + 5 * TILE).mul(u)
                    .sub(FloatVector.fromArray(S, k, p + 7 * TILE).mul(s));
            FloatVector nr = xr.add(er.fma(xr, fr.fma(xr, dr)).sub(ei.fma(xi, fi.mul(xi))));
            FloatVector ni = xi.add(er.fma(xi, fr.fma(xi, di)).add(ei.fma(xr, fi.mul(xr))));
            nr.intoArray(x, q);
            ni.intoArray(x, q + TILE);
            out = nr.fma(FloatVector.fromArray(S, k, p + 8 * TILE), out);
            out = ni.fma(FloatVector.fromArray(S, k, p + 9 * TILE), out);
            next = nr.fma(FloatVector.fromArray(S, k, p + 10 * TILE), next);
            next = ni.fma(FloatVector.fromArray(S, k, p + 11 * TILE), next);
        }
        out.intoArray(y, yAt);
        next.intoArray(sigma, sigmaAt);
    }

    @Override
    public void subtract(float[] l, int lAt, int n, float[] x, int xAt, float[] beta, int betaAt, float[] sigma,
            int sigmaAt, float[] u, int uAt) {
        for (int j = 0; j < TILE; j += W) {
            FloatVector s = FloatVector.fromArray(S, beta, betaAt + j).fma(FloatVector.fromArray(S, u, uAt + j),
                    FloatVector.fromArray(S, sigma, sigmaAt + j));
            for (int i = 0; i < 2 * n; i++) {
                int p = i * TILE + j;
                FloatVector.fromArray(S, x, xAt + p).sub(s.mul(FloatVector.fromArray(S, l, lAt + p))).intoArray(x,
                        xAt + p);
            }
        }
    }

    @Override
    public void observe(float[] w, int wAt, int n, float[] x, int xAt, float[] d, int dAt, float[] u, int uAt,
            float[] y, int yAt) {
        for (int j = 0; j < TILE; j += W) {
            FloatVector sum = FloatVector.fromArray(S, d, dAt + j).mul(FloatVector.fromArray(S, u, uAt + j));
            for (int i = 0; i < 2 * n; i++) {
                int p = i * TILE + j;
                sum = FloatVector.fromArray(S, w, wAt + p).fma(FloatVector.fromArray(S, x, xAt + p), sum);
            }
            sum.intoArray(y, yAt + j);
        }
    }
}
