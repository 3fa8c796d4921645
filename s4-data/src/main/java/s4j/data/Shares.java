package s4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import s4j.math.SplitMix64;

/**
 * Splits by seed alone in which every class has its share, and in which no class loses its last member to the part that is split
 * off.
 *
 * @param label of an index; null for all where there are no classes
 */
record Shares(IntFunction<Object> label) {
    /** One class for all: a plain random split. */
    static final Shares ANY = new Shares(i -> "");

    /** What is kept and what is split off, {@code round(n · fraction)} of n, of a fraction above 0 at least one, where the classes allow it, each ascending. */
    int[][] split(int[] from, double fraction, long seed, String purpose) {
        int[] order = SplitMix64.of(seed, purpose, 0).permutation(from.length);
        int wanted = fraction == 0 ? 0 : Math.max(1, (int) Math.round(from.length * fraction));
        List<Integer> ranked = new ArrayList<>();
        Arrays.stream(order).forEach(i -> ranked.add(from[i]));
        Map<Object, Integer> left = new HashMap<>();
        ranked.forEach(i -> left.merge(label.apply(i), 1, Integer::sum));
        Map<Integer, Double> place = places(ranked, left);
        // a head of this order has every class in its share; equal places keep the random order
        ranked.sort((a, b) -> Double.compare(place.getOrDefault(a, 0.0), place.getOrDefault(b, 0.0)));
        HashSet<Integer> off = new HashSet<>();
        for (int i : ranked) {
            Object own = label.apply(i);
            if (off.size() < wanted && left.getOrDefault(own, 0) > 1) {
                off.add(i);
                left.merge(own, -1, Integer::sum);
            }
        }
        return new int[][]{Arrays.stream(from).filter(i -> !off.contains(i)).sorted().toArray(),
                off.stream().mapToInt(i -> i).sorted().toArray()};
    }

    /** Each index's place in its own class, from 0 to 1. */
    private Map<Integer, Double> places(List<Integer> ranked, Map<Object, Integer> size) {
        Map<Object, Integer> seen = new HashMap<>();
        Map<Integer, Double> out = new HashMap<>();
        for (int i : ranked) {
            Object own = label.apply(i);
            int before = seen.merge(own, 1, Integer::sum) - 1;
            out.put(i, (before + 0.5) / size.getOrDefault(own, 1));
        }
        return out;
    }
}
