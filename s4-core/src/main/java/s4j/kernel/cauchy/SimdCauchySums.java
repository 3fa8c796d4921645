package s4j.kernel.cauchy;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The inner loops of {@link CauchySums} with nodes on vector lanes, eight chains of multiply-adds at a time. */
final class SimdCauchySums implements CauchySums.Inner {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int BLOCK = CauchySums.BLOCK;
    private static final int FIRST = CauchySums.FIRST;

    @Override
    public int lanes() { return W; }

    @Override
    public void reciprocals(double a, double b, double[] c, double[] y, int at, int nodes, double[] r, int rAt) {
        DoubleVector va = DoubleVector.broadcast(S, a);
        DoubleVector vb = DoubleVector.broadcast(S, b);
        DoubleVector one = DoubleVector.broadcast(S, 1);
        for (int k = 0; k < nodes; k += W) {
            DoubleVector cos = DoubleVector.fromArray(S, c, at + k);
            DoubleVector s = DoubleVector.fromArray(S, y, at + k);
            DoubleVector x = va.mul(cos);
            DoubleVector w = vb.mul(cos);
            DoubleVector re = x.fma(x, w.sub(s).mul(w.add(s)));
            DoubleVector im = x.add(x).mul(s); // of the conjugate
            DoubleVector size = one.div(re.fma(re, im.mul(im)));
            re.mul(size).intoArray(r, rAt + k);
            im.mul(size).intoArray(r, rAt + BLOCK + k);
        }
    }

    @Override
    public void sums(double[] r, int n, double[] g, double[] p, int from, int nodes, double[] sums) {
        for (int k = 0; k < nodes; k += 2 * W) {
            sums(r, n, g, p, from, sums, k);
        }
    }

    private static void sums(double[] r, int n, double[] g, double[] p, int from, double[] sums, int k) {
        DoubleVector a0 = DoubleVector.broadcast(S, 0);
        DoubleVector a1 = DoubleVector.broadcast(S, 0);
        DoubleVector a2 = DoubleVector.broadcast(S, 0);
        DoubleVector a3 = DoubleVector.broadcast(S, 0);
        DoubleVector b0 = DoubleVector.broadcast(S, 0);
        DoubleVector b1 = DoubleVector.broadcast(S, 0);
        DoubleVector b2 = DoubleVector.broadcast(S, 0);
        DoubleVector b3 = DoubleVector.broadcast(S, 0);
        for (int i = 0; i < n; i++) {
            int at = FIRST + 2 * i * BLOCK + k;
            DoubleVector gi = DoubleVector.broadcast(S, g[from + i]);
            DoubleVector pi = DoubleVector.broadcast(S, p[from + i]);
            DoubleVector x = DoubleVector.fromArray(S, r, at);
            a0 = x.fma(gi, a0);
            a2 = x.fma(pi, a2);
            x = DoubleVector.fromArray(S, r, at + BLOCK);
            a1 = x.fma(gi, a1);
            a3 = x.fma(pi, a3);
            x = DoubleVector.fromArray(S, r, at + W);
            b0 = x.fma(gi, b0);
            b2 = x.fma(pi, b2);
            x = DoubleVector.fromArray(S, r, at + BLOCK + W);
            b1 = x.fma(gi, b1);
            b3 = x.fma(pi, b3);
        }
        a0.intoArray(sums, k);
        a1.intoArray(sums, k + BLOCK);
        a2.intoArray(sums, k + 2 * BLOCK);
        a3.intoArray(sums, k + 3 * BLOCK);
        b0.intoArray(sums, k + W);
        b1.intoArray(sums, k + BLOCK + W);
        b2.intoArray(sums, k + 2 * BLOCK + W);
        b3.intoArray(sums, k + 3 * BLOCK + W);
    }

    @Override
    public void combine(double[] sums, double[] c, double[] y, int at, int nodes, double[] re, double[] im) {
        for (int k = 0; k < nodes; k += W) {
            DoubleVector cos = DoubleVector.fromArray(S, c, at + k);
            DoubleVector s = DoubleVector.fromArray(S, y, at + k);
            DoubleVector sin = s.mul(0.5);
            DoubleVector sr = cos
                    .fma(DoubleVector.fromArray(S, sums, k), s.mul(DoubleVector.fromArray(S, sums, 3 * BLOCK + k)))
                    .neg();
            DoubleVector si = s.mul(DoubleVector.fromArray(S, sums, 2 * BLOCK + k))
                    .sub(cos.mul(DoubleVector.fromArray(S, sums, BLOCK + k)));
            cos.mul(sr).sub(sin.mul(si)).intoArray(re, k);
            cos.fma(si, sin.mul(sr)).intoArray(im, k);
        }
    }

