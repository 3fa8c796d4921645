package s4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Elementary functions of float32 vectors by polynomials, the same on every processor. */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients as published; the compiler rounds them
final class VectorMath {
    /** Adding it leaves the nearest whole number in the low bits: 1.5 · 2²³. */
    private static final float ROUND = 12582912f;
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    private VectorMath() {}

    /** e^x = 2^k e^r with |r| ≤ ½ ln 2 and a polynomial for e^r; relative error 2e-7. Below −87: about 1e-38. */
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(-87f).min(88f);
        FloatVector shifted = bounded.mul(LOG2_E).add(ROUND);
        FloatVector k = shifted.sub(ROUND);
        FloatVector r = k.fma(k.broadcast(-LN2_LOW), k.fma(k.broadcast(-LN2_HIGH), bounded));
        FloatVector p = r.mul(1.9875691e-4f).add(1.3981999e-3f);
        p = p.fma(r, r.broadcast(8.3334519e-3f));
        p = p.fma(r, r.broadcast(4.1665795e-2f));
        p = p.fma(r, r.broadcast(1.6666665e-1f));
        p = p.fma(r, r.broadcast(5.0000001e-1f));
        p = p.fma(r.mul(r), r.add(1f));
        return p.reinterpretAsInts().add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }

    /** 1 / (1 + e^−x). */
    static FloatVector sigmoid(FloatVector x) {
        return x.broadcast(1f).div(exp(x.neg()).add(1f));
    }

    /**
     * Φ(x) = ½ (1 + erf(x/√2)), the normal distribution function, with erf as the rational minimax approximation of degree
     * (13, 8) on [−4, 4] that Eigen and XLA use; absolute error 1e-7.
     */
    static FloatVector normal(FloatVector x) {
        FloatVector z = x.mul(0.70710678f).max(-4f).min(4f);
        FloatVector s = z.mul(z);
        FloatVector p = s.mul(-2.72614225801306e-10f).add(2.77068142495902e-08f);
        p = p.fma(s, s.broadcast(-2.10102402082508e-06f));
        p = p.fma(s, s.broadcast(-5.69250639462346e-05f));
        p = p.fma(s, s.broadcast(-7.34990630326855e-04f));
        p = p.fma(s, s.broadcast(-2.95459980854025e-03f));
        p = p.fma(s, s.broadcast(-1.60960333262415e-02f));
        FloatVector q = s.mul(-1.45660718464996e-05f).add(-2.13374055278905e-04f);
        q = q.fma(s, s.broadcast(-1.68282697438203e-03f));
        q = q.fma(s, s.broadcast(-7.37332916720468e-03f));
        q = q.fma(s, s.broadcast(-1.42647390514189e-02f));
        return z.mul(p).div(q).mul(0.5f).add(0.5f);
    }
}
