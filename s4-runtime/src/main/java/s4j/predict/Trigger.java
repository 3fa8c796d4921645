package s4j.predict;

import java.util.List;

/**
 * When averaged probabilities become events: a word's is above the threshold, it is the most probable, the last event is long enough
 * ago, and since the same word's last event it was below in between, so that one word spoken once is one event.
 */
public final class Trigger {
    private final boolean[] armed;
    private final boolean[] silent;
    private final double threshold;
    private final long pause;
    private long last;

    /**
     * Before its first step.
     *
     * @param names of the classes; those in underscores ({@code _silence_}, {@code _unknown_}) are never events
     * @param pause steps after an event without another
     */
    public Trigger(List<String> names, double threshold, long pause) {
        this.threshold = threshold;
        this.pause = pause;
        this.last = -pause - 1;
        this.armed = new boolean[names.size()];
        this.silent = new boolean[names.size()];
        java.util.Arrays.fill(armed, true);
        for (int i = 0; i < silent.length; i++) {
            silent[i] = names.get(i).startsWith("_");
        }
    }

    /** The class of an event at a step; -1: none. */
    public int next(long step, float[] probabilities) {
        int best = 0;
        for (int i = 0; i < armed.length; i++) {
            armed[i] |= probabilities[i] < threshold;
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        if (silent[best] || !armed[best] || probabilities[best] < threshold || step - last <= pause) {
            return -1;
        }
        armed[best] = false;
        last = step;
        return best;
    }
}