    @Override
    public void split(double[] re, double[] im, double[] c, double[] y, int at, int nodes, double[] d, int dAt) {
        for (int k = 0; k < nodes; k += W) {
            DoubleVector cos = DoubleVector.fromArray(S, c, at + k);
            DoubleVector s = DoubleVector.fromArray(S, y, at + k);
            DoubleVector sin = s.mul(0.5);
            DoubleVector gr = DoubleVector.fromArray(S, re, k);
            DoubleVector gi = DoubleVector.fromArray(S, im, k);
            DoubleVector sr = cos.fma(gr, sin.mul(gi));
            DoubleVector si = cos.mul(gi).sub(sin.mul(gr));
            cos.mul(sr).neg().intoArray(d, dAt + k);
            cos.mul(si).neg().intoArray(d, dAt + BLOCK + k);
            s.mul(si).intoArray(d, dAt + 2 * BLOCK + k);
            s.mul(sr).neg().intoArray(d, dAt + 3 * BLOCK + k);
        }
    }

    @Override
    public void dots(double[] r, int rAt, double[] d, int dAt, int nodes, double[] acc, int accAt) {
        DoubleVector a0 = DoubleVector.fromArray(S, acc, accAt);
        DoubleVector a1 = DoubleVector.fromArray(S, acc, accAt + W);
        DoubleVector a2 = DoubleVector.fromArray(S, acc, accAt + 2 * W);
        DoubleVector a3 = DoubleVector.fromArray(S, acc, accAt + 3 * W);
        DoubleVector b0 = DoubleVector.fromArray(S, acc, accAt + 4 * W);
        DoubleVector b1 = DoubleVector.fromArray(S, acc, accAt + 5 * W);
        DoubleVector b2 = DoubleVector.fromArray(S, acc, accAt + 6 * W);
        DoubleVector b3 = DoubleVector.fromArray(S, acc, accAt + 7 * W);
        for (int k = 0; k < nodes; k += W) {
            DoubleVector ar = DoubleVector.fromArray(S, r, rAt + k);
            DoubleVector br = DoubleVector.fromArray(S, r, rAt + 2 * BLOCK + k);
            DoubleVector x = DoubleVector.fromArray(S, d, dAt + k);
            a0 = x.fma(ar, a0);
            b0 = x.fma(br, b0);
            x = DoubleVector.fromArray(S, d, dAt + 2 * BLOCK + k);
            a2 = x.fma(ar, a2);
            b2 = x.fma(br, b2);
            ar = DoubleVector.fromArray(S, r, rAt + BLOCK + k);
            br = DoubleVector.fromArray(S, r, rAt + 3 * BLOCK + k);
            x = DoubleVector.fromArray(S, d, dAt + BLOCK + k);
            a1 = x.fma(ar, a1);
            b1 = x.fma(br, b1);
            x = DoubleVector.fromArray(S, d, dAt + 3 * BLOCK + k);
            a3 = x.fma(ar, a3);
            b3 = x.fma(br, b3);
        }
        a0.intoArray(acc, accAt);
        a1.intoArray(acc, accAt + W);
        a2.intoArray(acc, accAt + 2 * W);
        a3.intoArray(acc, accAt + 3 * W);
        b0.intoArray(acc, accAt + 4 * W);
        b1.intoArray(acc, accAt + 5 * W);
        b2.intoArray(acc, accAt + 6 * W);
        b3.intoArray(acc, accAt + 7 * W);
    }

    @Override
    public void reciprocalGradients(double[] d, int rows, double[] g, double[] p, int gAt, int even, int nodes,
            double[] dr) {
        for (int k = 0; k < nodes; k += 2 * W) {
            reciprocalGradients(d, FIRST + k, rows, g, p, gAt, even, dr, FIRST + k);
        }
    }

