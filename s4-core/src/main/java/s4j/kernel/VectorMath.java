package s4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions of float32 vectors by polynomials, the same on every processor. Coefficients are constant vectors:
 * they cost a load, where a broadcast is one more operation that the compiler has to inline (docs/decisions/008).
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients as published; the compiler rounds them
final class VectorMath {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final FloatVector ONE = all(1f);
    private static final FloatVector HALF = all(0.5f);

    /** Adding it leaves the nearest whole number in the low bits: 1.5 · 2²³. */
    private static final FloatVector ROUND = all(12582912f);
    private static final FloatVector LOG2_E = all(1.44269504f);
    private static final FloatVector MINUS_LN2_HIGH = all(-0.693359375f);
    private static final FloatVector MINUS_LN2_LOW = all(2.12194440e-4f);
    private static final FloatVector E7 = all(1.9875691e-4f);
    private static final FloatVector E6 = all(1.3981999e-3f);
    private static final FloatVector E5 = all(8.3334519e-3f);
    private static final FloatVector E4 = all(4.1665795e-2f);
    private static final FloatVector E3 = all(1.6666665e-1f);
    private static final FloatVector LEAST = all(-87f);
    private static final FloatVector MOST = all(88f);

    private static final FloatVector ROOT_HALF = all(0.70710678f);
    private static final FloatVector FOUR = all(4f);
    private static final FloatVector MINUS_FOUR = all(-4f);
    private static final FloatVector P13 = all(-2.72614225801306e-10f);
    private static final FloatVector P11 = all(2.77068142495902e-08f);
    private static final FloatVector P9 = all(-2.10102402082508e-06f);
    private static final FloatVector P7 = all(-5.69250639462346e-05f);
    private static final FloatVector P5 = all(-7.34990630326855e-04f);
    private static final FloatVector P3 = all(-2.95459980854025e-03f);
    private static final FloatVector P1 = all(-1.60960333262415e-02f);
    private static final FloatVector Q8 = all(-1.45660718464996e-05f);
    private static final FloatVector Q6 = all(-2.13374055278905e-04f);
    private static final FloatVector Q4 = all(-1.68282697438203e-03f);
    private static final FloatVector Q2 = all(-7.37332916720468e-03f);
    private static final FloatVector Q0 = all(-1.42647390514189e-02f);

    private VectorMath() {}

    private static FloatVector all(float x) { return FloatVector.broadcast(S, x); }

    /** e^x = 2^k e^r with |r| ≤ ½ ln 2 and a polynomial for e^r; relative error 2e-7. Below −87: about 1e-38. */
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(LEAST).min(MOST);
        FloatVector shifted = bounded.fma(LOG2_E, ROUND);
        FloatVector k = shifted.sub(ROUND);
        FloatVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, bounded));
        FloatVector p = r.fma(E7, E6).fma(r, E5).fma(r, E4).fma(r, E3).fma(r, HALF).fma(r.mul(r), r.add(ONE));
        return p.reinterpretAsInts().add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }

    /** 1 / (1 + e^−x). */
    static FloatVector sigmoid(FloatVector x) { return ONE.div(exp(x.neg()).add(ONE)); }

    /**
     * Φ(x) = ½ (1 + erf(x/√2)), the normal distribution function, with erf as the rational minimax approximation of degree
     * (13, 8) on [−4, 4] that Eigen and XLA use; absolute error 1e-7.
     */
    static FloatVector normal(FloatVector x) {
        FloatVector z = x.mul(ROOT_HALF).max(MINUS_FOUR).min(FOUR);
        FloatVector s = z.mul(z);
        FloatVector p = s.fma(P13, P11).fma(s, P9).fma(s, P7).fma(s, P5).fma(s, P3).fma(s, P1);
        FloatVector q = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, Q0);
        return z.mul(p).div(q).fma(HALF, HALF);
    }

    /** x Φ(x). */
    static FloatVector gelu(FloatVector x) { return x.mul(normal(x)); }
}
