package s4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * Sizes of one benchmark, written {@code BxHxL} as JMH's parameters have to be texts.
 *
 * @param b sequences
 * @param h features
 * @param l steps
 */
record Sizes(int b, int h, int l) {
    /** A cache line, and more than any vector. */
    private static final long ALIGNMENT = 64;

    /** Reads {@code 50x128x784}. */
    static Sizes parse(String text) {
        String[] s = text.split("x", -1);
        return new Sizes(Integer.parseInt(s[0]), Integer.parseInt(s[1]), Integer.parseInt(s[2]));
    }

    /** Native memory for {@code [b, l, h]} float32, as layers hand it over; zeros. */
    MemorySegment activations(Arena arena) {
        return arena.allocate(4L * b * l * h, ALIGNMENT);
    }

    /** The same, filled with normal values. */
    MemorySegment random(Arena arena, RandomGenerator random) {
        MemorySegment u = activations(arena);
        for (long i = 0; i < (long) b * l * h; i++) {
            u.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return u;
    }
}
