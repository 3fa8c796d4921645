package s4j.predict;

/**
 * How a {@link Spotter} decides, times in seconds. The defaults are those of the published streaming evaluation of Speech Commands.
 *
 * @param threshold of the averaged probability, above which a word is an event
 * @param average over which probabilities are averaged
 * @param suppression after an event, in which there is no other
 * @param window over which a network that pools time sees its input; 0: as long as the recordings it was trained on, or 1
 */
public record SpotterOptions(double threshold, double average, double suppression, double window) {
    public static final SpotterOptions DEFAULTS = new SpotterOptions(0.7, 0.5, 0.5, 0);

    private static final double LONGEST = 60;

    /** Checks the ranges. */
    public SpotterOptions {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold: got " + threshold + "; expected above 0, up to 1");
        }
        requireTime("average", average);
        requireTime("suppression", suppression);
        requireTime("window", window);
    }

    private static void requireTime(String name, double seconds) {
        if (!(seconds >= 0 && seconds <= LONGEST)) {
            throw new IllegalArgumentException(name + ": got " + seconds + "; expected 0 to " + LONGEST + " seconds");
        }
    }
}
