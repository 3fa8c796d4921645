package s4j.kernel;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;

/**
 * Elementary functions of float32 vectors by polynomials, the same on every processor. Coefficients are numbers, which the compiler
 * spreads in registers before a loop; bounds are comparisons, as max and min take six operations for zeros and NaN
 * (docs/decisions/008).
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients as published; the compiler rounds them
public final class VectorMath {

    /** Adding it leaves the nearest whole number in the low bits: 1.5 · 2²³. */
    private static final float ROUND = 12582912f;
    private static final float LOG2_E = 1.44269504f;
    private static final float MINUS_LN2_HIGH = -0.693359375f;
    private static final float MINUS_LN2_LOW = 2.12194440e-4f;
    private static final float E7 = 1.9875691e-4f;
    private static final float E6 = 1.3981999e-3f;
    private static final float E5 = 8.3334519e-3f;
    private static final float E4 = 4.1665795e-2f;
    private static final float E3 = 1.6666665e-1f;
    private static final float LEAST = -87f;
    private static final float MOST = 88f;

    private static final float ROOT_HALF = 0.70710678f;
    private static final float BOUND = 4f;
    private static final float P13 = -2.72614225801306e-10f;
    private static final float P11 = 2.77068142495902e-08f;
    private static final float P9 = -2.10102402082508e-06f;
    private static final float P7 = -5.69250639462346e-05f;
    private static final float P5 = -7.34990630326855e-04f;
    private static final float P3 = -2.95459980854025e-03f;
    private static final float P1 = -1.60960333262415e-02f;
    private static final float Q8 = -1.45660718464996e-05f;
    private static final float Q6 = -2.13374055278905e-04f;
    private static final float Q4 = -1.68282697438203e-03f;
    private static final float Q2 = -7.37332916720468e-03f;
    private static final float Q0 = -1.42647390514189e-02f;

    private VectorMath() {}

    /** e^x = 2^k e^r with |r| ≤ ½ ln 2 and a polynomial for e^r; relative error 2e-7. Below −87: about 1e-38. */
    public static FloatVector exp(FloatVector x) {
        FloatVector above = x.blend(LEAST, x.lt(LEAST));
        FloatVector bounded = above.blend(MOST, above.compare(GT, MOST));
        FloatVector shifted = bounded.fma(LOG2_E, ROUND);
        FloatVector k = shifted.sub(ROUND);
        FloatVector r = k.lanewise(FMA, MINUS_LN2_LOW, k.lanewise(FMA, MINUS_LN2_HIGH, bounded));
        FloatVector p = r.fma(E7, E6).lanewise(FMA, r, E5).lanewise(FMA, r, E4).lanewise(FMA, r, E3)
                .lanewise(FMA, r, 0.5f).fma(r.mul(r), r.add(1f));
        return p.reinterpretAsInts().add(shifted.reinterpretAsInts().lanewise(LSHL, 23)).reinterpretAsFloats();
    }

    /** 1 / (1 + e^−x). */
    public static FloatVector sigmoid(FloatVector x) {
        FloatVector d = exp(x.neg()).add(1f);
        return FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 1f).div(d);
    }

    /**
     * Φ(x) = ½ (1 + erf(x/√2)), the normal distribution function, with erf as the rational minimax approximation of degree
     * (13, 8) on [−4, 4] that Eigen and XLA use; absolute error 1e-7.
     */
    public static FloatVector normal(FloatVector x) {
        FloatVector scaled = x.mul(ROOT_HALF);
        FloatVector above = scaled.blend(-BOUND, scaled.lt(-BOUND));
        FloatVector z = above.blend(BOUND, above.compare(GT, BOUND));
        FloatVector s = z.mul(z);
        FloatVector p = s.fma(P13, P11).lanewise(FMA, s, P9).lanewise(FMA, s, P7).lanewise(FMA, s, P5)
                .lanewise(FMA, s, P3).lanewise(FMA, s, P1);
        FloatVector q = s.fma(Q8, Q6).lanewise(FMA, s, Q4).lanewise(FMA, s, Q2).lanewise(FMA, s, Q0);
        return z.mul(p).div(q).fma(0.5f, 0.5f);
    }

    /** x Φ(x). */
    public static FloatVector gelu(FloatVector x) { return x.mul(normal(x)); }
}
