package s4j.kernel.matrix;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of {@link PackedMatrix} with outputs on lanes. One row takes eight (or four) vectors of outputs at once,
 * so that as many sums are under way as the processor's multiply-adds need; two rows take four vectors each, four two. These loops are
 * long enough that the compiler leaves each a method of its own, whoever calls it. Those of compact weights are
 * {@link SimdCompactRows}.
 */
final class SimdPackedMatrix implements PackedMatrix.Inner {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int P = PackedMatrix.PANEL;

    @Override
    public void multiply(float[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride,
            int rows, float[] scale, float[] bias, int outputAt) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) {
            for (int j = 0; j < P; j += 2 * W) {
                four(w, wAt + j, k, x, xAt + r * xStride, xStride, y, yAt + r * yStride + j, yStride, scale, bias,
                        outputAt + j);
            }
        }
        int finished = r;
        for (; r + 2 <= rows; r += 2) {
            for (int j = 0; j < P; j += 4 * W) {
                two(w, wAt + j, k, x, xAt + r * xStride, xStride, y, yAt + r * yStride + j, yStride);
            }
        }
        if (r < rows) {
            one(w, wAt, k, x, xAt + r * xStride, y, yAt + r * yStride);
        }
        finish(y, yAt + finished * yStride, yStride, rows - finished, scale, bias, outputAt);
    }

    /** From sums to outputs, a panel of rows. Vectors never cross the border of a method, where they may become objects. */
    private static void finish(float[] y, int yAt, int yStride, int rows, float[] scale, float[] bias, int at) {
        for (int r = 0; r < rows; r++) {
            int to = yAt + r * yStride;
            for (int j = 0; j < P; j += W) {
                FloatVector.fromArray(S, y, to + j)
                        .fma(FloatVector.fromArray(S, scale, at + j), FloatVector.fromArray(S, bias, at + j))
                        .intoArray(y, to + j);
            }
        }
    }

    private static void one(float[] w, int wAt, int k, float[] x, int xAt, float[] y, int yAt) {
        if (W > 8) {
            for (int j = 0; j < P; j += 4 * W) {
                one4(w, wAt + j, k, x, xAt, y, yAt + j);
            }
        } else {
            for (int j = 0; j < P; j += 8 * W) {
                one8(w, wAt + j, k, x, xAt, y, yAt + j);
            }
        }
    }

    private static void one8(float[] w, int wAt, int k, float[] x, int xAt, float[] y, int yAt) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        for (int i = 0; i < k; i++) {
            int p = wAt + i * P;
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            c0 = v.fma(FloatVector.fromArray(S, w, p), c0);
            c1 = v.fma(FloatVector.fromArray(S, w, p + W), c1);
            c2 = v.fma(FloatVector.fromArray(S, w, p + 2 * W), c2);
            c3 = v.fma(FloatVector.fromArray(S, w, p + 3 * W), c3);
            c4 = v.fma(FloatVector.fromArray(S, w, p + 4 * W), c4);
            c5 = v.fma(FloatVector.fromArray(S, w, p + 5 * W), c5);
            c6 = v.fma(FloatVector.fromArray(S, w, p + 6 * W), c6);
            c7 = v.fma(FloatVector.fromArray(S, w, p + 7 * W), c7);
        }
        c0.intoArray(y, yAt);
        c1.intoArray(y, yAt + W);
        c2.intoArray(y, yAt + 2 * W);
        c3.intoArray(y, yAt + 3 * W);
        c4.intoArray(y, yAt + 4 * W);
        c5.intoArray(y, yAt + 5 * W);
        c6.intoArray(y, yAt + 6 * W);
        c7.intoArray(y, yAt + 7 * W);
    }

    private static void one4(float[] w, int wAt, int k, float[] x, int xAt, float[] y, int yAt) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        for (int i = 0; i < k; i++) {
            int p = wAt + i * P;
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            c0 = v.fma(FloatVector.fromArray(S, w, p), c0);
            c1 = v.fma(FloatVector.fromArray(S, w, p + W), c1);
            c2 = v.fma(FloatVector.fromArray(S, w, p + 2 * W), c2);
            c3 = v.fma(FloatVector.fromArray(S, w, p + 3 * W), c3);
        }
        c0.intoArray(y, yAt);
        c1.intoArray(y, yAt + W);
        c2.intoArray(y, yAt + 2 * W);
        c3.intoArray(y, yAt + 3 * W);
    }

    private static void two(float[] w, int wAt, int k, float[] x, int xAt, int xs, float[] y, int yAt, int ys) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector d0 = c0;
        FloatVector d1 = c0;
        FloatVector d2 = c0;
        FloatVector d3 = c0;
        for (int i = 0; i < k; i++) {
            int p = wAt + i * P;
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            FloatVector u = FloatVector.broadcast(S, x[xAt + xs + i]);
            FloatVector w0 = FloatVector.fromArray(S, w, p);
            c0 = v.fma(w0, c0);
            d0 = u.fma(w0, d0);
            FloatVector w1 = FloatVector.fromArray(S, w, p + W);
            c1 = v.fma(w1, c1);
            d1 = u.fma(w1, d1);
            FloatVector w2 = FloatVector.fromArray(S, w, p + 2 * W);
            c2 = v.fma(w2, c2);
            d2 = u.fma(w2, d2);
            FloatVector w3 = FloatVector.fromArray(S, w, p + 3 * W);
            c3 = v.fma(w3, c3);
            d3 = u.fma(w3, d3);
        }
        c0.intoArray(y, yAt);
        c1.intoArray(y, yAt + W);
        c2.intoArray(y, yAt + 2 * W);
        c3.intoArray(y, yAt + 3 * W);
        d0.intoArray(y, yAt + ys);
        d1.intoArray(y, yAt + ys + W);
        d2.intoArray(y, yAt + ys + 2 * W);
        d3.intoArray(y, yAt + ys + 3 * W);
    }

    private static void four(float[] w, int wAt, int k, float[] x, int xAt, int xs, float[] y, int yAt, int ys,
            float[] scale, float[] bias, int at) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        for (int i = 0; i < k; i++) {
            int p = wAt + i * P;
            int q = xAt + i;
            FloatVector w0 = FloatVector.fromArray(S, w, p);
            FloatVector w1 = FloatVector.fromArray(S, w, p + W);
            FloatVector v0 = FloatVector.broadcast(S, x[q]);
            c00 = v0.fma(w0, c00);
            c01 = v0.fma(w1, c01);
            FloatVector v1 = FloatVector.broadcast(S, x[q + xs]);
            c10 = v1.fma(w0, c10);
            c11 = v1.fma(w1, c11);
            FloatVector v2 = FloatVector.broadcast(S, x[q + 2 * xs]);
            c20 = v2.fma(w0, c20);
            c21 = v2.fma(w1, c21);
            FloatVector v3 = FloatVector.broadcast(S, x[q + 3 * xs]);
            c30 = v3.fma(w0, c30);
            c31 = v3.fma(w1, c31);
        }
        FloatVector s0 = FloatVector.fromArray(S, scale, at);
        FloatVector s1 = FloatVector.fromArray(S, scale, at + W);
        FloatVector b0 = FloatVector.fromArray(S, bias, at);
        FloatVector b1 = FloatVector.fromArray(S, bias, at + W);
        c00.fma(s0, b0).intoArray(y, yAt);
        c01.fma(s1, b1).intoArray(y, yAt + W);
        c10.fma(s0, b0).intoArray(y, yAt + ys);
        c11.fma(s1, b1).intoArray(y, yAt + ys + W);
        c20.fma(s0, b0).intoArray(y, yAt + 2 * ys);
        c21.fma(s1, b1).intoArray(y, yAt + 2 * ys + W);
        c30.fma(s0, b0).intoArray(y, yAt + 3 * ys);
        c31.fma(s1, b1).intoArray(y, yAt + 3 * ys + W);
    }

    @Override
    public void bf16(int[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride,
            int rows,
            float[] scale, float[] bias, int outputAt) {
        SimdCompactRows.bf16(w, wAt, k, x, xAt, xStride, y, yAt, yStride, rows);
        finish(y, yAt, yStride, rows, scale, bias, outputAt);
    }

    @Override
    public void int8(int[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride,
            int rows,
            float[] scale, float[] bias, int outputAt) {
        SimdCompactRows.int8(w, wAt, k, x, xAt, xStride, y, yAt, yStride, rows);
        finish(y, yAt, yStride, rows, scale, bias, outputAt);
    }

    @Override
    public void widen(int[] w, int wAt, int k, float[] to) { SimdCompactRows.widen(w, wAt, k, to); }
}
