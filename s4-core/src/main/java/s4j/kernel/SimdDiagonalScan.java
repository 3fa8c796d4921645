package s4j.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link DiagonalScan} with features on vector lanes: one state n of one tile of features runs through
 * a block of steps, for several sequences at once so that the dependent chain x ← a x + u is hidden behind the others.
 *
 * <p>Per state, step and sequence: 6 fused multiply-adds forward; 17 backward, of which 4 recompute x.
 */
final class SimdDiagonalScan implements DiagonalScan.Inner {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static FloatVector load(float[] from, int at) { return FloatVector.fromArray(S, from, at); }

    private static void store(FloatVector vector, float[] to, int at) { vector.intoArray(to, at); }

    /**
     * Where the correction of a's power stands: behind the coefficients, or the zeros at the end for a block that is not
     * whole. A branch around vectors would make them objects.
     */
    private static int correction(float[] k, int at, int steps) {
        return steps == DiagonalScan.EXACT ? at + 4 * S.length() : k.length - 2 * S.length();
    }

    @Override
    public int lanes() { return S.length(); }

    @Override
    public int rows() { return 4; }

    @Override
    public void forward(float[] k, int at, int rows, int steps, float[] u, float[] y, float[] x,
            int xAt) {
        if (rows == 4) {
            forward4(k, at, steps, u, y, x, xAt);
        } else {
            for (int r = 0; r < rows; r++) {
                forward1(k, at, steps, u, y, r * steps * S.length(), x, xAt + 2 * r * S.length());
            }
        }
    }

    private static void forward1(float[] k, int at, int steps, float[] u, float[] y, int from,
            float[] x, int xAt) {
        int w = S.length();
        FloatVector ar = load(k, at);
        FloatVector ai = load(k, at + w);
        FloatVector ani = ai.neg();
        FloatVector cr = load(k, at + 2 * w);
        FloatVector cni = load(k, at + 3 * w).neg();
        FloatVector xr = load(x, xAt);
        FloatVector xi = load(x, xAt + w);
        for (int t = 0; t < steps; t++) {
            int p = from + t * w;
            FloatVector n = ani.fma(xi, ar.fma(xr, load(u, p)));
            xi = ai.fma(xr, ar.mul(xi));
            xr = n;
            store(cni.fma(xi, cr.fma(xr, load(y, p))), y, p);
        }
        int e = correction(k, at, steps);
        FloatVector er = load(k, e);
        FloatVector ei = load(k, e + w);
        xr = er.fma(load(x, xAt), ei.neg().fma(load(x, xAt + w), xr));
        xi = er.fma(load(x, xAt + w), ei.fma(load(x, xAt), xi));
        store(xr, x, xAt);
        store(xi, x, xAt + w);
    }

