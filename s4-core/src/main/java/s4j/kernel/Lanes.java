package s4j.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Copies and sums with features on the lanes: blocks are {@code [step, lane]}, indices count floats.
 *
 * <p>{@link ScalarLanes} has one lane, {@link SimdLanes} as many as a vector.
 */
public interface Lanes {
    /**
     * Index of the first number in an array whose vectors shall not straddle cache lines: with {@code
     * -XX:ObjectAlignmentInBytes=64}, which {@code ./s4} sets, it stands 64 bytes behind the start of the object. Without that
     * option it changes nothing.
     */
    int FIRST = 12;
    /** The same for numbers of 64 bits. */
    int FIRST_LONG = 6;
    /** Outputs that {@link #convolve} makes at once. */
    int OUTPUTS = 8;

    /** The lanes of this backend. */
    static Lanes of(Backend backend) {
        return backend.required() == Backend.SIMD ? new SimdLanes() : new ScalarLanes();
    }

    /** Features side by side. */
    int lanes();

    /** Copies steps of {@code width} ≤ lanes features that lie {@code stride} bytes apart into a block. */
    void read(MemorySegment from, long offset, long stride, int width, float[] to, int at, int steps);

    /** Copies a block back. */
    void write(MemorySegment to, long offset, long stride, int width, float[] from, int at, int steps);

    /** y += d u over a block, with one d per lane. */
    void addScaled(float[] d, int dAt, float[] u, int uAt, float[] y, int yAt, int steps);

    /** sum += Σ_t a_t b_t of each lane. */
    void addDot(float[] a, int aAt, float[] b, int bAt, int steps, float[] sum, int sumAt);

    /** y_i += Σ_{j &lt; count} k_j u_{i−j} for {@value #OUTPUTS} outputs i; {@code uAt} is where u_0 stands. */
    void convolve(float[] k, int kAt, int count, float[] u, int uAt, float[] y, int yAt);
}
