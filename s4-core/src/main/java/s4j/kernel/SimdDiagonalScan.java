package s4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link DiagonalScan} with features on vector lanes: one state n of one tile of features runs through
 * a block of steps, for two sequences at once so that the dependent chain x ← a x + u of one is hidden behind the other.
 *
 * <p>Per state, step and sequence: 6 fused multiply-adds forward; backward 6 for the states again and the
 * gradient of c, 10 for the adjoint and the gradient of a. The passes are separate, and each number of sequences has a method of its own,
 * because the compiler stops inlining vector operations beyond about fifty in a method and then makes objects of them.
 */
final class SimdDiagonalScan implements DiagonalScan.Inner {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();

    @Override
    public int rows() { return 2; }

    @Override
    public void begin(float[] k, int at, int rows, float[] x, int xAt, float[] q, float[] y0) {
        FloatVector br = FloatVector.fromArray(S, k, at + 5 * W);
        FloatVector bi = FloatVector.fromArray(S, k, at + 6 * W);
        FloatVector cr = FloatVector.fromArray(S, k, at + 3 * W);
        FloatVector cni = FloatVector.fromArray(S, k, at + 4 * W);
        for (int r = 0; r < rows; r++) {
            int p = 2 * r * W;
            FloatVector xr = FloatVector.fromArray(S, x, xAt + p);
            FloatVector xi = FloatVector.fromArray(S, x, xAt + p + W);
            br.mul(xr).sub(bi.mul(xi)).intoArray(q, p);
            br.fma(xi, bi.mul(xr)).intoArray(q, p + W);
            cni.fma(xi, cr.fma(xr, FloatVector.fromArray(S, y0, r * W))).intoArray(y0, r * W);
        }
    }

    @Override
    public void forward(float[] k, int at, int rows, int steps, float[] u, float[] y, float[] q) {
        if (rows == 2) {
            forward2(k, at, steps, u, y, q);
        } else {
            forward1(k, at, steps, u, y, q);
        }
    }

    private static void forward1(float[] k, int at, int steps, float[] u, float[] y, float[] q) {
        FloatVector ar = FloatVector.fromArray(S, k, at);
        FloatVector ai = FloatVector.fromArray(S, k, at + W);
        FloatVector ani = FloatVector.fromArray(S, k, at + 2 * W);
        FloatVector cr = FloatVector.fromArray(S, k, at + 3 * W);
        FloatVector cni = FloatVector.fromArray(S, k, at + 4 * W);
        FloatVector qr0 = FloatVector.fromArray(S, q, 0);
        FloatVector qi0 = FloatVector.fromArray(S, q, W);
        FloatVector zr0 = FloatVector.zero(S);
        FloatVector zi0 = FloatVector.zero(S);
        for (int t = 0; t < steps; t++) {
            int p = t * W;
            FloatVector n0 = ani.fma(zi0, ar.fma(zr0, FloatVector.fromArray(S, u, p).add(qr0)));
            zi0 = ai.fma(zr0, ar.fma(zi0, qi0));
            zr0 = n0;
            cni.fma(zi0, cr.fma(zr0, FloatVector.fromArray(S, y, p))).intoArray(y, p);
        }
        zr0.intoArray(q, 0);
        zi0.intoArray(q, W);
    }

    private static void forward2(float[] k, int at, int steps, float[] u, float[] y, float[] q) {
        FloatVector ar = FloatVector.fromArray(S, k, at);
        FloatVector ai = FloatVector.fromArray(S, k, at + W);
        FloatVector ani = FloatVector.fromArray(S, k, at + 2 * W);
        FloatVector cr = FloatVector.fromArray(S, k, at + 3 * W);
        FloatVector cni = FloatVector.fromArray(S, k, at + 4 * W);
        int row = steps * W;
        FloatVector qr0 = FloatVector.fromArray(S, q, 0);
        FloatVector qi0 = FloatVector.fromArray(S, q, W);
        FloatVector zr0 = FloatVector.zero(S);
        FloatVector zi0 = FloatVector.zero(S);
        FloatVector qr1 = FloatVector.fromArray(S, q, 2 * W);
        FloatVector qi1 = FloatVector.fromArray(S, q, 3 * W);
        FloatVector zr1 = FloatVector.zero(S);
        FloatVector zi1 = FloatVector.zero(S);
        for (int t = 0; t < steps; t++) {
            int p = t * W;
            FloatVector n0 = ani.fma(zi0, ar.fma(zr0, FloatVector.fromArray(S, u, p).add(qr0)));
            FloatVector n1 = ani.fma(zi1, ar.fma(zr1, FloatVector.fromArray(S, u, p + row).add(qr1)));
            zi0 = ai.fma(zr0, ar.fma(zi0, qi0));
            zi1 = ai.fma(zr1, ar.fma(zi1, qi1));
            zr0 = n0;
            zr1 = n1;
            cni.fma(zi0, cr.fma(zr0, FloatVector.fromArray(S, y, p))).intoArray(y, p);
            cni.fma(zi1, cr.fma(zr1, FloatVector.fromArray(S, y, p + row))).intoArray(y, p + row);
        }
        zr0.intoArray(q, 0);
        zi0.intoArray(q, W);
        zr1.intoArray(q, 2 * W);
        zi1.intoArray(q, 3 * W);
    }

