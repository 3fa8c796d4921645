package s4j.testkit;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.function.Executable;

/** Campaigns of damaged files: each either is read or refused with the exception meant for users, nothing else. */
public final class Hostile {
    /**
     * Runs an action.
     *
     * @param refusal the only exception that it may throw
     * @param what seed and number of the mutation, for messages
     * @return whether it was refused
     */
    public static boolean refused(Class<? extends Throwable> refusal, String what, Executable action) {
        try {
            action.execute();
            return false;
        } catch (Throwable t) {
            if (refusal.isInstance(t) && t.getMessage() != null) {
                return true;
            }
            throw new AssertionError(what + ": " + t, t);
        }
    }

    /** Bytes that an action allocates on this thread: what it costs, the same on every machine. */
    public static long allocated(Executable action) {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            action.execute();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** A copy with some bytes changed, removed, repeated or put in; {@code codes} are bytes that mean something. */
    public static byte[] mutated(byte[] bytes, byte[] codes, SplittableRandom random) {
        byte[] out = bytes.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            if (out.length == 0) {
                return out;
            }
            int at = random.nextInt(out.length);
            switch (random.nextInt(6)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> out[at] = codes[random.nextInt(codes.length)];
                case 3 -> out = Arrays.copyOf(out, at);
                case 4 -> out = spliced(out, at, out, random.nextInt(out.length), 1 + random.nextInt(24));
                default -> Arrays.fill(out, at, Math.min(out.length, at + 1 + random.nextInt(8)),
                        random.nextBoolean() ? (byte) 0xff : 0);
            }
        }
        return out;
    }

    /** {@code count} bytes of another array from a place on, put in at a place. */
    private static byte[] spliced(byte[] into, int at, byte[] from, int start, int count) {
        int n = Math.min(count, from.length - start);
        byte[] out = Arrays.copyOf(into, into.length + n);
        System.arraycopy(from, start, out, at, n);
        System.arraycopy(into, at, out, at + n, into.length - at);
        return out;
    }

    private Hostile() {}
}
