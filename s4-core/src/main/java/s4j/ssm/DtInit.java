package s4j.ssm;

import java.util.random.RandomGenerator;

/** Initial steps: log-uniform, so that the features together cover all time scales from 1/dtMax to 1/dtMin. */
public final class DtInit {
    /**
     * Draws stored parameters: {@code dt = exp(U(log dtMin, log dtMax))}, then the inverse of the transform.
     *
     * @param h features
     * @param n states with a step of their own; 1 when the step is tied over the states
     * @param dtMin smallest step, positive
     * @param dtMax largest step
     * @param transform from the stored parameter to dt; other than exp, steps below 1e-4 are raised to it
     * @param random source of the draw
     * @return {@code [h * n]}, row by row
     */
    public static double[] draw(int h, int n, double dtMin, double dtMax, Transform transform, RandomGenerator random) {
        if (h < 1 || n < 1) {
            throw new IllegalArgumentException("dt initialisation: " + h + " features, " + n
                    + " steps each; expected at least 1");
        }
        if (!(dtMin > 0 && dtMin <= dtMax && dtMax < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("dt initialisation: dt_min " + dtMin + ", dt_max " + dtMax
                    + "; expected 0 < dt_min <= dt_max");
        }
        double low = Math.log(dtMin);
        double high = Math.log(dtMax);
        double[] stored = new double[h * n];
        for (int i = 0; i < stored.length; i++) {
            double logDt = low + random.nextDouble() * (high - low);
            stored[i] = transform == Transform.EXP ? logDt : transform.inverse(Math.exp(logDt));
        }
        return stored;
    }

    private DtInit() {}
}
