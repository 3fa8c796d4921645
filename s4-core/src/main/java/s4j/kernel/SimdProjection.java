package s4j.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link GatedProjection} with output features on vector lanes. A product is made of tiles of four rows
 * by three vectors (twelve independent sums); what is left over has tiles of one vector.
 */
final class SimdProjection implements GatedProjection.Inner {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();

    @Override
    public int lanes() { return W; }

    private static FloatVector load(float[] from, int at) { return FloatVector.fromArray(S, from, at); }

    private static FloatVector one(float[] from, int at) { return FloatVector.broadcast(S, from[at]); }

    @Override
    public void multiply(float[] a, int rows, int k, float[] b, int n, float[] bias, float[] c) {
        for (int j = 0; j < n;) {
            int vectors = n - j >= 3 * W && n - j != 4 * W ? 3 : n - j >= 2 * W ? 2 : 1;
            int r = 0;
            for (; r + 4 <= rows; r += 4) {
                switch (vectors) {
                    case 3 -> tile43(a, r * k, k, b, j, n, bias, c, r * n + j);
                    case 2 -> tile42(a, r * k, k, b, j, n, bias, c, r * n + j);
                    default -> tile41(a, r * k, k, b, j, n, bias, c, r * n + j);
                }
            }
            for (; r < rows; r++) {
                for (int v = 0; v < vectors; v++) {
                    tile11(a, r * k, k, b, j + v * W, n, bias, c, r * n + j + v * W);
                }
            }
            j += vectors * W;
        }
    }

    private static void tile43(float[] a, int aAt, int k, float[] b, int j, int n, float[] bias, float[] c, int cAt) {
        FloatVector c00 = load(bias, j);
        FloatVector c01 = load(bias, j + W);
        FloatVector c02 = load(bias, j + 2 * W);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c12 = c02;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c22 = c02;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c32 = c02;
        for (int i = 0; i < k; i++) {
            int p = i * n + j;
            FloatVector b0 = load(b, p);
            FloatVector b1 = load(b, p + W);
            FloatVector b2 = load(b, p + 2 * W);
            FloatVector a0 = one(a, aAt + i);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            FloatVector a1 = one(a, aAt + i + k);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            FloatVector a2 = one(a, aAt + i + 2 * k);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            FloatVector a3 = one(a, aAt + i + 3 * k);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + W);
        c02.intoArray(c, cAt + 2 * W);
        c10.intoArray(c, cAt + n);
        c11.intoArray(c, cAt + n + W);
        c12.intoArray(c, cAt + n + 2 * W);
        c20.intoArray(c, cAt + 2 * n);
        c21.intoArray(c, cAt + 2 * n + W);
        c22.intoArray(c, cAt + 2 * n + 2 * W);
        c30.intoArray(c, cAt + 3 * n);
        c31.intoArray(c, cAt + 3 * n + W);
        c32.intoArray(c, cAt + 3 * n + 2 * W);
    }

    private static void tile42(float[] a, int aAt, int k, float[] b, int j, int n, float[] bias, float[] c, int cAt) {
        FloatVector c00 = load(bias, j);
        FloatVector c01 = load(bias, j + W);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        for (int i = 0; i < k; i++) {
            int p = i * n + j;
            FloatVector b0 = load(b, p);
            FloatVector b1 = load(b, p + W);
            FloatVector a0 = one(a, aAt + i);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = one(a, aAt + i + k);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = one(a, aAt + i + 2 * k);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = one(a, aAt + i + 3 * k);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + W);
        c10.intoArray(c, cAt + n);
        c11.intoArray(c, cAt + n + W);
        c20.intoArray(c, cAt + 2 * n);
        c21.intoArray(c, cAt + 2 * n + W);
        c30.intoArray(c, cAt + 3 * n);
        c31.intoArray(c, cAt + 3 * n + W);
    }

    private static void tile41(float[] a, int aAt, int k, float[] b, int j, int n, float[] bias, float[] c, int cAt) {
        FloatVector c00 = load(bias, j);
        FloatVector c10 = c00;
        FloatVector c20 = c00;
        FloatVector c30 = c00;
        for (int i = 0; i < k; i++) {
            int p = i * n + j;
            FloatVector b0 = load(b, p);
            FloatVector a0 = one(a, aAt + i);
            c00 = a0.fma(b0, c00);
            FloatVector a1 = one(a, aAt + i + k);
            c10 = a1.fma(b0, c10);
            FloatVector a2 = one(a, aAt + i + 2 * k);
            c20 = a2.fma(b0, c20);
            FloatVector a3 = one(a, aAt + i + 3 * k);
            c30 = a3.fma(b0, c30);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + n);
        c20.intoArray(c, cAt + 2 * n);
        c30.intoArray(c, cAt + 3 * n);
    }

