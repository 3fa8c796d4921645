package s4j.data;

/**
 * One of several parts of a batch that together are all of it: of n rows, part i of k has those from ⌊n i / k⌋ to ⌊n (i + 1) / k⌋, so that
 * none is in two parts or in none, and sizes differ by one at most.
 *
 * @param index i, from 0
 * @param of k
 */
public record Share(int index, int of) {
    /** All of it. */
    public static final Share ALL = new Share(0, 1);

    /** Checks the place. */
    public Share {
        if (index < 0 || index >= of) {
            throw new IllegalArgumentException("part " + index + " of " + of + "; expected 0 to " + (of - 1));
        }
    }

    /** The first row of {@code n}. */
    public int from(int n) { return (int) ((long) n * index / of); }

    /** The row behind the last. */
    public int to(int n) { return (int) ((long) n * (index + 1) / of); }
}