    @Override
    public void end(float[] e, int eAt, int rows, float[] z, float[] x, int xAt) {
        FloatVector er = FloatVector.fromArray(S, e, eAt);
        FloatVector ei = FloatVector.fromArray(S, e, eAt + W);
        for (int p = 0; p < 2 * rows * W; p += 2 * W) {
            FloatVector xr = FloatVector.fromArray(S, x, xAt + p);
            FloatVector xi = FloatVector.fromArray(S, x, xAt + p + W);
            xr.add(er.fma(xr, FloatVector.fromArray(S, z, p)).sub(ei.mul(xi))).intoArray(x, xAt + p);
            xi.add(er.fma(xi, ei.fma(xr, FloatVector.fromArray(S, z, p + W)))).intoArray(x, xAt + p + W);
        }
    }

    @Override
    public void lift(float[] y0, int rows, int steps, float[] y) {
        for (int r = 0; r < rows; r++) {
            FloatVector constant = FloatVector.fromArray(S, y0, r * W);
            for (int p = r * steps * W; p < (r + 1) * steps * W; p += W) {
                FloatVector.fromArray(S, y, p).add(constant).intoArray(y, p);
            }
        }
    }

    @Override
    public void states(float[] k, int at, int rows, int steps, float[] u, int uAt, float[] dy, int dyAt, float[] xs,
            int xsAt,
            float[] x, int xAt, float[] dk) {
        if (rows == 2) {
            states2(k, at, steps, u, uAt, dy, dyAt, xs, xsAt, x, xAt, dk);
        } else {
            states1(k, at, steps, u, uAt, dy, dyAt, xs, xsAt, x, xAt, dk);
        }
    }

    private static void states1(float[] k, int at, int steps, float[] u, int uAt, float[] dy, int dyAt, float[] xs,
            int xsAt,
            float[] x, int xAt, float[] dk) {
        FloatVector ar = FloatVector.fromArray(S, k, at);
        FloatVector ai = FloatVector.fromArray(S, k, at + W);
        FloatVector ani = FloatVector.fromArray(S, k, at + 2 * W);
        FloatVector dcr = FloatVector.fromArray(S, dk, 4 * W);
        FloatVector dci = FloatVector.fromArray(S, dk, 5 * W);
        FloatVector xr0 = FloatVector.fromArray(S, x, xAt);
        FloatVector xi0 = FloatVector.fromArray(S, x, xAt + W);
        for (int t = 0; t < steps; t++) {
            int p = uAt + t * W;
            int q = xsAt + 2 * t * W;
            xr0.intoArray(xs, q);
            xi0.intoArray(xs, q + W);
            FloatVector n0 = ani.fma(xi0, ar.fma(xr0, FloatVector.fromArray(S, u, p)));
            xi0 = ai.fma(xr0, ar.mul(xi0));
            xr0 = n0;
            FloatVector d0 = FloatVector.fromArray(S, dy, dyAt + (t + 1) * W);
            dcr = d0.fma(xr0, dcr);
            dci = d0.fma(xi0, dci);
        }
        dcr.intoArray(dk, 4 * W);
        dci.intoArray(dk, 5 * W);
        xr0.intoArray(x, xAt);
        xi0.intoArray(x, xAt + W);
    }