    private static void forward4(float[] k, int at, int steps, float[] u, float[] y, float[] x,
            int xAt) {
        int w = S.length();
        FloatVector ar = load(k, at);
        FloatVector ai = load(k, at + w);
        FloatVector ani = ai.neg();
        FloatVector cr = load(k, at + 2 * w);
        FloatVector cni = load(k, at + 3 * w).neg();
        int row = steps * w;
        FloatVector xr0 = load(x, xAt);
        FloatVector xi0 = load(x, xAt + w);
        FloatVector xr1 = load(x, xAt + 2 * w);
        FloatVector xi1 = load(x, xAt + 3 * w);
        FloatVector xr2 = load(x, xAt + 4 * w);
        FloatVector xi2 = load(x, xAt + 5 * w);
        FloatVector xr3 = load(x, xAt + 6 * w);
        FloatVector xi3 = load(x, xAt + 7 * w);
        for (int t = 0; t < steps; t++) {
            int p = t * w;
            FloatVector n0 = ani.fma(xi0, ar.fma(xr0, load(u, p)));
            FloatVector n1 = ani.fma(xi1, ar.fma(xr1, load(u, p + row)));
            FloatVector n2 = ani.fma(xi2, ar.fma(xr2, load(u, p + 2 * row)));
            FloatVector n3 = ani.fma(xi3, ar.fma(xr3, load(u, p + 3 * row)));
            xi0 = ai.fma(xr0, ar.mul(xi0));
            xi1 = ai.fma(xr1, ar.mul(xi1));
            xi2 = ai.fma(xr2, ar.mul(xi2));
            xi3 = ai.fma(xr3, ar.mul(xi3));
            xr0 = n0;
            xr1 = n1;
            xr2 = n2;
            xr3 = n3;
            store(cni.fma(xi0, cr.fma(xr0, load(y, p))), y, p);
            store(cni.fma(xi1, cr.fma(xr1, load(y, p + row))), y, p + row);
            store(cni.fma(xi2, cr.fma(xr2, load(y, p + 2 * row))), y, p + 2 * row);
            store(cni.fma(xi3, cr.fma(xr3, load(y, p + 3 * row))), y, p + 3 * row);
        }
        int e = correction(k, at, steps);
        FloatVector er = load(k, e);
        FloatVector ei = load(k, e + w);
        FloatVector eni = ei.neg();
        xr0 = er.fma(load(x, xAt), eni.fma(load(x, xAt + w), xr0));
        xi0 = er.fma(load(x, xAt + w), ei.fma(load(x, xAt), xi0));
        xr1 = er.fma(load(x, xAt + 2 * w), eni.fma(load(x, xAt + 3 * w), xr1));
        xi1 = er.fma(load(x, xAt + 3 * w), ei.fma(load(x, xAt + 2 * w), xi1));
        xr2 = er.fma(load(x, xAt + 4 * w), eni.fma(load(x, xAt + 5 * w), xr2));
        xi2 = er.fma(load(x, xAt + 5 * w), ei.fma(load(x, xAt + 4 * w), xi2));
        xr3 = er.fma(load(x, xAt + 6 * w), eni.fma(load(x, xAt + 7 * w), xr3));
        xi3 = er.fma(load(x, xAt + 7 * w), ei.fma(load(x, xAt + 6 * w), xi3));
        store(xr0, x, xAt);
        store(xi0, x, xAt + w);
        store(xr1, x, xAt + 2 * w);
        store(xi1, x, xAt + 3 * w);
        store(xr2, x, xAt + 4 * w);
        store(xi2, x, xAt + 5 * w);
        store(xr3, x, xAt + 6 * w);
        store(xi3, x, xAt + 7 * w);
    }

    @Override
    public void states(float[] k, int at, int rows, int steps, float[] u, int uAt, float[] xs, int xsAt, float[] x,
            int xAt) {
        if (rows == 4) {
            states4(k, at, steps, u, uAt, xs, xsAt, x, xAt);
        } else {
            int w = S.length();
            for (int r = 0; r < rows; r++) {
                states1(k, at, steps, u, uAt + r * steps * w, xs, xsAt + 2 * r * (steps + 1) * w, x, xAt + 2 * r * w);
            }
        }
    }

    private static void states1(float[] k, int at, int steps, float[] u, int from, float[] xs, int to,
            float[] x,
            int xAt) {
        int w = S.length();
        FloatVector ar = load(k, at);
        FloatVector ai = load(k, at + w);
        FloatVector ani = ai.neg();
        FloatVector xr = load(x, xAt);
        FloatVector xi = load(x, xAt + w);
        for (int t = 0; t < steps; t++) {
            int q = to + 2 * t * w;
            store(xr, xs, q);
            store(xi, xs, q + w);
            FloatVector n = ani.fma(xi, ar.fma(xr, load(u, from + t * w)));
            xi = ai.fma(xr, ar.mul(xi));
            xr = n;
        }
        int e = correction(k, at, steps);
        FloatVector er = load(k, e);
        FloatVector ei = load(k, e + w);
        xr = er.fma(load(x, xAt), ei.neg().fma(load(x, xAt + w), xr));
        xi = er.fma(load(x, xAt + w), ei.fma(load(x, xAt), xi));
        store(xr, xs, to + 2 * steps * w);
        store(xi, xs, to + 2 * steps * w + w);
        store(xr, x, xAt);
        store(xi, x, xAt + w);
    }