    private static void tile11(float[] a, int aAt, int k, float[] b, int j, int n, float[] bias, float[] c, int cAt) {
        FloatVector c00 = load(bias, j);
        for (int i = 0; i < k; i++) {
            int p = i * n + j;
            FloatVector b0 = load(b, p);
            FloatVector a0 = one(a, aAt + i);
            c00 = a0.fma(b0, c00);
        }
        c00.intoArray(c, cAt);
    }

    @Override
    public void multiplyTransposed(float[] a, int rows, int k, float[] b, int n, double[] c) {
        float[] part = new float[12 * W];
        for (int j = 0; j < n;) {
            int vectors = n - j >= 2 * W ? 2 : 1;
            for (int i = 0; i < k; i += 4) { // k is a multiple of the lanes, so of four (or the lanes are fewer)
                int columns = Math.min(4, k - i);
                Arrays.fill(part, 0);
                if (columns == 4 && vectors == 2) {
                    sum42(a, i, k, b, j, n, rows, part);
                } else {
                    for (int q = 0; q < columns; q++) {
                        for (int v = 0; v < vectors; v++) {
                            sum11(a, i + q, k, b, j + v * W, n, rows, part, (2 * q + v) * W);
                        }
                    }
                }
                for (int q = 0; q < columns; q++) {
                    for (int x = 0; x < vectors * W; x++) {
                        c[(i + q) * n + j + x] += part[2 * q * W + x];
                    }
                }
            }
            j += vectors * W;
        }
    }

    private static void sum42(float[] a, int i, int k, float[] b, int j, int n, int rows, float[] part) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        for (int r = 0; r < rows; r++) {
            int p = r * k + i;
            FloatVector b0 = load(b, r * n + j);
            FloatVector b1 = load(b, r * n + j + W);
            FloatVector a0 = one(a, p);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = one(a, p + 1);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = one(a, p + 2);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = one(a, p + 3);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(part, 0);
        c01.intoArray(part, W);
        c10.intoArray(part, 2 * W);
        c11.intoArray(part, 3 * W);
        c20.intoArray(part, 4 * W);
        c21.intoArray(part, 5 * W);
        c30.intoArray(part, 6 * W);
        c31.intoArray(part, 7 * W);
    }

    private static void sum11(float[] a, int i, int k, float[] b, int j, int n, int rows, float[] part, int at) {
        FloatVector sum = FloatVector.zero(S);
        for (int r = 0; r < rows; r++) {
            sum = one(a, r * k + i).fma(load(b, r * n + j), sum);
        }
        sum.intoArray(part, at);
    }

    @Override
    public void gelu(float[] y, float[] g, int size) {
        for (int p = 0; p < size; p += W) {
            FloatVector x = load(y, p);
            x.mul(VectorMath.normal(x)).intoArray(g, p);
        }
    }

    @Override
    public void geluBackward(float[] y, float[] dg, float[] dy, int size) {
        for (int p = 0; p < size; p += W) {
            FloatVector x = load(y, p);
            FloatVector density = VectorMath.exp(x.mul(x).mul(-0.5f)).mul((float) (1 / Math.sqrt(2 * Math.PI)));
            load(dg, p).mul(x.fma(density, VectorMath.normal(x))).intoArray(dy, p);
        }
    }

    @Override
    public void glu(float[] z, int rows, int m, float[] out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j += W) {
                int at = 2 * r * m + j;
                load(z, at).mul(VectorMath.sigmoid(load(z, at + m))).intoArray(out, r * m + j);
            }
        }
    }

    @Override
    public void gluBackward(float[] z, int rows, int m, float[] dout) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j += W) {
                int at = 2 * r * m + j;
                FloatVector s = VectorMath.sigmoid(load(z, at + m));
                FloatVector ds = load(dout, r * m + j).mul(s);
                ds.mul(load(z, at)).mul(s.broadcast(1f).sub(s)).intoArray(z, at + m);
                ds.intoArray(z, at);
            }
        }
    }
}
