package s4j.testkit;

/** The sizes every claim is tried at: one, small, odd, powers of two and their neighbours. */
public final class Sizes {
    /** Sequence lengths and feature counts. */
    public static int[] all() {
        return new int[]{1, 2, 3, 7, 8, 13, 16, 31, 33, 64, 100, 207, 1024, 1025};
    }

    private Sizes() {}
}
