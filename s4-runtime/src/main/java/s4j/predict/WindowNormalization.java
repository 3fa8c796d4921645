package s4j.predict;

/**
 * What is taken out of each window before a network sees it, and put back into what it forecasts: {@code (x − location) / scale} of
 * each channel, both from the window's context alone. The one definition for training and for everybody who uses a model.
 */
public enum WindowNormalization {
    /** Nothing: location 0, scale 1. */
    NONE,
    /**
     * Nothing out of the inputs; the last value out of what is forecast. Inputs do not change as time goes on, so a stream's steps can
     * be taken one by one.
     */
    ANCHOR,
    /** The last value of the context (as NLinear does). */
    LAST,
    /** The context's mean (as SpaceTime does). */
    MEAN,
    /** The context's mean and standard deviation. */
    MEAN_STD,
    /**
     * Another name of mean_std. RevIN multiplies each channel by a learned γ and adds β on the way in, and takes both back on the way out:
     * W (γ x + β) + b and (D f + c − β) / γ are linear maps again, so the linear encoder and decoder that train here have learned them.
     */
    REVIN;

    /** Added to the variance, as RevIN does. */
    private static final double EPS = 1e-5;

    /** Whether location and scale are taken out of the inputs too. */
    public boolean ofInputs() {
        return this != ANCHOR;
    }

    /**
     * Location of a channel.
     *
     * @param x values of a window {@code [l, d]}
     * @param at where the channel's first value stands
     * @param d values in a step
     * @param l steps
     */
    public float location(float[] x, int at, int d, int l) {
        return switch (this) {
            case NONE -> 0;
            case LAST, ANCHOR -> x[at + (l - 1) * d];
            case MEAN, MEAN_STD, REVIN -> (float) mean(x, at, d, l);
        };
    }

    /** Scale of a channel; see {@link #location}. */
    public float scale(float[] x, int at, int d, int l) {
        if (this != MEAN_STD && this != REVIN) {
            return 1;
        }
        double mean = mean(x, at, d, l);
        double sum = 0;
        for (int t = 0; t < l; t++) {
            double e = x[at + t * d] - mean;
            sum += e * e;
        }
        return (float) Math.sqrt(sum / l + EPS);
    }

    private static double mean(float[] x, int at, int d, int l) {
        double sum = 0;
        for (int t = 0; t < l; t++) {
            sum += x[at + t * d];
        }
        return sum / l;
    }
}