    private static void states2(float[] k, int at, int steps, float[] u, int uAt, float[] dy, int dyAt, float[] xs,
            int xsAt,
            float[] x, int xAt, float[] dk) {
        FloatVector ar = FloatVector.fromArray(S, k, at);
        FloatVector ai = FloatVector.fromArray(S, k, at + W);
        FloatVector ani = FloatVector.fromArray(S, k, at + 2 * W);
        FloatVector dcr = FloatVector.fromArray(S, dk, 4 * W);
        FloatVector dci = FloatVector.fromArray(S, dk, 5 * W);
        int row = steps * W;
        int dyRow = (steps + 1) * W;
        int out = 2 * steps * W;
        FloatVector xr0 = FloatVector.fromArray(S, x, xAt);
        FloatVector xi0 = FloatVector.fromArray(S, x, xAt + W);
        FloatVector xr1 = FloatVector.fromArray(S, x, xAt + 2 * W);
        FloatVector xi1 = FloatVector.fromArray(S, x, xAt + 2 * W + W);
        for (int t = 0; t < steps; t++) {
            int p = uAt + t * W;
            int q = xsAt + 2 * t * W;
            xr0.intoArray(xs, q);
            xi0.intoArray(xs, q + W);
            xr1.intoArray(xs, q + out);
            xi1.intoArray(xs, q + out + W);
            FloatVector n0 = ani.fma(xi0, ar.fma(xr0, FloatVector.fromArray(S, u, p)));
            FloatVector n1 = ani.fma(xi1, ar.fma(xr1, FloatVector.fromArray(S, u, p + row)));
            xi0 = ai.fma(xr0, ar.mul(xi0));
            xi1 = ai.fma(xr1, ar.mul(xi1));
            xr0 = n0;
            xr1 = n1;
            FloatVector d0 = FloatVector.fromArray(S, dy, dyAt + (t + 1) * W);
            dcr = d0.fma(xr0, dcr);
            dci = d0.fma(xi0, dci);
            FloatVector d1 = FloatVector.fromArray(S, dy, dyAt + (t + 1) * W + dyRow);
            dcr = d1.fma(xr1, dcr);
            dci = d1.fma(xi1, dci);
        }
        dcr.intoArray(dk, 4 * W);
        dci.intoArray(dk, 5 * W);
        xr0.intoArray(x, xAt);
        xi0.intoArray(x, xAt + W);
        xr1.intoArray(x, xAt + 2 * W);
        xi1.intoArray(x, xAt + 2 * W + W);
    }

    @Override
    public void enter(float[] k, int at, int rows, int steps, float[] dy, int dyAt, float[] g, int gAt) {
        FloatVector cr = FloatVector.fromArray(S, k, at + 3 * W);
        FloatVector cni = FloatVector.fromArray(S, k, at + 4 * W);
        for (int r = 0; r < rows; r++) {
            FloatVector d = FloatVector.fromArray(S, dy, dyAt + (r * (steps + 1) + steps) * W);
            int p = gAt + 2 * r * W;
            cr.fma(d, FloatVector.fromArray(S, g, p)).intoArray(g, p);
            cni.fma(d, FloatVector.fromArray(S, g, p + W)).intoArray(g, p + W);
        }
    }

    @Override
    public void adjoint(float[] k, int at, int rows, int steps, float[] dy, int dyAt, float[] du, int duAt, float[] xs,
            int xsAt, float[] g, int gAt, float[] dk) {
        if (rows == 2) {
            adjoint2(k, at, steps, dy, dyAt, du, duAt, xs, xsAt, g, gAt, dk);
        } else {
            adjoint1(k, at, steps, dy, dyAt, du, duAt, xs, xsAt, g, gAt, dk);
        }
    }

    private static void adjoint1(float[] k, int at, int steps, float[] dy, int dyAt, float[] du, int duAt, float[] xs,
            int xsAt, float[] g, int gAt, float[] dk) {
        FloatVector ar = FloatVector.fromArray(S, k, at);
        FloatVector ai = FloatVector.fromArray(S, k, at + W);
        FloatVector ani = FloatVector.fromArray(S, k, at + 2 * W);
        FloatVector cr = FloatVector.fromArray(S, k, at + 3 * W);
        FloatVector cni = FloatVector.fromArray(S, k, at + 4 * W);
        FloatVector rr = FloatVector.fromArray(S, dk, 0);
        FloatVector ii = FloatVector.fromArray(S, dk, W);
        FloatVector ir = FloatVector.fromArray(S, dk, 2 * W);
        FloatVector ri = FloatVector.fromArray(S, dk, 3 * W);
        FloatVector gr0 = FloatVector.fromArray(S, g, gAt);
        FloatVector gi0 = FloatVector.fromArray(S, g, gAt + W);
        for (int t = steps - 1; t >= 0; t--) {
            int p = duAt + t * W;
            int q = xsAt + 2 * t * W;
            int e = dyAt + t * W;
            FloatVector xr0 = FloatVector.fromArray(S, xs, q);
            FloatVector xi0 = FloatVector.fromArray(S, xs, q + W);
            rr = gr0.fma(xr0, rr);
            ii = gi0.fma(xi0, ii);
            ir = gi0.fma(xr0, ir);
            ri = gr0.fma(xi0, ri);
            FloatVector.fromArray(S, du, p).add(gr0).intoArray(du, p);
            FloatVector d0 = FloatVector.fromArray(S, dy, e); // of the step before
            FloatVector n0 = ar.fma(gr0, ai.fma(gi0, cr.mul(d0)));
            gi0 = ar.fma(gi0, ani.fma(gr0, cni.mul(d0)));
            gr0 = n0;
        }
        rr.intoArray(dk, 0);
        ii.intoArray(dk, W);
        ir.intoArray(dk, 2 * W);
        ri.intoArray(dk, 3 * W);
        gr0.intoArray(g, gAt);
        gi0.intoArray(g, gAt + W);
    }