    private static void states4(float[] k, int at, int steps, float[] u, int uAt, float[] xs, int xsAt, float[] x,
            int xAt) {
        int w = S.length();
        FloatVector ar = load(k, at);
        FloatVector ai = load(k, at + w);
        FloatVector ani = ai.neg();
        int row = steps * w;
        int out = 2 * (steps + 1) * w;
        FloatVector xr0 = load(x, xAt + 2 * 0 * w);
        FloatVector xi0 = load(x, xAt + 2 * 0 * w + w);
        FloatVector xr1 = load(x, xAt + 2 * 1 * w);
        FloatVector xi1 = load(x, xAt + 2 * 1 * w + w);
        FloatVector xr2 = load(x, xAt + 2 * 2 * w);
        FloatVector xi2 = load(x, xAt + 2 * 2 * w + w);
        FloatVector xr3 = load(x, xAt + 2 * 3 * w);
        FloatVector xi3 = load(x, xAt + 2 * 3 * w + w);
        for (int t = 0; t < steps; t++) {
            int p = uAt + t * w;
            int q = xsAt + 2 * t * w;
            store(xr0, xs, q + 0 * out);
            store(xi0, xs, q + 0 * out + w);
            store(xr1, xs, q + 1 * out);
            store(xi1, xs, q + 1 * out + w);
            store(xr2, xs, q + 2 * out);
            store(xi2, xs, q + 2 * out + w);
            store(xr3, xs, q + 3 * out);
            store(xi3, xs, q + 3 * out + w);
            FloatVector n0 = ani.fma(xi0, ar.fma(xr0, load(u, p + 0 * row)));
            FloatVector n1 = ani.fma(xi1, ar.fma(xr1, load(u, p + 1 * row)));
            FloatVector n2 = ani.fma(xi2, ar.fma(xr2, load(u, p + 2 * row)));
            FloatVector n3 = ani.fma(xi3, ar.fma(xr3, load(u, p + 3 * row)));
            xi0 = ai.fma(xr0, ar.mul(xi0));
            xi1 = ai.fma(xr1, ar.mul(xi1));
            xi2 = ai.fma(xr2, ar.mul(xi2));
            xi3 = ai.fma(xr3, ar.mul(xi3));
            xr0 = n0;
            xr1 = n1;
            xr2 = n2;
            xr3 = n3;
        }
        int e = correction(k, at, steps);
        FloatVector er = load(k, e);
        FloatVector ei = load(k, e + w);
        FloatVector eni = ei.neg();
        xr0 = er.fma(load(x, xAt), eni.fma(load(x, xAt + w), xr0));
        xi0 = er.fma(load(x, xAt + w), ei.fma(load(x, xAt), xi0));
        xr1 = er.fma(load(x, xAt + 2 * w), eni.fma(load(x, xAt + 3 * w), xr1));
        xi1 = er.fma(load(x, xAt + 3 * w), ei.fma(load(x, xAt + 2 * w), xi1));
        xr2 = er.fma(load(x, xAt + 4 * w), eni.fma(load(x, xAt + 5 * w), xr2));
        xi2 = er.fma(load(x, xAt + 5 * w), ei.fma(load(x, xAt + 4 * w), xi2));
        xr3 = er.fma(load(x, xAt + 6 * w), eni.fma(load(x, xAt + 7 * w), xr3));
        xi3 = er.fma(load(x, xAt + 7 * w), ei.fma(load(x, xAt + 6 * w), xi3));
        int q = xsAt + 2 * steps * w;
        store(xr0, xs, q + 0 * out);
        store(xi0, xs, q + 0 * out + w);
        store(xr0, x, xAt + 2 * 0 * w);
        store(xi0, x, xAt + 2 * 0 * w + w);
        store(xr1, xs, q + 1 * out);
        store(xi1, xs, q + 1 * out + w);
        store(xr1, x, xAt + 2 * 1 * w);
        store(xi1, x, xAt + 2 * 1 * w + w);
        store(xr2, xs, q + 2 * out);
        store(xi2, xs, q + 2 * out + w);
        store(xr2, x, xAt + 2 * 2 * w);
        store(xi2, x, xAt + 2 * 2 * w + w);
        store(xr3, xs, q + 3 * out);
        store(xi3, xs, q + 3 * out + w);
        store(xr3, x, xAt + 2 * 3 * w);
        store(xi3, x, xAt + 2 * 3 * w + w);
    }

    @Override
    public void backward(float[] k, int at, int rows, int steps, float[] dy, float[] du, int yAt, float[] xs, int xsAt,
            float[] g, int gAt, float[] dk) {
        int w = S.length();
        int r = 0;
        for (; r + 1 < rows; r += 2) {
            backward2(k, at, steps, dy, du, yAt + r * steps * w, xs, xsAt + 2 * r * (steps + 1) * w, g,
                    gAt + 2 * r * w, dk);
        }
        if (r < rows) {
            backward1(k, at, steps, dy, du, yAt + r * steps * w, xs, xsAt + 2 * r * (steps + 1) * w, g,
                    gAt + 2 * r * w, dk);
        }
    }

