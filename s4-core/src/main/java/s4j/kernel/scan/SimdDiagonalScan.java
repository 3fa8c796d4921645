package s4j.kernel.scan;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import s4j.kernel.SimdLanes;

/**
 * The inner loops of {@link DiagonalScan} with features on vector lanes.
 *
 * <p>A tile of four rows by six chunks is twenty-four independent sums; with the loads they need that fills thirty-two
 * registers. Where there are sixteen it is made three chunks at a time.
 */
final class SimdDiagonalScan implements DiagonalScan.Inner {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int HALF = COLUMNS / 2;

    @Override
    public void tile(float[] m, int mAt, int depth, float[] in, int inAt, int inColumn, float[] out, int outAt,
            int outColumn,
            int columns) {
        if (columns > HALF && SimdLanes.MANY_REGISTERS) {
            six(m, mAt, depth, in, inAt, inColumn, out, outAt, outColumn);
            return;
        }
        three(m, mAt, depth, in, inAt, inColumn, out, outAt, outColumn);
        if (columns > HALF) {
            three(m, mAt, depth, in, inAt + HALF * inColumn, inColumn, out, outAt + HALF * outColumn, outColumn);
        }
    }

    private static void six(float[] m, int mAt, int depth, float[] in, int inAt, int inColumn, float[] out, int outAt,
            int outColumn) {
        FloatVector s00 = FloatVector.zero(S);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s04 = s00;
        FloatVector s05 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        FloatVector s14 = s00;
        FloatVector s15 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s23 = s00;
        FloatVector s24 = s00;
        FloatVector s25 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s33 = s00;
        FloatVector s34 = s00;
        FloatVector s35 = s00;
        for (int j = 0; j < depth; j++) {
            int p = mAt + j * ROWS * W;
            int q = inAt + j * W;
            FloatVector m0 = FloatVector.fromArray(S, m, p);
            FloatVector m1 = FloatVector.fromArray(S, m, p + W);
            FloatVector m2 = FloatVector.fromArray(S, m, p + 2 * W);
            FloatVector m3 = FloatVector.fromArray(S, m, p + 3 * W);
            FloatVector x = FloatVector.fromArray(S, in, q);
            s00 = m0.fma(x, s00);
            s10 = m1.fma(x, s10);
            s20 = m2.fma(x, s20);
            s30 = m3.fma(x, s30);
            x = FloatVector.fromArray(S, in, q + inColumn);
            s01 = m0.fma(x, s01);
            s11 = m1.fma(x, s11);
            s21 = m2.fma(x, s21);
            s31 = m3.fma(x, s31);
            x = FloatVector.fromArray(S, in, q + 2 * inColumn);
            s02 = m0.fma(x, s02);
            s12 = m1.fma(x, s12);
            s22 = m2.fma(x, s22);
            s32 = m3.fma(x, s32);
            x = FloatVector.fromArray(S, in, q + 3 * inColumn);
            s03 = m0.fma(x, s03);
            s13 = m1.fma(x, s13);
            s23 = m2.fma(x, s23);
            s33 = m3.fma(x, s33);
            x = FloatVector.fromArray(S, in, q + 4 * inColumn);
            s04 = m0.fma(x, s04);
            s14 = m1.fma(x, s14);
            s24 = m2.fma(x, s24);
            s34 = m3.fma(x, s34);
            x = FloatVector.fromArray(S, in, q + 5 * inColumn);
            s05 = m0.fma(x, s05);
            s15 = m1.fma(x, s15);
            s25 = m2.fma(x, s25);
            s35 = m3.fma(x, s35);
        }
        s00.intoArray(out, outAt);
        s01.intoArray(out, outAt + outColumn);
        s02.intoArray(out, outAt + 2 * outColumn);
        s03.intoArray(out, outAt + 3 * outColumn);
        s04.intoArray(out, outAt + 4 * outColumn);
        s05.intoArray(out, outAt + 5 * outColumn);
        s10.intoArray(out, outAt + W);
        s11.intoArray(out, outAt + outColumn + W);
        s12.intoArray(out, outAt + 2 * outColumn + W);
        s13.intoArray(out, outAt + 3 * outColumn + W);
        s14.intoArray(out, outAt + 4 * outColumn + W);
        s15.intoArray(out, outAt + 5 * outColumn + W);
        s20.intoArray(out, outAt + 2 * W);
        s21.intoArray(out, outAt + outColumn + 2 * W);
        s22.intoArray(out, outAt + 2 * outColumn + 2 * W);
        s23.intoArray(out, outAt + 3 * outColumn + 2 * W);
        s24.intoArray(out, outAt + 4 * outColumn + 2 * W);
        s25.intoArray(out, outAt + 5 * outColumn + 2 * W);
        s30.intoArray(out, outAt + 3 * W);
        s31.intoArray(out, outAt + outColumn + 3 * W);
        s32.intoArray(out, outAt + 2 * outColumn + 3 * W);
        s33.intoArray(out, outAt + 3 * outColumn + 3 * W);
        s34.intoArray(out, outAt + 4 * outColumn + 3 * W);
        s35.intoArray(out, outAt + 5 * outColumn + 3 * W);
    }

