package s4j.kernel.vandermonde;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The product inside {@link VandermondeSums} with columns on vector lanes, a tile of sums in registers. */
final class SimdVandermondeSums implements VandermondeSums.Inner {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int P = 2 * W;
    private static final int ROWS = 6;

    @Override
    public int panel() { return P; }

    @Override
    public void multiply(double[] a, int rows, int k, double[] b, int n, double[] c) {
        for (int j = 0; j < n; j += P) {
            int r = 0;
            for (; r + ROWS <= rows; r += ROWS) {
                six(a, r * k, k, b, j, c, r * n + j, n);
            }
            for (; r < rows; r++) {
                one(a, r * k, k, b, j, c, r * n + j, n);
            }
        }
    }

    private static void six(double[] a, int aAt, int k, double[] b, int bAt, double[] c, int cAt,
            int n) {
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c01 = DoubleVector.zero(S);
        DoubleVector c10 = c00;
        DoubleVector c11 = c01;
        DoubleVector c20 = c00;
        DoubleVector c21 = c01;
        DoubleVector c30 = c00;
        DoubleVector c31 = c01;
        DoubleVector c40 = c00;
        DoubleVector c41 = c01;
        DoubleVector c50 = c00;
        DoubleVector c51 = c01;
        for (int i = 0; i < k; i++) {
            DoubleVector b0 = DoubleVector.fromArray(S, b, bAt + i * n);
            DoubleVector b1 = DoubleVector.fromArray(S, b, bAt + i * n + W);
            DoubleVector x = DoubleVector.broadcast(S, a[aAt + i]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = DoubleVector.broadcast(S, a[aAt + i + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = DoubleVector.broadcast(S, a[aAt + i + 2 * k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = DoubleVector.broadcast(S, a[aAt + i + 3 * k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = DoubleVector.broadcast(S, a[aAt + i + 4 * k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = DoubleVector.broadcast(S, a[aAt + i + 5 * k]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + W);
        c10.intoArray(c, cAt + n);
        c11.intoArray(c, cAt + n + W);
        c20.intoArray(c, cAt + 2 * n);
        c21.intoArray(c, cAt + 2 * n + W);
        c30.intoArray(c, cAt + 3 * n);
        c31.intoArray(c, cAt + 3 * n + W);
        c40.intoArray(c, cAt + 4 * n);
        c41.intoArray(c, cAt + 4 * n + W);
        c50.intoArray(c, cAt + 5 * n);
        c51.intoArray(c, cAt + 5 * n + W);
    }

    private static void one(double[] a, int aAt, int k, double[] b, int bAt, double[] c, int cAt, int n) {
        DoubleVector c0 = DoubleVector.zero(S);
        DoubleVector c1 = DoubleVector.zero(S);
        for (int i = 0; i < k; i++) {
            DoubleVector x = DoubleVector.broadcast(S, a[aAt + i]);
            c0 = x.fma(DoubleVector.fromArray(S, b, bAt + i * n), c0);
            c1 = x.fma(DoubleVector.fromArray(S, b, bAt + i * n + W), c1);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + W);
    }
}
