package s4j.hippo;

import s4j.math.RealMatrix;

/**
 * The bilinear recurrence of LegS' own, time-varying equation {@code t c' = A c + B f(t)}: an online memory of the whole
 * past. From t to {@code t' = t + dt}:
 *
 * <pre>
 * (I - dt/(2t') A) c(t') = (I + dt/(2t) A) c(t) + dt/2 (f(t)/t + f(t')/t') B
 * </pre>
 *
 * <p>Converges at order 2. Source: HiPPO (2008.07669), section 2.4 and appendix B.3. S4 drops the 1/t and is
 * time-invariant; this class is the mathematics that it started from.
 *
 * @param hippo (A, B) of LegS
 */
public record ScaledMemory(HippoMatrix hippo) {
    /** LegS with n coefficients. */
    public static ScaledMemory of(int n) {
        return new ScaledMemory(HippoMatrix.of(new Measure.LegS(), n));
    }

    /**
     * The coefficients one step later.
     *
     * @param c at time t {@code [n]}
     * @param t greater than 0
     * @param dt step
     * @param now f(t)
     * @param next f(t + dt)
     */
    public double[] advance(double[] c, double t, double dt, double now, double next) {
        if (!(t > 0 && dt > 0)) {
            throw new IllegalArgumentException("LegS memory: t " + t + ", dt " + dt + "; expected both positive");
        }
        int n = hippo.size();
        RealMatrix identity = RealMatrix.identity(n);
        double[] right = identity.plus(hippo.a().times(dt / (2 * t))).times(c);
        double input = dt / 2 * (now / t + next / (t + dt));
        for (int i = 0; i < n; i++) {
            right[i] += input * hippo.b()[i];
        }
        return identity.plus(hippo.a().times(-dt / (2 * (t + dt)))).solve(right);
    }
}
