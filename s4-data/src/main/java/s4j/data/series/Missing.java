package s4j.data.series;

import s4j.io.MalformedFileException;

/**
 * What becomes of missing values, channel by channel. A channel without any value takes its mean in training, whatever the
 * rule.
 */
public enum Missing {
    /** They are refused. */
    REFUSE,
    /** On a straight line between the values before and after; at the ends the nearest value. Looks ahead. */
    LINEAR,
    /** The last value before; at the beginning the channel's mean in training. */
    LAST,
    /** The channel's mean in training. */
    MEAN;

    /**
     * Fills a series.
     *
     * @param series left as it is
     * @param means of each channel in training
     * @return values {@code [l, d]} without NaN; the series' own array where nothing is missing
     * @throws MalformedFileException when it is refused; the message has place, channel and step
     */
    public float[] fill(Series series, double[] means) throws MalformedFileException {
        if (series.missing() == 0) {
            return series.values();
        }
        float[] out = series.values().clone();
        int d = series.channels();
        for (int c = 0; c < d; c++) {
            int before = -1;
            for (int t = 0; t <= series.length(); t++) {
                if (t == series.length() || !Float.isNaN(out[t * d + c])) {
                    if (t - before > 1) {
                        gap(out, d, c, before, t, series, (float) means[c]);
                    }
                    before = t;
                }
            }
        }
        return out;
    }

    /** The steps after {@code before} (−1: none) and before {@code after} (l: none). */
    private void gap(float[] x, int d, int c, int before, int after, Series series, float mean)
            throws MalformedFileException {
        boolean left = before >= 0;
        boolean right = after < series.length();
        float from = left ? x[before * d + c] : mean;
        float to = right ? x[after * d + c] : from;
        for (int t = before + 1; t < after; t++) {
            x[t * d + c] = switch (this) {
                case REFUSE ->
                    throw new MalformedFileException(("%s, channel %d, step %d: the value is missing; expected a"
                            + " number. Fill it: dataset.missing=linear, last or mean")
                            .formatted(series.place(), c + 1, t + 1));
                case LINEAR -> !left ? to : from + (to - from) * (t - before) / (after - before);
                case LAST -> from;
                case MEAN -> mean;
            };
        }
    }
}