    private static void backward1(float[] k, int at, int steps, float[] dy, float[] du, int from,
            float[] xs,
            int xsFrom,
            float[] g, int gAt, float[] dk) {
        int w = S.length();
        FloatVector ar = load(k, at);
        FloatVector ai = load(k, at + w);
        FloatVector ani = ai.neg();
        FloatVector cr = load(k, at + 2 * w);
        FloatVector cni = load(k, at + 3 * w).neg();
        FloatVector dar = load(dk, 0);
        FloatVector dai = load(dk, w);
        FloatVector dcr = load(dk, 2 * w);
        FloatVector dci = load(dk, 3 * w);
        int row = steps * w;
        int out = 2 * (steps + 1) * w;
        FloatVector gr0 = load(g, gAt + 2 * 0 * w);
        FloatVector gi0 = load(g, gAt + 2 * 0 * w + w);
        FloatVector xr0 = load(xs, xsFrom + 2 * steps * w + 0 * out);
        FloatVector xi0 = load(xs, xsFrom + 2 * steps * w + 0 * out + w);
        for (int t = steps - 1; t >= 0; t--) {
            int p = from + t * w;
            int q = xsFrom + 2 * t * w;
            FloatVector d0 = load(dy, p + 0 * row);
            gr0 = cr.fma(d0, gr0); // the gradient of the state after step t
            gi0 = cni.fma(d0, gi0);
            dcr = d0.fma(xr0, dcr);
            dci = d0.fma(xi0, dci);
            xr0 = load(xs, q + 0 * out); // now the state before step t
            xi0 = load(xs, q + 0 * out + w);
            dar = gr0.fma(xr0, gi0.fma(xi0, dar));
            dai = gi0.fma(xr0, gr0.neg().fma(xi0, dai));
            store(load(du, p + 0 * row).add(gr0), du, p + 0 * row);
            FloatVector n0 = ai.fma(gi0, ar.mul(gr0));
            gi0 = ani.fma(gr0, ar.mul(gi0));
            gr0 = n0;
        }
        int e = correction(k, at, steps);
        FloatVector er = load(k, e);
        FloatVector ei = load(k, e + w);
        FloatVector eni = ei.neg();
        gr0 = er.fma(load(g, gAt), ei.fma(load(g, gAt + w), gr0));
        gi0 = er.fma(load(g, gAt + w), eni.fma(load(g, gAt), gi0));
        store(gr0, g, gAt + 2 * 0 * w);
        store(gi0, g, gAt + 2 * 0 * w + w);
        store(dar, dk, 0);
        store(dai, dk, w);
        store(dcr, dk, 2 * w);
        store(dci, dk, 3 * w); // of −Im c: the caller turns the sign
    }

