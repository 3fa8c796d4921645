package s4j.flink.examples;

/**
 * Errors in, scores out: errors are smoothed, and the threshold is twice the largest smoothed one of the last third of the probation. The rule was fixed before
 * any label was looked at, and is the same for every way to forecast.
 */
public final class Detector {
    /** The weight of a new error. */
    private static final double NEW = 1.0 / 8;
    private static final double TIMES = 2;

    /** Smoothed error. */
    public double smoothed;
    /** The largest of the part that gives the threshold. */
    public double largest;

    /** For the engine. */
    public Detector() {}

    /**
     * Takes an error.
     *
     * @param index of the measurement
     * @param from the first that gives the threshold
     * @param until the first that does not any more
     * @return the score, 1 at the threshold; 0 before {@code until}
     */
    public double score(double error, long index, int from, int until) {
        smoothed += NEW * (Math.abs(error) - smoothed);
        if (index < until) {
            largest = index < from ? 0 : Math.max(largest, smoothed);
            return 0;
        }
        return smoothed / Math.max(TIMES * largest, 1e-6);
    }
}
