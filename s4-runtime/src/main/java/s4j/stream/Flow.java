package s4j.stream;

/** The next rows of some streams: rows of stream i follow those of stream i − 1. Reused, so that a step allocates nothing. */
final class Flow {
    StreamState[] states = new StreamState[1];
    /** Rows of each stream. */
    int[] counts = new int[1];
    /** Rows that each stream has had before. */
    long[] firsts = new long[1];
    int streams;
    int rows;

    /** Forgets all streams. */
    void clear() {
        streams = 0;
        rows = 0;
    }

    /** Adds rows of a stream. */
    void add(StreamState state, int count, long first) {
        if (streams == counts.length) {
            states = java.util.Arrays.copyOf(states, 2 * streams);
            counts = java.util.Arrays.copyOf(counts, 2 * streams);
            firsts = java.util.Arrays.copyOf(firsts, 2 * streams);
        }
        states[streams] = state;
        counts[streams] = count;
        firsts[streams] = first;
        streams++;
        rows += count;
    }
}