    private static void adjoint2(float[] k, int at, int steps, float[] dy, int dyAt, float[] du, int duAt, float[] xs,
            int xsAt, float[] g, int gAt, float[] dk) {
        FloatVector ar = FloatVector.fromArray(S, k, at);
        FloatVector ai = FloatVector.fromArray(S, k, at + W);
        FloatVector ani = FloatVector.fromArray(S, k, at + 2 * W);
        FloatVector cr = FloatVector.fromArray(S, k, at + 3 * W);
        FloatVector cni = FloatVector.fromArray(S, k, at + 4 * W);
        FloatVector rr = FloatVector.fromArray(S, dk, 0);
        FloatVector ii = FloatVector.fromArray(S, dk, W);
        FloatVector ir = FloatVector.fromArray(S, dk, 2 * W);
        FloatVector ri = FloatVector.fromArray(S, dk, 3 * W);
        int dyRow = (steps + 1) * W;
        int duRow = steps * W;
        int out = 2 * steps * W;
        FloatVector gr0 = FloatVector.fromArray(S, g, gAt);
        FloatVector gi0 = FloatVector.fromArray(S, g, gAt + W);
        FloatVector gr1 = FloatVector.fromArray(S, g, gAt + 2 * W);
        FloatVector gi1 = FloatVector.fromArray(S, g, gAt + 2 * W + W);
        for (int t = steps - 1; t >= 0; t--) {
            int p = duAt + t * W;
            int q = xsAt + 2 * t * W;
            int e = dyAt + t * W;
            FloatVector xr0 = FloatVector.fromArray(S, xs, q);
            FloatVector xi0 = FloatVector.fromArray(S, xs, q + W);
            rr = gr0.fma(xr0, rr);
            ii = gi0.fma(xi0, ii);
            ir = gi0.fma(xr0, ir);
            ri = gr0.fma(xi0, ri);
            FloatVector.fromArray(S, du, p).add(gr0).intoArray(du, p);
            FloatVector d0 = FloatVector.fromArray(S, dy, e); // of the step before
            FloatVector n0 = ar.fma(gr0, ai.fma(gi0, cr.mul(d0)));
            gi0 = ar.fma(gi0, ani.fma(gr0, cni.mul(d0)));
            gr0 = n0;
            FloatVector xr1 = FloatVector.fromArray(S, xs, q + out);
            FloatVector xi1 = FloatVector.fromArray(S, xs, q + out + W);
            rr = gr1.fma(xr1, rr);
            ii = gi1.fma(xi1, ii);
            ir = gi1.fma(xr1, ir);
            ri = gr1.fma(xi1, ri);
            FloatVector.fromArray(S, du, p + duRow).add(gr1).intoArray(du, p + duRow);
            FloatVector d1 = FloatVector.fromArray(S, dy, e + dyRow); // of the step before
            FloatVector n1 = ar.fma(gr1, ai.fma(gi1, cr.mul(d1)));
            gi1 = ar.fma(gi1, ani.fma(gr1, cni.mul(d1)));
            gr1 = n1;
        }
        rr.intoArray(dk, 0);
        ii.intoArray(dk, W);
        ir.intoArray(dk, 2 * W);
        ri.intoArray(dk, 3 * W);
        gr0.intoArray(g, gAt);
        gi0.intoArray(g, gAt + W);
        gr1.intoArray(g, gAt + 2 * W);
        gi1.intoArray(g, gAt + 2 * W + W);
    }

    @Override
    public void correct(float[] k, int eAt, int rows, float[] before, float[] x, int xAt, boolean conjugate) {
        FloatVector er = FloatVector.fromArray(S, k, eAt);
        FloatVector ei = conjugate ? FloatVector.fromArray(S, k, eAt + W).neg() : FloatVector.fromArray(S, k, eAt + W);
        FloatVector eni = ei.neg();
        for (int p = 0; p < 2 * rows * W; p += 2 * W) {
            FloatVector br = FloatVector.fromArray(S, before, p);
            FloatVector bi = FloatVector.fromArray(S, before, p + W);
            er.fma(br, eni.fma(bi, FloatVector.fromArray(S, x, xAt + p))).intoArray(x, xAt + p);
            er.fma(bi, ei.fma(br, FloatVector.fromArray(S, x, xAt + p + W))).intoArray(x, xAt + p + W);
        }
    }
}