    /** Three of the six chunks. */
    private static void three(float[] m, int mAt, int depth, float[] in, int inAt, int inColumn, float[] out, int outAt,
            int outColumn) {
        FloatVector s00 = FloatVector.zero(S);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        for (int j = 0; j < depth; j++) {
            int p = mAt + j * ROWS * W;
            int q = inAt + j * W;
            FloatVector x0 = FloatVector.fromArray(S, in, q);
            FloatVector x1 = FloatVector.fromArray(S, in, q + inColumn);
            FloatVector x2 = FloatVector.fromArray(S, in, q + 2 * inColumn);
            FloatVector k = FloatVector.fromArray(S, m, p);
            s00 = k.fma(x0, s00);
            s01 = k.fma(x1, s01);
            s02 = k.fma(x2, s02);
            k = FloatVector.fromArray(S, m, p + W);
            s10 = k.fma(x0, s10);
            s11 = k.fma(x1, s11);
            s12 = k.fma(x2, s12);
            k = FloatVector.fromArray(S, m, p + 2 * W);
            s20 = k.fma(x0, s20);
            s21 = k.fma(x1, s21);
            s22 = k.fma(x2, s22);
            k = FloatVector.fromArray(S, m, p + 3 * W);
            s30 = k.fma(x0, s30);
            s31 = k.fma(x1, s31);
            s32 = k.fma(x2, s32);
        }
        s00.intoArray(out, outAt);
        s01.intoArray(out, outAt + outColumn);
        s02.intoArray(out, outAt + 2 * outColumn);
        s10.intoArray(out, outAt + W);
        s11.intoArray(out, outAt + outColumn + W);
        s12.intoArray(out, outAt + 2 * outColumn + W);
        s20.intoArray(out, outAt + 2 * W);
        s21.intoArray(out, outAt + outColumn + 2 * W);
        s22.intoArray(out, outAt + 2 * outColumn + 2 * W);
        s30.intoArray(out, outAt + 3 * W);
        s31.intoArray(out, outAt + outColumn + 3 * W);
        s32.intoArray(out, outAt + 2 * outColumn + 3 * W);
    }

    @Override
    public void states(float[] k, int at, float[] x, int xAt, float[] z, int zAt, int column) {
        FloatVector ar = FloatVector.fromArray(S, k, at);
        FloatVector ai = FloatVector.fromArray(S, k, at + W);
        FloatVector ni = ai.neg();
        FloatVector startR = FloatVector.fromArray(S, x, xAt);
        FloatVector startI = FloatVector.fromArray(S, x, xAt + W);
        FloatVector xr = startR;
        FloatVector xi = startI;
        for (int p = zAt; p < zAt + COLUMNS * column; p += column) {
            FloatVector pr = FloatVector.fromArray(S, z, p);
            FloatVector pi = FloatVector.fromArray(S, z, p + W);
            xr.intoArray(z, p);
            xi.intoArray(z, p + W);
            pr = ni.fma(xi, ar.fma(xr, pr));
            xi = ai.fma(xr, ar.fma(xi, pi));
            xr = pr;
        }
        FloatVector er = FloatVector.fromArray(S, k, at + 2 * W);
        FloatVector ei = FloatVector.fromArray(S, k, at + 3 * W);
        ei.neg().fma(startI, er.fma(startR, xr)).intoArray(x, xAt);
        ei.fma(startR, er.fma(startI, xi)).intoArray(x, xAt + W);
    }

    @Override
    public void outputGradients(float[] x, int xAt, int column, float[] q, int qAt, float[] dq, int dqAt, int dqColumn,
            int columns, float[] sums, int sumsAt) {
        FloatVector cr = FloatVector.fromArray(S, sums, sumsAt);
        FloatVector ci = FloatVector.fromArray(S, sums, sumsAt + W);
        FloatVector er = FloatVector.fromArray(S, sums, sumsAt + 2 * W);
        FloatVector ei = FloatVector.fromArray(S, sums, sumsAt + 3 * W);
        for (int c = 0; c < columns; c++) {
            FloatVector xr = FloatVector.fromArray(S, x, xAt + c * column);
            FloatVector xi = FloatVector.fromArray(S, x, xAt + c * column + W);
            FloatVector ni = xi.neg();
            FloatVector qr = FloatVector.fromArray(S, q, qAt + c * column);
            FloatVector qi = FloatVector.fromArray(S, q, qAt + c * column + W);
            cr = xi.fma(qi, xr.fma(qr, cr));
            ci = ni.fma(qr, xr.fma(qi, ci));
            qr = FloatVector.fromArray(S, dq, dqAt + c * dqColumn);
            qi = FloatVector.fromArray(S, dq, dqAt + c * dqColumn + W);
            er = xi.fma(qi, xr.fma(qr, er));
            ei = ni.fma(qr, xr.fma(qi, ei));
        }
        cr.intoArray(sums, sumsAt);
        ci.intoArray(sums, sumsAt + W);
        er.intoArray(sums, sumsAt + 2 * W);
        ei.intoArray(sums, sumsAt + 3 * W);
    }

