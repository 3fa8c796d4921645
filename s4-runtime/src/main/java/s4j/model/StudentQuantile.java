package s4j.model;

/**
 * Quantiles of Student's t distribution, by bisection of its distribution function: with t = √ν tan θ the density is
 * proportional to cos^{ν−1} θ, so that no normalising constant is needed.
 */
final class StudentQuantile {
    private static final int PIECES = 400;
    private static final int HALVINGS = 50;
    /** From here on it is the normal distribution to five digits. */
    private static final double NORMAL = 1e5;

    static double of(double level, double nu) {
        if (level == 0.5) {
            return 0;
        }
        double freedom = Math.min(nu, NORMAL);
        double target = Math.abs(level - 0.5);
        // beyond this cos^{ν−1} is below 1e-16
        double end = Math.min(Math.PI / 2, 9 / Math.sqrt(freedom));
        double half = integral(end, freedom);
        double low = 0;
        double high = end;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (integral(middle, freedom) / half / 2 < target) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.signum(level - 0.5) * Math.sqrt(freedom) * Math.tan(low);
    }

    /** ∫₀^θ cos^{ν−1}, by Simpson's rule. */
    private static double integral(double theta, double nu) {
        double sum = 0;
        for (int i = 0; i <= PIECES; i++) {
            double v = Math.pow(Math.cos(theta * i / PIECES), nu - 1);
            sum += v * (i == 0 || i == PIECES ? 1 : i % 2 == 1 ? 4 : 2);
        }
        return sum * theta / PIECES / 3;
    }

    private StudentQuantile() {}
}
