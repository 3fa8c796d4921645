package s4j.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The inner loops of {@link CauchySums} with nodes on vector lanes, eight chains of multiply-adds at a time. */
final class SimdCauchySums implements CauchySums.Inner {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int BLOCK = CauchySums.BLOCK;

    @Override
    public int lanes() { return W; }

    private static DoubleVector load(double[] from, int at) { return DoubleVector.fromArray(S, from, at); }

    private static DoubleVector all(double value) { return DoubleVector.broadcast(S, value); }

    @Override
    public void reciprocals(double a, double b, double[] c, double[] y, int at, int nodes, double[] r, int rAt) {
        DoubleVector va = all(a);
        DoubleVector vb = all(b);
        DoubleVector one = all(1);
        for (int k = 0; k < nodes; k += W) {
            DoubleVector cos = load(c, at + k);
            DoubleVector s = load(y, at + k);
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
        DoubleVector a0 = all(0);
        DoubleVector a1 = all(0);
        DoubleVector a2 = all(0);
        DoubleVector a3 = all(0);
        DoubleVector b0 = all(0);
        DoubleVector b1 = all(0);
        DoubleVector b2 = all(0);
        DoubleVector b3 = all(0);
        for (int i = 0; i < n; i++) {
            int at = 2 * i * BLOCK + k;
            DoubleVector gi = all(g[from + i]);
            DoubleVector pi = all(p[from + i]);
            DoubleVector x = load(r, at);
            a0 = x.fma(gi, a0);
            a2 = x.fma(pi, a2);
            x = load(r, at + BLOCK);
            a1 = x.fma(gi, a1);
            a3 = x.fma(pi, a3);
            x = load(r, at + W);
            b0 = x.fma(gi, b0);
            b2 = x.fma(pi, b2);
            x = load(r, at + BLOCK + W);
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
            DoubleVector cos = load(c, at + k);
            DoubleVector s = load(y, at + k);
            DoubleVector sin = s.mul(0.5);
            DoubleVector sr = cos.fma(load(sums, k), s.mul(load(sums, 3 * BLOCK + k))).neg();
            DoubleVector si = s.mul(load(sums, 2 * BLOCK + k)).sub(cos.mul(load(sums, BLOCK + k)));
            cos.mul(sr).sub(sin.mul(si)).intoArray(re, k);
            cos.fma(si, sin.mul(sr)).intoArray(im, k);
        }
    }

    @Override
    public void split(double[] re, double[] im, double[] c, double[] y, int at, int nodes, double[] d, int dAt) {
        for (int k = 0; k < nodes; k += W) {
            DoubleVector cos = load(c, at + k);
            DoubleVector s = load(y, at + k);
            DoubleVector sin = s.mul(0.5);
            DoubleVector gr = load(re, k);
            DoubleVector gi = load(im, k);
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
        DoubleVector a0 = load(acc, accAt);
        DoubleVector a1 = load(acc, accAt + W);
        DoubleVector a2 = load(acc, accAt + 2 * W);
        DoubleVector a3 = load(acc, accAt + 3 * W);
        DoubleVector b0 = load(acc, accAt + 4 * W);
        DoubleVector b1 = load(acc, accAt + 5 * W);
        DoubleVector b2 = load(acc, accAt + 6 * W);
        DoubleVector b3 = load(acc, accAt + 7 * W);
        for (int k = 0; k < nodes; k += W) {
            DoubleVector ar = load(r, rAt + k);
            DoubleVector br = load(r, rAt + 2 * BLOCK + k);
            DoubleVector x = load(d, dAt + k);
            a0 = x.fma(ar, a0);
            b0 = x.fma(br, b0);
            x = load(d, dAt + 2 * BLOCK + k);
            a2 = x.fma(ar, a2);
            b2 = x.fma(br, b2);
            ar = load(r, rAt + BLOCK + k);
            br = load(r, rAt + 3 * BLOCK + k);
            x = load(d, dAt + BLOCK + k);
            a1 = x.fma(ar, a1);
            b1 = x.fma(br, b1);
            x = load(d, dAt + 3 * BLOCK + k);
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
    public void reciprocalGradient(double[] d, int pairs, double[] g, double[] p, int from, int stride, int nodes,
            double[] dr) {
        for (int k = 0; k < nodes; k += 2 * W) {
            reciprocalGradient(d, pairs, g, p, from, stride, dr, k);
        }
    }

    private static void reciprocalGradient(double[] d, int pairs, double[] g, double[] p, int from, int stride,
            double[] dr, int k) {
        DoubleVector a0 = all(0);
        DoubleVector a1 = all(0);
        DoubleVector b0 = all(0);
        DoubleVector b1 = all(0);
        for (int j = 0; j < pairs; j++) {
            int at = 4 * j * BLOCK + k;
            DoubleVector x = all(g[from + j * stride]);
            a0 = x.fma(load(d, at), a0);
            a1 = x.fma(load(d, at + BLOCK), a1);
            b0 = x.fma(load(d, at + W), b0);
            b1 = x.fma(load(d, at + BLOCK + W), b1);
            x = all(p[from + j * stride]);
            a0 = x.fma(load(d, at + 2 * BLOCK), a0);
            a1 = x.fma(load(d, at + 3 * BLOCK), a1);
            b0 = x.fma(load(d, at + 2 * BLOCK + W), b0);
            b1 = x.fma(load(d, at + 3 * BLOCK + W), b1);
        }
        a0.intoArray(dr, k);
        a1.intoArray(dr, k + BLOCK);
        b0.intoArray(dr, k + W);
        b1.intoArray(dr, k + BLOCK + W);
    }

    @Override
    public void poles(double[] r, int rAt, double[] dr, double[] c, double[] y, int at, int nodes, double[] acc,
            int accAt) {
        DoubleVector first = load(acc, accAt);
        DoubleVector second = load(acc, accAt + W);
        for (int k = 0; k < nodes; k += W) {
            DoubleVector re = load(r, rAt + k);
            DoubleVector im = load(r, rAt + BLOCK + k);
            DoubleVector squareRe = re.mul(re).sub(im.mul(im));
            DoubleVector squareIm = re.add(re).mul(im);
            DoubleVector gr = load(dr, k);
            DoubleVector gi = load(dr, BLOCK + k);
            DoubleVector er = gr.fma(squareRe, gi.mul(squareIm)).neg();
            DoubleVector ei = gr.mul(squareIm).sub(gi.mul(squareRe));
            DoubleVector cos = load(c, at + k);
            first = cos.mul(cos).fma(er, first);
            second = cos.mul(load(y, at + k)).fma(ei, second);
        }
        first.intoArray(acc, accAt);
        second.intoArray(acc, accAt + W);
    }
}
