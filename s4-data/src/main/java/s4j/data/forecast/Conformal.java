package s4j.data.forecast;

import java.util.Arrays;

/**
 * Split conformal prediction of a band (Vovk et al.; Lei et al. 2018): how far targets lay from the median, in units of the band's own
 * half width on that side. The 80 % quantile of such scores is the factor that makes the 80 % band cover targets like these.
 */
public final class Conformal {
    /** The share that the band is to cover. */
    public static final double SHARE = 0.8;
    /** The band's two ends. */
    static final double[] ENDS = {0.1, 0.9};
    private static final double LEAST_WIDTH = 1e-9;

    private Conformal() {}

    /** The level of the band's end on the side of the median where the target lies. */
    public static double end(double y, double median) {
        return y < median ? ENDS[0] : ENDS[1];
    }

    /** |y − median| / |end − median|: at most 1 inside the band. */
    public static double score(double y, double median, double end) {
        return Math.abs(y - median) / Math.max(LEAST_WIDTH, Math.abs(end - median));
    }

    /** The ⌈(n + 1) · 0.8⌉-th of n scores; sorts them. */
    public static double factor(float[] scores) {
        Arrays.sort(scores);
        return scores[Math.min(scores.length - 1, (int) Math.ceil((scores.length + 1) * SHARE) - 1)];
    }
}