    @Override
    public void adjoint(float[] k, int at, int from, int to, float[] g, int gAt, float[] q, int qAt, int column,
            float[] x,
            int xAt, float[] dp, int dpAt, int dpColumn, float[] sums, int sumsAt) {
        FloatVector ar = FloatVector.fromArray(S, k, at);
        FloatVector ai = FloatVector.fromArray(S, k, at + W);
        FloatVector ni = ai.neg();
        FloatVector cr = FloatVector.fromArray(S, k, at + 4 * W);
        FloatVector ci = FloatVector.fromArray(S, k, at + 5 * W);
        FloatVector nc = ci.neg();
        FloatVector gr = FloatVector.fromArray(S, g, gAt);
        FloatVector gi = FloatVector.fromArray(S, g, gAt + W);
        FloatVector pr = FloatVector.fromArray(S, sums, sumsAt + 4 * W);
        FloatVector pi = FloatVector.fromArray(S, sums, sumsAt + 5 * W);
        FloatVector sr = FloatVector.fromArray(S, sums, sumsAt + 6 * W);
        FloatVector si = FloatVector.fromArray(S, sums, sumsAt + 7 * W);
        for (int c = from - 1; c >= to; c--) {
            FloatVector vr = FloatVector.fromArray(S, dp, dpAt + c * dpColumn);
            FloatVector vi = FloatVector.fromArray(S, dp, dpAt + c * dpColumn + W);
            pr = vi.fma(gi, vr.fma(gr, pr));
            pi = vi.neg().fma(gr, vr.fma(gi, pi));
            vr = FloatVector.fromArray(S, x, xAt + c * column);
            vi = FloatVector.fromArray(S, x, xAt + c * column + W);
            sr = vi.fma(gi, vr.fma(gr, sr));
            si = vi.neg().fma(gr, vr.fma(gi, si));
            vr = FloatVector.fromArray(S, q, qAt + c * column);
            vi = FloatVector.fromArray(S, q, qAt + c * column + W);
            gr.intoArray(q, qAt + c * column);
            gi.intoArray(q, qAt + c * column + W);
            FloatVector next = ai.fma(gi, ar.fma(gr, ci.fma(vi, cr.mul(vr))));
            gi = ni.fma(gr, ar.fma(gi, nc.fma(vr, cr.mul(vi))));
            gr = next;
        }
        gr.intoArray(g, gAt);
        gi.intoArray(g, gAt + W);
        pr.intoArray(sums, sumsAt + 4 * W);
        pi.intoArray(sums, sumsAt + 5 * W);
        sr.intoArray(sums, sumsAt + 6 * W);
        si.intoArray(sums, sumsAt + 7 * W);
    }

    @Override
    public void correct(float[] k, int at, float[] before, float[] g, int gAt) {
        FloatVector er = FloatVector.fromArray(S, k, at + 2 * W);
        FloatVector ei = FloatVector.fromArray(S, k, at + 3 * W);
        FloatVector br = FloatVector.fromArray(S, before, gAt);
        FloatVector bi = FloatVector.fromArray(S, before, gAt + W);
        ei.fma(bi, er.fma(br, FloatVector.fromArray(S, g, gAt))).intoArray(g, gAt);
        ei.neg().fma(br, er.fma(bi, FloatVector.fromArray(S, g, gAt + W))).intoArray(g, gAt + W);
    }

    @Override
    public void lags(float[] u, int uAt, float[] dy, int dyAt, int count, float[] dk, int dkAt) {
        FloatVector k0 = FloatVector.fromArray(S, dk, dkAt);
        FloatVector k1 = FloatVector.fromArray(S, dk, dkAt + W);
        FloatVector k2 = FloatVector.fromArray(S, dk, dkAt + 2 * W);
        FloatVector k3 = FloatVector.fromArray(S, dk, dkAt + 3 * W);
        for (int p = 0; p < count * W; p += W) {
            FloatVector x = FloatVector.fromArray(S, u, uAt + p);
            k0 = x.fma(FloatVector.fromArray(S, dy, dyAt + p), k0);
            k1 = x.fma(FloatVector.fromArray(S, dy, dyAt + p + W), k1);
            k2 = x.fma(FloatVector.fromArray(S, dy, dyAt + p + 2 * W), k2);
            k3 = x.fma(FloatVector.fromArray(S, dy, dyAt + p + 3 * W), k3);
        }
        k0.intoArray(dk, dkAt);
        k1.intoArray(dk, dkAt + W);
        k2.intoArray(dk, dkAt + 2 * W);
        k3.intoArray(dk, dkAt + 3 * W);
    }
}
