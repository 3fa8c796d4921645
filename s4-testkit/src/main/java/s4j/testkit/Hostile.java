package s4j.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.function.Executable;

/** Campaigns of damaged files: each either is read or refused with the exception meant for users, nothing else. */
public final class Hostile {
    private static final int MUTATIONS = Integer.getInteger("s4j.mutations", 4_000);
    private static final long PER_BYTE = 2_000;

    /**
     * Runs an action.
     *
     * @param refusal the only exception that it may throw
     * @param what seed and number of the mutation, for messages
     * @return whether it was refused
     */
    public static boolean refused(Class<? extends Throwable> refusal, String what, Executable action) {
        return refused(List.of(refusal), what, action);
    }

    private static boolean refused(List<Class<? extends Throwable>> refusals, String what, Executable action) {
        try {
            action.execute();
            return false;
        } catch (Throwable t) {
            if (t.getMessage() != null && refusals.stream().anyMatch(r -> r.isInstance(t))) {
                return true;
            }
            throw new AssertionError(what + ": " + t, t);
        }
    }

    /** Reads a damaged file, with options drawn from the mutation's own numbers. */
    public interface Reading {
        /** Reads or refuses. */
        void read(SplittableRandom random) throws Exception;
    }

    /**
     * A campaign: damaged copies of a file are read or refused, some of both, each at a cost in memory of its size.
     * {@code -Ds4j.mutations=100000} makes it longer.
     *
     * @param file where a copy is written; its name stands in messages
     * @param codes bytes that mean something in this format
     * @param fixed bytes that any file may cost (buffers, a zip archive's tables), beside 2,000 for each of its own
     * @param refusals the only exceptions that reading may throw
     */
    public static void campaign(Path file, byte[] good, byte[] codes, long seed, long fixed, Reading reading,
            List<Class<? extends Throwable>> refusals) throws IOException {
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            Files.write(file, mutated(good, codes, random));
            String what = file.getFileName() + ", seed " + (seed + i);
            boolean[] was = new boolean[1];
            long cost = allocated(() -> was[0] = refused(refusals, what, () -> reading.read(random)));
            long size = Files.size(file);
            if (cost > fixed + PER_BYTE * size) {
                throw new AssertionError(what + " costs " + cost + " for " + size + " bytes");
            }
            refused += was[0] ? 1 : 0;
        }
        if (refused <= MUTATIONS / 50 || refused >= MUTATIONS) {
            throw new AssertionError(file.getFileName() + ": " + refused + " refused of " + MUTATIONS);
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