    private static void reciprocalGradients(double[] d, int dAt, int rows, double[] g, double[] p, int gAt, int even,
            double[] dr, int at) {
        DoubleVector a0 = DoubleVector.broadcast(S, 0);
        DoubleVector a1 = DoubleVector.broadcast(S, 0);
        DoubleVector a2 = DoubleVector.broadcast(S, 0);
        DoubleVector a3 = DoubleVector.broadcast(S, 0);
        DoubleVector b0 = DoubleVector.broadcast(S, 0);
        DoubleVector b1 = DoubleVector.broadcast(S, 0);
        DoubleVector b2 = DoubleVector.broadcast(S, 0);
        DoubleVector b3 = DoubleVector.broadcast(S, 0);
        for (int j = 0; j < rows; j++) {
            int from = dAt + 4 * j * BLOCK;
            DoubleVector first = DoubleVector.broadcast(S, g[gAt + j * even]);
            DoubleVector second = DoubleVector.broadcast(S, g[gAt + j * even + 1]);
            DoubleVector x = DoubleVector.fromArray(S, d, from);
            a0 = x.fma(first, a0);
            b0 = x.fma(second, b0);
            x = DoubleVector.fromArray(S, d, from + W);
            a1 = x.fma(first, a1);
            b1 = x.fma(second, b1);
            x = DoubleVector.fromArray(S, d, from + BLOCK);
            a2 = x.fma(first, a2);
            b2 = x.fma(second, b2);
            x = DoubleVector.fromArray(S, d, from + BLOCK + W);
            a3 = x.fma(first, a3);
            b3 = x.fma(second, b3);
            first = DoubleVector.broadcast(S, p[gAt + j * even]);
            second = DoubleVector.broadcast(S, p[gAt + j * even + 1]);
            x = DoubleVector.fromArray(S, d, from + 2 * BLOCK);
            a0 = x.fma(first, a0);
            b0 = x.fma(second, b0);
            x = DoubleVector.fromArray(S, d, from + 2 * BLOCK + W);
            a1 = x.fma(first, a1);
            b1 = x.fma(second, b1);
            x = DoubleVector.fromArray(S, d, from + 3 * BLOCK);
            a2 = x.fma(first, a2);
            b2 = x.fma(second, b2);
            x = DoubleVector.fromArray(S, d, from + 3 * BLOCK + W);
            a3 = x.fma(first, a3);
            b3 = x.fma(second, b3);
        }
        a0.intoArray(dr, at);
        a1.intoArray(dr, at + W);
        a2.intoArray(dr, at + BLOCK);
        a3.intoArray(dr, at + BLOCK + W);
        b0.intoArray(dr, at + 2 * BLOCK);
        b1.intoArray(dr, at + 2 * BLOCK + W);
        b2.intoArray(dr, at + 3 * BLOCK);
        b3.intoArray(dr, at + 3 * BLOCK + W);
    }

    @Override
    public void poles(double[] r, int rAt, double[] dr, int drAt, double[] c, double[] y, int at, int nodes,
            double[] acc, int accAt) {
        DoubleVector first = DoubleVector.fromArray(S, acc, accAt);
        DoubleVector second = DoubleVector.fromArray(S, acc, accAt + W);
        for (int k = 0; k < nodes; k += W) {
            DoubleVector re = DoubleVector.fromArray(S, r, rAt + k);
            DoubleVector im = DoubleVector.fromArray(S, r, rAt + BLOCK + k);
            DoubleVector squareRe = re.mul(re).sub(im.mul(im));
            DoubleVector squareIm = re.add(re).mul(im);
            DoubleVector gr = DoubleVector.fromArray(S, dr, drAt + k);
            DoubleVector gi = DoubleVector.fromArray(S, dr, drAt + BLOCK + k);
            DoubleVector er = gr.fma(squareRe, gi.mul(squareIm)).neg();
            DoubleVector ei = gr.mul(squareIm).sub(gi.mul(squareRe));
            DoubleVector cos = DoubleVector.fromArray(S, c, at + k);
            first = cos.mul(cos).fma(er, first);
            second = cos.mul(DoubleVector.fromArray(S, y, at + k)).fma(ei, second);
        }
        first.intoArray(acc, accAt);
        second.intoArray(acc, accAt + W);
    }
}
