package s4j.data;

import java.util.Arrays;
import s4j.math.SplitMix64;

/**
 * Training indices split in two by seed alone.
 *
 * @param train indices to train on, ascending
 * @param validation the others, ascending
 */
public record Split(int[] train, int[] validation) {
    /** Keeps {@code round(n · fraction)} of n for validation: the head of a random order of (seed, "split"). */
    public static Split of(int n, double fraction, long seed) {
        int held = (int) Math.round(n * fraction);
        int[] order = SplitMix64.of(seed, "split", 0).permutation(n);
        int[] validation = Arrays.copyOfRange(order, 0, held);
        int[] train = Arrays.copyOfRange(order, held, n);
        Arrays.sort(validation);
        Arrays.sort(train);
        return new Split(train, validation);
    }
}
