package s4j.kernel;

/** Elementary functions in float64: what {@link VectorMath} computes in float32 on vectors. */
public final class ScalarMath {
    private ScalarMath() {}

    /** Φ(x): by the series of erf near 0, by its continued fraction beyond (Abramowitz, Stegun 7.1.6, 7.1.14). */
    public static double normal(double x) {
        double z = Math.abs(x) / Math.sqrt(2);
        double erf;
        if (z < 2.5) {
            double term = z;
            double sum = z;
            for (int n = 1; n < 60; n++) {
                term *= 2 * z * z / (2 * n + 1);
                sum += term;
            }
            erf = 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
        } else {
            double fraction = z;
            for (int n = 40; n >= 1; n--) {
                fraction = z + n / 2.0 / fraction;
            }
            erf = 1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction);
        }
        return 0.5 * (1 + Math.signum(x) * erf);
    }

    /** 1 / (1 + e^−x). */
    public static double sigmoid(double x) { return 1 / (1 + Math.exp(-x)); }
}
