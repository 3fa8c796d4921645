package s4j.math;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014): sixty-four random bits from a
 * counter, the same on every machine and JDK. The JDK's own generators do not promise their bounded numbers.
 */
public final class SplitMix64 {
    private long state;

    /** A generator that starts at a seed. */
    public SplitMix64(long seed) { state = seed; }

    /**
     * A generator for one purpose: its seed is the first eight bytes (big-endian) of SHA-256 over
     * {@code seed (8 bytes), n (8 bytes), purpose (UTF-8)}, so that purposes and epochs never share a stream.
     */
    public static SplitMix64 of(long seed, String purpose, long n) {
        MessageDigest sha = sha256();
        sha.update(ByteBuffer.allocate(16).putLong(seed).putLong(n).flip());
        return new SplitMix64(ByteBuffer.wrap(sha.digest(purpose.getBytes(StandardCharsets.UTF_8))).getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The next 64 bits. */
    public long nextLong() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** A number in [0, 1): the upper 53 bits. */
    public double nextDouble() { return (nextLong() >>> 11) * 0x1p-53; }

    /** A number in [0, bound), every one equally likely: the upper 31 bits, drawn again where they would favour some. */
    public int nextInt(int bound) {
        int limit = Integer.MAX_VALUE - Integer.MAX_VALUE % bound;
        int r;
        do {
            r = (int) (nextLong() >>> 33);
        } while (r >= limit);
        return r % bound;
    }

    /** A random order of 0 … n − 1 (Fisher and Yates, from the end). */
    public int[] permutation(int n) {
        int[] p = new int[n];
        for (int i = 0; i < n; i++) {
            p[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swap = p[i];
            p[i] = p[j];
            p[j] = swap;
        }
        return p;
    }
}
