package s4j.kernel.projection;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import s4j.kernel.Lanes;
import s4j.kernel.SimdLanes;
import s4j.kernel.VectorMath;

/**
 * The inner loops of {@link GatedProjection} with output features on vector lanes. A panel is two vectors wide: six rows of
 * it are twelve independent sums, which with the vectors they need fit sixteen registers. Tiles of three vectors spill there
 * and run at half the speed; where there are thirty-two registers both are equal.
 */
final class SimdProjection implements GatedProjection.Inner {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int P = 2 * W;
    private static final int ROWS = 6;
    /** Columns of a whose sums are made at once, two vectors each. */
    private static final int STRIP = SimdLanes.MANY_REGISTERS ? 8 : 4;
    private static final int FIRST = Lanes.FIRST;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public int panel() { return P; }

    @Override
    public void multiply(float[] a, int rows, int k, float[] b, int n, float[] bias, float[] c) {
        for (int j = 0; j < n; j += P) {
            int r = 0;
            for (; r + ROWS <= rows; r += ROWS) {
                six(a, r * k, k, b, FIRST + j * k, bias, j, c, r * n + j, n);
            }
            for (; r < rows; r++) {
                one(a, r * k, k, b, FIRST + j * k, bias, j, c, r * n + j);
            }
        }
    }

