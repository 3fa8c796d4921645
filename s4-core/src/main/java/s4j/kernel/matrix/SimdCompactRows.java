package s4j.kernel.matrix;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of {@link SimdPackedMatrix} over one panel of bfloat16 or int8 weights, which are widened in registers: y = Σ_k w x, before
 * scale and bias. Several rows share what was widened.
 */
final class SimdCompactRows {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int P = PackedMatrix.PANEL;
    private static final int HIGH = 0xffff0000;
    private static final int HIGHEST = 0xff000000;
    /** 2^-24. */
    private static final float UNIT = 0x1p-24f;

    private SimdCompactRows() {}

    /** Weights {@code [k, PANEL / 2]}: output j in the low half of a word, j + PANEL / 2 in the high. */
    static void bf16(int[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride,
            int rows) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) {
            for (int j = 0; j < P / 2; j += W) {
                halvesFour(w, wAt + j, k, x, xAt + r * xStride, xStride, y, yAt + r * yStride + j, yStride);
            }
        }
        for (; r + 2 <= rows; r += 2) {
            for (int j = 0; j < P / 2; j += 2 * W) {
                halvesTwo(w, wAt + j, k, x, xAt + r * xStride, xStride, y, yAt + r * yStride + j, yStride);
            }
        }
        if (r < rows) {
            halves(w, wAt, k, x, xAt + r * xStride, y, yAt + r * yStride);
        }
    }

    private static void halves(int[] w, int wAt, int k, float[] x, int xAt, float[] y, int yAt) {
        if (W > 8) {
            for (int j = 0; j < P / 2; j += 2 * W) {
                halves2(w, wAt + j, k, x, xAt, y, yAt + j);
            }
        } else {
            for (int j = 0; j < P / 2; j += 4 * W) {
                halves4(w, wAt + j, k, x, xAt, y, yAt + j);
            }
        }
    }

    /** Four rows with a vector of words: two of outputs. */
    private static void halvesFour(int[] w, int wAt, int k, float[] x, int xAt, int xs, float[] y, int yAt, int ys) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        for (int i = 0; i < k; i++) {
            int q = xAt + i;
            IntVector a = IntVector.fromArray(I, w, wAt + i * (P / 2));
            FloatVector w0 = a.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector w1 = a.and(HIGH).reinterpretAsFloats();
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
        c00.intoArray(y, yAt);
        c01.intoArray(y, yAt + P / 2);
        c10.intoArray(y, yAt + ys);
        c11.intoArray(y, yAt + ys + P / 2);
        c20.intoArray(y, yAt + 2 * ys);
        c21.intoArray(y, yAt + 2 * ys + P / 2);
        c30.intoArray(y, yAt + 3 * ys);
        c31.intoArray(y, yAt + 3 * ys + P / 2);
    }

    /** Two rows with two vectors of words: four of outputs. */
    private static void halvesTwo(int[] w, int wAt, int k, float[] x, int xAt, int xs, float[] y, int yAt, int ys) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector d0 = c0;
        FloatVector d1 = c0;
        FloatVector d2 = c0;
        FloatVector d3 = c0;
        for (int i = 0; i < k; i++) {
            int p = wAt + i * (P / 2);
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            FloatVector u = FloatVector.broadcast(S, x[xAt + xs + i]);
            IntVector a = IntVector.fromArray(I, w, p);
            FloatVector w0 = a.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            c0 = v.fma(w0, c0);
            d0 = u.fma(w0, d0);
            FloatVector w2 = a.and(HIGH).reinterpretAsFloats();
            c2 = v.fma(w2, c2);
            d2 = u.fma(w2, d2);
            IntVector b = IntVector.fromArray(I, w, p + W);
            FloatVector w1 = b.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            c1 = v.fma(w1, c1);
            d1 = u.fma(w1, d1);
            FloatVector w3 = b.and(HIGH).reinterpretAsFloats();
            c3 = v.fma(w3, c3);
            d3 = u.fma(w3, d3);
        }
        c0.intoArray(y, yAt);
        c1.intoArray(y, yAt + W);
        c2.intoArray(y, yAt + P / 2);
        c3.intoArray(y, yAt + P / 2 + W);
        d0.intoArray(y, yAt + ys);
        d1.intoArray(y, yAt + ys + W);
        d2.intoArray(y, yAt + ys + P / 2);
        d3.intoArray(y, yAt + ys + P / 2 + W);
    }

    /** Two vectors of words: four of outputs. */
    private static void halves2(int[] w, int wAt, int k, float[] x, int xAt, float[] y, int yAt) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        for (int i = 0; i < k; i++) {
            int p = wAt + i * (P / 2);
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            IntVector a = IntVector.fromArray(I, w, p);
            IntVector b = IntVector.fromArray(I, w, p + W);
            c0 = v.fma(a.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c0);
            c1 = v.fma(b.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c1);
            c2 = v.fma(a.and(HIGH).reinterpretAsFloats(), c2);
            c3 = v.fma(b.and(HIGH).reinterpretAsFloats(), c3);
        }
        c0.intoArray(y, yAt);
        c1.intoArray(y, yAt + W);
        c2.intoArray(y, yAt + P / 2);
        c3.intoArray(y, yAt + P / 2 + W);
    }

    /** Four vectors of words: eight of outputs. */
    private static void halves4(int[] w, int wAt, int k, float[] x, int xAt, float[] y, int yAt) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        for (int i = 0; i < k; i++) {
            int p = wAt + i * (P / 2);
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            IntVector a = IntVector.fromArray(I, w, p);
            c0 = v.fma(a.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c0);
            c4 = v.fma(a.and(HIGH).reinterpretAsFloats(), c4);
            IntVector b = IntVector.fromArray(I, w, p + W);
            c1 = v.fma(b.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c1);
            c5 = v.fma(b.and(HIGH).reinterpretAsFloats(), c5);
            IntVector c = IntVector.fromArray(I, w, p + 2 * W);
            c2 = v.fma(c.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c2);
            c6 = v.fma(c.and(HIGH).reinterpretAsFloats(), c6);
            IntVector d = IntVector.fromArray(I, w, p + 3 * W);
            c3 = v.fma(d.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c3);
            c7 = v.fma(d.and(HIGH).reinterpretAsFloats(), c7);
        }
        c0.intoArray(y, yAt);
        c1.intoArray(y, yAt + W);
        c2.intoArray(y, yAt + 2 * W);
        c3.intoArray(y, yAt + 3 * W);
        c4.intoArray(y, yAt + P / 2);
        c5.intoArray(y, yAt + P / 2 + W);
        c6.intoArray(y, yAt + P / 2 + 2 * W);
        c7.intoArray(y, yAt + P / 2 + 3 * W);
    }

    /**
     * A byte stays in the highest byte of its word, 2^24 times what it means: one shift and one mask, where its own value
     * takes two shifts, of which processors do fewer at once. The sums are put right at the end; powers of two
     * change no bit.
     */
    static void int8(int[] w, int wAt, int k, float[] x, int xAt, int xStride, float[] y, int yAt, int yStride,
            int rows) {
        int r = 0;
        for (; r + 2 <= rows; r += 2) {
            for (int j = 0; j < P / 4; j += W) {
                quartersTwo(w, wAt + j, k, x, xAt + r * xStride, xStride, y, yAt + r * yStride + j, yStride);
            }
        }
        if (r < rows) {
            quarters(w, wAt, k, x, xAt + r * xStride, y, yAt + r * yStride);
        }
        for (int i = 0; i < rows; i++) {
            int at = yAt + i * yStride;
            for (int j = 0; j < P; j += W) {
                FloatVector.fromArray(S, y, at + j).mul(UNIT).intoArray(y, at + j);
            }
        }
    }

    /** A panel of int8 weights as float32. */
    static void widen(int[] w, int wAt, int k, float[] to) {
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < P / 4; j += W) {
                int at = i * P + j;
                IntVector a = IntVector.fromArray(I, w, wAt + i * (P / 4) + j);
                for (int q = 0; q < 4; q++) {
                    ((FloatVector) a.lanewise(VectorOperators.LSHL, 24 - 8 * q).lanewise(VectorOperators.ASHR, 24)
                            .convert(VectorOperators.I2F, 0)).intoArray(to, at + q * (P / 4));
                }
            }
        }
    }

    private static void quarters(int[] w, int wAt, int k, float[] x, int xAt, float[] y, int yAt) {
        if (W > 8) {
            quarters1(w, wAt, k, x, xAt, y, yAt);
        } else {
            for (int j = 0; j < P / 4; j += 2 * W) {
                quarters2(w, wAt + j, k, x, xAt, y, yAt + j);
            }
        }
    }

    /** Two rows with a vector of words: four of outputs. */
    private static void quartersTwo(int[] w, int wAt, int k, float[] x, int xAt, int xs, float[] y, int yAt, int ys) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector d0 = c0;
        FloatVector d1 = c0;
        FloatVector d2 = c0;
        FloatVector d3 = c0;
        for (int i = 0; i < k; i++) {
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            FloatVector u = FloatVector.broadcast(S, x[xAt + xs + i]);
            IntVector a = IntVector.fromArray(I, w, wAt + i * (P / 4));
            FloatVector w0 = (FloatVector) a.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0);
            c0 = v.fma(w0, c0);
            d0 = u.fma(w0, d0);
            FloatVector w1 = (FloatVector) a.lanewise(VectorOperators.LSHL, 16).and(HIGHEST)
                    .convert(VectorOperators.I2F, 0);
            c1 = v.fma(w1, c1);
            d1 = u.fma(w1, d1);
            FloatVector w2 = (FloatVector) a.lanewise(VectorOperators.LSHL, 8).and(HIGHEST)
                    .convert(VectorOperators.I2F, 0);
            c2 = v.fma(w2, c2);
            d2 = u.fma(w2, d2);
            FloatVector w3 = (FloatVector) a.and(HIGHEST).convert(VectorOperators.I2F, 0);
            c3 = v.fma(w3, c3);
            d3 = u.fma(w3, d3);
        }
        c0.intoArray(y, yAt);
        c1.intoArray(y, yAt + P / 4);
        c2.intoArray(y, yAt + P / 2);
        c3.intoArray(y, yAt + 3 * P / 4);
        d0.intoArray(y, yAt + ys);
        d1.intoArray(y, yAt + ys + P / 4);
        d2.intoArray(y, yAt + ys + P / 2);
        d3.intoArray(y, yAt + ys + 3 * P / 4);
    }

    /** One vector of words: four of outputs. */
    private static void quarters1(int[] w, int wAt, int k, float[] x, int xAt, float[] y, int yAt) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        for (int i = 0; i < k; i++) {
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            IntVector a = IntVector.fromArray(I, w, wAt + i * (P / 4));
            c0 = v.fma((FloatVector) a.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0), c0);
            c1 = v.fma((FloatVector) a.lanewise(VectorOperators.LSHL, 16).and(HIGHEST).convert(VectorOperators.I2F, 0),
                    c1);
            c2 = v.fma((FloatVector) a.lanewise(VectorOperators.LSHL, 8).and(HIGHEST).convert(VectorOperators.I2F, 0),
                    c2);
            c3 = v.fma((FloatVector) a.and(HIGHEST).convert(VectorOperators.I2F, 0), c3);
        }
        c0.intoArray(y, yAt);
        c1.intoArray(y, yAt + P / 4);
        c2.intoArray(y, yAt + P / 2);
        c3.intoArray(y, yAt + 3 * P / 4);
    }

    /** Two vectors of words: eight of outputs. */
    private static void quarters2(int[] w, int wAt, int k, float[] x, int xAt, float[] y, int yAt) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector d0 = c0;
        FloatVector d1 = c0;
        FloatVector d2 = c0;
        FloatVector d3 = c0;
        for (int i = 0; i < k; i++) {
            int p = wAt + i * (P / 4);
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            IntVector a = IntVector.fromArray(I, w, p);
            c0 = v.fma((FloatVector) a.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0), c0);
            c1 = v.fma((FloatVector) a.lanewise(VectorOperators.LSHL, 16).and(HIGHEST).convert(VectorOperators.I2F, 0),
                    c1);
            c2 = v.fma((FloatVector) a.lanewise(VectorOperators.LSHL, 8).and(HIGHEST).convert(VectorOperators.I2F, 0),
                    c2);
            c3 = v.fma((FloatVector) a.and(HIGHEST).convert(VectorOperators.I2F, 0), c3);
            IntVector b = IntVector.fromArray(I, w, p + W);
            d0 = v.fma((FloatVector) b.lanewise(VectorOperators.LSHL, 24).convert(VectorOperators.I2F, 0), d0);
            d1 = v.fma((FloatVector) b.lanewise(VectorOperators.LSHL, 16).and(HIGHEST).convert(VectorOperators.I2F, 0),
                    d1);
            d2 = v.fma((FloatVector) b.lanewise(VectorOperators.LSHL, 8).and(HIGHEST).convert(VectorOperators.I2F, 0),
                    d2);
            d3 = v.fma((FloatVector) b.and(HIGHEST).convert(VectorOperators.I2F, 0), d3);
        }
        c0.intoArray(y, yAt);
        d0.intoArray(y, yAt + W);
        c1.intoArray(y, yAt + P / 4);
        d1.intoArray(y, yAt + P / 4 + W);
        c2.intoArray(y, yAt + P / 2);
        d2.intoArray(y, yAt + P / 2 + W);
        c3.intoArray(y, yAt + 3 * P / 4);
        d3.intoArray(y, yAt + 3 * P / 4 + W);
    }
}
