package s4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import s4j.generate.BytePairs;

/**
 * Learns which byte pairs to join (Sennrich et al. 2016): again and again the pair of neighbours that occurs most often inside the
 * pieces of a text becomes a token; of equally frequent ones that of the lowest numbers.
 */
final class BytePairTraining {
    /** A pair that occurs once is no rule. */
    private static final long LEAST = 2;

    private final List<String> tokens = BytePairs.bytes();
    private final Set<String> known = new HashSet<>(tokens);
    private final List<int[]> pieces = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private final Map<Long, Long> frequency = new HashMap<>();
    /** Pieces that a pair occurs in, or occurred. */
    private final Map<Long, Set<Integer>> places = new HashMap<>();
    private final PriorityQueue<Entry> queue = new PriorityQueue<>();

    /** A pair with the frequency that it had when it was put into the queue. */
    private record Entry(long pair, long frequency) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry o) {
            return frequency == o.frequency ? Long.compare(pair, o.pair) : Long.compare(o.frequency, frequency);
        }
    }

    private BytePairTraining(Map<String, Long> text) {
        text.forEach((piece, count) -> {
            int[] bytes = piece.chars().toArray();
            for (int i = 0; i + 1 < bytes.length; i++) {
                change(pair(bytes[i], bytes[i + 1]), count, pieces.size());
            }
            pieces.add(bytes);
            counts.add(count);
        });
        frequency.forEach((pair, n) -> queue.add(new Entry(pair, n)));
    }

    /**
     * The tokens: the bytes, then what is joined, in this order.
     *
     * @param text pieces, as bytes that are characters below 256, and how often each occurs
     * @param most tokens at most, at least 256
     */
    static List<String> tokens(Map<String, Long> text, int most) {
        BytePairTraining training = new BytePairTraining(text);
        while (training.tokens.size() < most && training.join()) {
        }
        return List.copyOf(training.tokens);
    }

    private static long pair(int left, int right) { return (long) left << 32 | right; }

    private void change(long pair, long by, int piece) {
        frequency.merge(pair, by, Long::sum);
        if (by > 0) {
            places.computeIfAbsent(pair, p -> new HashSet<>()).add(piece);
        }
    }

    /** Joins the most frequent pair; whether there was one. */
    private boolean join() {
        Entry best = queue.poll();
        while (best != null && best.frequency != frequency.getOrDefault(best.pair, 0L)) { // it has changed since
            best = queue.poll();
        }
        if (best == null || best.frequency < LEAST) {
            return false;
        }
        int left = (int) (best.pair >> 32);
        int right = (int) best.pair;
        String both = tokens.get(left) + tokens.get(right);
        // the same bytes may have been joined from others before: they are one token
        int number = known.add(both) ? tokens.size() : tokens.indexOf(both);
        if (number == tokens.size()) {
            tokens.add(both);
        }
        Set<Long> changed = new HashSet<>();
        for (int p : Set.copyOf(places.getOrDefault(best.pair, Set.of()))) {
            replace(p, left, right, number, changed);
        }
        places.remove(best.pair);
        frequency.remove(best.pair);
        for (long pair : changed) {
            long n = frequency.getOrDefault(pair, 0L);
            if (n > 0 && pair != best.pair) {
                queue.add(new Entry(pair, n));
            }
        }
        return true;
    }

    private void replace(int p, int left, int right, int number, Set<Long> changed) {
        int[] before = pieces.get(p);
        int[] after = new int[before.length];
        int n = 0;
        for (int i = 0; i < before.length; i++) {
            boolean here = i + 1 < before.length && before[i] == left && before[i + 1] == right;
            after[n++] = here ? number : before[i];
            i += here ? 1 : 0;
        }
        long count = counts.get(p);
        for (int i = 0; i + 1 < before.length; i++) {
            change(pair(before[i], before[i + 1]), -count, p);
            changed.add(pair(before[i], before[i + 1]));
        }
        int[] kept = java.util.Arrays.copyOf(after, n);
        for (int i = 0; i + 1 < n; i++) {
            change(pair(kept[i], kept[i + 1]), count, p);
            changed.add(pair(kept[i], kept[i + 1]));
        }
        pieces.set(p, kept);
    }
}
