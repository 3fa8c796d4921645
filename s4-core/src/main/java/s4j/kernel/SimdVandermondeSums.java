package s4j.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The inner loops of {@link VandermondeSums} with steps on vector lanes. */
final class SimdVandermondeSums implements VandermondeSums.Inner {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int BLOCK = VandermondeSums.BLOCK;

    @Override
    public int lanes() { return W; }

    @Override
    public void sums(double[] table, int n, double[] re, double[] im, double[] k) {
        for (int j = 0; j < BLOCK; j += 4 * W) {
            sums(table, n, re, im, k, j);
        }
    }

    /** Four vectors of steps, each with a sum for the real and one for the imaginary parts: eight chains. */
    private static void sums(double[] table, int n, double[] re, double[] im, double[] k, int j) {
        DoubleVector a0 = DoubleVector.broadcast(S, 0);
        DoubleVector a1 = DoubleVector.broadcast(S, 0);
        DoubleVector a2 = DoubleVector.broadcast(S, 0);
        DoubleVector a3 = DoubleVector.broadcast(S, 0);
        DoubleVector b0 = DoubleVector.broadcast(S, 0);
        DoubleVector b1 = DoubleVector.broadcast(S, 0);
        DoubleVector b2 = DoubleVector.broadcast(S, 0);
        DoubleVector b3 = DoubleVector.broadcast(S, 0);
        for (int i = 0; i < n; i++) {
            int p = 2 * i * BLOCK + j;
            DoubleVector x = DoubleVector.broadcast(S, re[i]);
            a0 = x.fma(DoubleVector.fromArray(S, table, p), a0);
            a1 = x.fma(DoubleVector.fromArray(S, table, p + W), a1);
            a2 = x.fma(DoubleVector.fromArray(S, table, p + 2 * W), a2);
            a3 = x.fma(DoubleVector.fromArray(S, table, p + 3 * W), a3);
            x = DoubleVector.broadcast(S, im[i]);
            b0 = x.fma(DoubleVector.fromArray(S, table, p + BLOCK), b0);
            b1 = x.fma(DoubleVector.fromArray(S, table, p + BLOCK + W), b1);
            b2 = x.fma(DoubleVector.fromArray(S, table, p + BLOCK + 2 * W), b2);
            b3 = x.fma(DoubleVector.fromArray(S, table, p + BLOCK + 3 * W), b3);
        }
        a0.add(b0).intoArray(k, j);
        a1.add(b1).intoArray(k, j + W);
        a2.add(b2).intoArray(k, j + 2 * W);
        a3.add(b3).intoArray(k, j + 3 * W);
    }

    @Override
    public void dots(double[] table, int at, double[] g, double[] gNext, double startRe, double startIm, double[] acc,
            int accAt) {
        DoubleVector re = DoubleVector.broadcast(S, 0);
        DoubleVector im = DoubleVector.broadcast(S, 0);
        DoubleVector nextRe = DoubleVector.broadcast(S, 0);
        DoubleVector nextIm = DoubleVector.broadcast(S, 0);
        for (int j = 0; j < BLOCK; j += W) {
            DoubleVector x = DoubleVector.fromArray(S, table, at + j);
            DoubleVector y = DoubleVector.fromArray(S, table, at + BLOCK + j);
            DoubleVector d = DoubleVector.fromArray(S, g, j);
            DoubleVector e = DoubleVector.fromArray(S, gNext, j);
            re = x.fma(d, re);
            im = y.fma(d, im);
            nextRe = x.fma(e, nextRe);
            nextIm = y.fma(e, nextIm);
        }
        DoubleVector sr = DoubleVector.broadcast(S, startRe);
        DoubleVector si = DoubleVector.broadcast(S, startIm);
        sr.fma(re, DoubleVector.fromArray(S, acc, accAt)).sub(si.mul(im)).intoArray(acc, accAt);
        DoubleVector.fromArray(S, acc, accAt + W).sub(sr.fma(im, si.mul(re))).intoArray(acc, accAt + W);
        sr.fma(nextRe, DoubleVector.fromArray(S, acc, accAt + 2 * W)).sub(si.mul(nextIm)).intoArray(acc, accAt + 2 * W);
        DoubleVector.fromArray(S, acc, accAt + 3 * W).sub(sr.fma(nextIm, si.mul(nextRe))).intoArray(acc, accAt + 3 * W);
    }
}