    private static void backward2(float[] k, int at, int steps, float[] dy, float[] du, int from,
            float[] xs,
            int xsFrom,
            float[] g, int gAt, float[] dk) {
        int w = S.length();
        FloatVector ar = load(k, at);
        FloatVector ai = load(k, at + w);
        FloatVector ani = ai.neg();
        FloatVector cr = load(k, at + 2 * w);
        FloatVector cni = load(k, at + 3 * w).neg();
        FloatVector dar = load(dk, 0);
        FloatVector dai = load(dk, w);
        FloatVector dcr = load(dk, 2 * w);
        FloatVector dci = load(dk, 3 * w);
        int row = steps * w;
        int out = 2 * (steps + 1) * w;
        FloatVector gr0 = load(g, gAt + 2 * 0 * w);
        FloatVector gi0 = load(g, gAt + 2 * 0 * w + w);
        FloatVector xr0 = load(xs, xsFrom + 2 * steps * w + 0 * out);
        FloatVector xi0 = load(xs, xsFrom + 2 * steps * w + 0 * out + w);
        FloatVector gr1 = load(g, gAt + 2 * 1 * w);
        FloatVector gi1 = load(g, gAt + 2 * 1 * w + w);
        FloatVector xr1 = load(xs, xsFrom + 2 * steps * w + 1 * out);
        FloatVector xi1 = load(xs, xsFrom + 2 * steps * w + 1 * out + w);
        for (int t = steps - 1; t >= 0; t--) {
            int p = from + t * w;
            int q = xsFrom + 2 * t * w;
            FloatVector d0 = load(dy, p + 0 * row);
            gr0 = cr.fma(d0, gr0); // the gradient of the state after step t
            gi0 = cni.fma(d0, gi0);
            FloatVector d1 = load(dy, p + 1 * row);
            gr1 = cr.fma(d1, gr1); // the gradient of the state after step t
            gi1 = cni.fma(d1, gi1);
            dcr = d0.fma(xr0, dcr);
            dci = d0.fma(xi0, dci);
            xr0 = load(xs, q + 0 * out); // now the state before step t
            xi0 = load(xs, q + 0 * out + w);
            dar = gr0.fma(xr0, gi0.fma(xi0, dar));
            dai = gi0.fma(xr0, gr0.neg().fma(xi0, dai));
            store(load(du, p + 0 * row).add(gr0), du, p + 0 * row);
            FloatVector n0 = ai.fma(gi0, ar.mul(gr0));
            gi0 = ani.fma(gr0, ar.mul(gi0));
            gr0 = n0;
            dcr = d1.fma(xr1, dcr);
            dci = d1.fma(xi1, dci);
            xr1 = load(xs, q + 1 * out); // now the state before step t
            xi1 = load(xs, q + 1 * out + w);
            dar = gr1.fma(xr1, gi1.fma(xi1, dar));
            dai = gi1.fma(xr1, gr1.neg().fma(xi1, dai));
            store(load(du, p + 1 * row).add(gr1), du, p + 1 * row);
            FloatVector n1 = ai.fma(gi1, ar.mul(gr1));
            gi1 = ani.fma(gr1, ar.mul(gi1));
            gr1 = n1;
        }
        int e = correction(k, at, steps);
        FloatVector er = load(k, e);
        FloatVector ei = load(k, e + w);
        FloatVector eni = ei.neg();
        gr0 = er.fma(load(g, gAt), ei.fma(load(g, gAt + w), gr0));
        gi0 = er.fma(load(g, gAt + w), eni.fma(load(g, gAt), gi0));
        gr1 = er.fma(load(g, gAt + 2 * w), ei.fma(load(g, gAt + 3 * w), gr1));
        gi1 = er.fma(load(g, gAt + 3 * w), eni.fma(load(g, gAt + 2 * w), gi1));
        store(gr0, g, gAt + 2 * 0 * w);
        store(gi0, g, gAt + 2 * 0 * w + w);
        store(gr1, g, gAt + 2 * 1 * w);
        store(gi1, g, gAt + 2 * 1 * w + w);
        store(dar, dk, 0);
        store(dai, dk, w);
        store(dcr, dk, 2 * w);
        store(dci, dk, 3 * w); // of −Im c: the caller turns the sign
    }

    @Override
    public void skip(float[] d, int dAt, float[] u, float[] y, int size) {
        FloatVector factor = load(d, dAt);
        for (int p = 0; p < size; p += S.length()) {
            store(factor.fma(load(u, p), load(y, p)), y, p);
        }
    }

    @Override
    public void skipBackward(float[] d, int dAt, float[] u, float[] dy, float[] du, int at, int size, float[] dd) {
        FloatVector factor = load(d, dAt);
        FloatVector sum = load(dd, 0);
        for (int p = at; p < at + size; p += S.length()) {
            FloatVector g = load(dy, p);
            store(factor.fma(g, load(du, p)), du, p);
            sum = g.fma(load(u, p), sum);
        }
        store(sum, dd, 0);
    }

    @Override
    public void read(MemorySegment from, long offset, long stride, int width, float[] to, int at, int steps) {
        if (width == S.length()) {
            for (int t = 0; t < steps; t++) {
                store(FloatVector.fromMemorySegment(S, from, offset + t * stride, ORDER), to, at + t * S.length());
            }
            return;
        }
        VectorMask<Float> mask = S.indexInRange(0, width);
        for (int t = 0; t < steps; t++) {
            store(FloatVector.fromMemorySegment(S, from, offset + t * stride, ORDER, mask), to, at + t * S.length());
        }
    }

    @Override
    public void write(MemorySegment to, long offset, long stride, int width, float[] from, int at, int steps) {
        if (width == S.length()) {
            for (int t = 0; t < steps; t++) {
                load(from, at + t * S.length()).intoMemorySegment(to, offset + t * stride, ORDER);
            }
            return;
        }
        VectorMask<Float> mask = S.indexInRange(0, width);
        for (int t = 0; t < steps; t++) {
            load(from, at + t * S.length()).intoMemorySegment(to, offset + t * stride, ORDER, mask);
        }
    }
}