    private static void six(float[] a, int aAt, int k, float[] b, int bAt, float[] bias, int j, float[] c, int cAt,
            int n) {
        FloatVector c00 = FloatVector.fromArray(S, bias, j);
        FloatVector c01 = FloatVector.fromArray(S, bias, j + W);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c40 = c00;
        FloatVector c41 = c01;
        FloatVector c50 = c00;
        FloatVector c51 = c01;
        for (int i = 0; i < k; i++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + i * P);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + i * P + W);
            FloatVector x = FloatVector.broadcast(S, a[aAt + i]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(S, a[aAt + i + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(S, a[aAt + i + 2 * k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(S, a[aAt + i + 3 * k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(S, a[aAt + i + 4 * k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(S, a[aAt + i + 5 * k]);
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

    private static void one(float[] a, int aAt, int k, float[] b, int bAt, float[] bias, int j, float[] c, int cAt) {
        FloatVector c0 = FloatVector.fromArray(S, bias, j);
        FloatVector c1 = FloatVector.fromArray(S, bias, j + W);
        for (int i = 0; i < k; i++) {
            FloatVector x = FloatVector.broadcast(S, a[aAt + i]);
            c0 = x.fma(FloatVector.fromArray(S, b, bAt + i * P), c0);
            c1 = x.fma(FloatVector.fromArray(S, b, bAt + i * P + W), c1);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + W);
    }

    @Override
    public void panels(float[] a, int rows, int n, float[] out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j += P) {
                int to = FIRST + j * rows + r * P;
                FloatVector.fromArray(S, a, r * n + j).intoArray(out, to);
                FloatVector.fromArray(S, a, r * n + j + W).intoArray(out, to + W);
            }
        }
    }

    @Override
    public void addTransposed(float[] a, int rows, int k, float[] b, int n, float[] c) {
        for (int j = 0; j < n; j += P) {
            for (int i = 0; i < k; i += STRIP) { // a panel has a multiple of as many columns
                int at = FIRST + i / P * P * rows + i % P;
                if (STRIP == 8) {
                    eight(a, at, b, FIRST + j * rows, rows, c, i * n + j, n);
                } else {
                    four(a, at, b, FIRST + j * rows, rows, c, i * n + j, n);
                }
            }
        }
    }

    private static void four(float[] a, int aAt, float[] b, int bAt, int rows, float[] c, int cAt, int n) {
        FloatVector c00 = FloatVector.fromArray(S, c, cAt);
        FloatVector c01 = FloatVector.fromArray(S, c, cAt + W);
        FloatVector c10 = FloatVector.fromArray(S, c, cAt + n);
        FloatVector c11 = FloatVector.fromArray(S, c, cAt + n + W);
        FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * n);
        FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * n + W);
        FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * n);
        FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * n + W);
        for (int r = 0; r < rows; r++) {
            int p = aAt + r * P;
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + r * P);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + r * P + W);
            FloatVector x = FloatVector.broadcast(S, a[p]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(S, a[p + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(S, a[p + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(S, a[p + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
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

    private static void eight(float[] a, int aAt, float[] b, int bAt, int rows, float[] c, int cAt, int n) {
        FloatVector c00 = FloatVector.fromArray(S, c, cAt);
        FloatVector c01 = FloatVector.fromArray(S, c, cAt + W);
        FloatVector c10 = FloatVector.fromArray(S, c, cAt + n);
        FloatVector c11 = FloatVector.fromArray(S, c, cAt + n + W);
        FloatVector c20 = FloatVector.fromArray(S, c, cAt + 2 * n);
        FloatVector c21 = FloatVector.fromArray(S, c, cAt + 2 * n + W);
        FloatVector c30 = FloatVector.fromArray(S, c, cAt + 3 * n);
        FloatVector c31 = FloatVector.fromArray(S, c, cAt + 3 * n + W);
        FloatVector c40 = FloatVector.fromArray(S, c, cAt + 4 * n);
        FloatVector c41 = FloatVector.fromArray(S, c, cAt + 4 * n + W);
        FloatVector c50 = FloatVector.fromArray(S, c, cAt + 5 * n);
        FloatVector c51 = FloatVector.fromArray(S, c, cAt + 5 * n + W);
        FloatVector c60 = FloatVector.fromArray(S, c, cAt + 6 * n);
        FloatVector c61 = FloatVector.fromArray(S, c, cAt + 6 * n + W);
        FloatVector c70 = FloatVector.fromArray(S, c, cAt + 7 * n);
        FloatVector c71 = FloatVector.fromArray(S, c, cAt + 7 * n + W);
        for (int r = 0; r < rows; r++) {
            int p = aAt + r * P;
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + r * P);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + r * P + W);
            FloatVector x = FloatVector.broadcast(S, a[p]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(S, a[p + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(S, a[p + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(S, a[p + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(S, a[p + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(S, a[p + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            x = FloatVector.broadcast(S, a[p + 6]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            x = FloatVector.broadcast(S, a[p + 7]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
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
        c60.intoArray(c, cAt + 6 * n);
        c61.intoArray(c, cAt + 6 * n + W);
        c70.intoArray(c, cAt + 7 * n);
        c71.intoArray(c, cAt + 7 * n + W);
    }

    @Override
    public void addRows(float[] a, int rows, int n, float[] sum) {
        for (int j = 0; j < n; j += W) {
            FloatVector s = FloatVector.fromArray(S, sum, j);
            for (int r = 0; r < rows; r++) {
                s = s.add(FloatVector.fromArray(S, a, r * n + j));
            }
            s.intoArray(sum, j);
        }
    }

    @Override
    public void gelu(MemorySegment y, float[] g, int size) {
        for (int p = 0; p < size; p += W) {
            VectorMath.gelu(FloatVector.fromMemorySegment(S, y, 4L * p, ORDER)).intoArray(g, p);
        }
    }

    @Override
    public void gelu(MemorySegment y, float[] g, float[] phi, int size) {
        for (int p = 0; p < size; p += W) {
            FloatVector x = FloatVector.fromMemorySegment(S, y, 4L * p, ORDER);
            FloatVector normal = VectorMath.normal(x);
            normal.intoArray(phi, p);
            x.mul(normal).intoArray(g, p);
        }
    }

    @Override
    public void geluBackward(MemorySegment y, float[] phi, float[] dg, MemorySegment dy, int size) {
        for (int p = 0; p < size; p += W) {
            FloatVector x = FloatVector.fromMemorySegment(S, y, 4L * p, ORDER);
            FloatVector density = VectorMath.exp(x.mul(x).mul(-0.5f)).mul((float) (1 / Math.sqrt(2 * Math.PI)));
            FloatVector slope = x.fma(density, FloatVector.fromArray(S, phi, p));
            slope.mul(FloatVector.fromArray(S, dg, p)).intoMemorySegment(dy, 4L * p, ORDER);
        }
    }

    @Override
    public void glu(float[] z, int rows, int m, MemorySegment out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j += W) {
                int at = 2 * r * m + j;
                FloatVector s = VectorMath.sigmoid(FloatVector.fromArray(S, z, at + m));
                FloatVector.fromArray(S, z, at).mul(s).intoMemorySegment(out, 4L * (r * m + j), ORDER);
            }
        }
    }

    @Override
    public void glu(float[] z, int rows, int m, MemorySegment out, MemorySegment kept) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j += W) {
                int at = 2 * r * m + j;
                FloatVector s = VectorMath.sigmoid(FloatVector.fromArray(S, z, at + m));
                s.intoMemorySegment(kept, 4L * (r * m + j), ORDER);
                FloatVector.fromArray(S, z, at).mul(s).intoMemorySegment(out, 4L * (r * m + j), ORDER);
            }
        }
    }

    @Override
    public void gluBackward(MemorySegment kept, MemorySegment out, MemorySegment dout, int rows, int m, float[] dz) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j += W) {
                int at = 2 * r * m + j;
                long from = 4L * (r * m + j);
                FloatVector s = FloatVector.fromMemorySegment(S, kept, from, ORDER);
                FloatVector d = FloatVector.fromMemorySegment(S, dout, from, ORDER);
                d.mul(s).intoArray(dz, at);
                d.mul(FloatVector.fromMemorySegment(S, out, from, ORDER)).mul(s.neg().add(1f)).intoArray(dz, at + m);
            }
        }
    }
}
