package s4j.hippo;

/** The gamma function on (0, 2), which the normalisation of generalised Laguerre polynomials needs. */
final class Gamma {
    /** Coefficients of Lanczos' series for g = 7, nine terms: relative error below 1e-14 there. */
    private static final double[] LANCZOS = {0.9999999999998099, 676.5203681218851, -1259.1392167224028,
            771.3234287776531, -176.6150291621406, 12.507343278686905, -0.13857109526572012, 9.984369578019572e-6,
            1.5056327351493116e-7};

    /** {@code Gamma(x)} for 0 < x <= 2. */
    static double of(double x) {
        if (x == 1 || x == 2) {
            return 1;
        }
        double z = x - 1;
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (z + i);
        }
        double t = z + 7.5;
        return Math.sqrt(2 * Math.PI) * Math.pow(t, z + 0.5) * Math.exp(-t) * sum;
    }

    private Gamma() {}
}
