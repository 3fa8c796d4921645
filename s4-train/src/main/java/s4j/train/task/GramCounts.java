package s4j.train.task;

/** Counts by 64-bit hash: open addressing in two arrays, 12 bytes an entry at a load below ⅔. */
final class GramCounts {
    private long[] keys = new long[1 << 10];
    private int[] counts = new int[1 << 10];
    private int size;

    /** One more; the count then. */
    int add(long hash) {
        if (3L * size > 2L * keys.length) {
            grow();
        }
        int at = place(hash);
        if (counts[at] == 0) {
            keys[at] = hash;
            size++;
        }
        return ++counts[at];
    }

    /** The count; 0 where there is none. */
    int get(long hash) { return counts[place(hash)]; }

    /** How many have this count. */
    long having(int count) {
        long n = 0;
        for (int c : counts) {
            n += c == count ? 1 : 0;
        }
        return n;
    }

    private int place(long hash) {
        int mask = keys.length - 1;
        int at = (int) hash & mask;
        while (counts[at] != 0 && keys[at] != hash) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldCounts = counts;
        keys = new long[2 * oldKeys.length];
        counts = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldCounts[i] > 0) {
                int at = place(oldKeys[i]);
                keys[at] = oldKeys[i];
                counts[at] = oldCounts[i];
            }
        }
    }
}
