package s4j.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@link Lanes} on the widest vectors of the processor. */
public final class SimdLanes implements Lanes {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    /** Whether there are thirty-two vector registers, not sixteen: AVX-512 and ARM. */
    public static final boolean MANY_REGISTERS = S.vectorBitSize() == 512
            || System.getProperty("os.arch").equals("aarch64");
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public int lanes() { return W; }

    @Override
    public void read(MemorySegment from, long offset, long stride, int width, float[] to, int at, int steps) {
        if (width == W) {
            for (int t = 0; t < steps; t++) {
                FloatVector.fromMemorySegment(S, from, offset + t * stride, ORDER).intoArray(to, at + t * W);
            }
            return;
        }
        VectorMask<Float> mask = S.indexInRange(0, width);
        for (int t = 0; t < steps; t++) {
            FloatVector.fromMemorySegment(S, from, offset + t * stride, ORDER, mask).intoArray(to, at + t * W);
        }
    }

    @Override
    public void write(MemorySegment to, long offset, long stride, int width, float[] from, int at, int steps) {
        if (width == W) {
            for (int t = 0; t < steps; t++) {
                FloatVector.fromArray(S, from, at + t * W).intoMemorySegment(to, offset + t * stride, ORDER);
            }
            return;
        }
        VectorMask<Float> mask = S.indexInRange(0, width);
        for (int t = 0; t < steps; t++) {
            FloatVector.fromArray(S, from, at + t * W).intoMemorySegment(to, offset + t * stride, ORDER, mask);
        }
    }

    @Override
    public void addScaled(float[] d, int dAt, float[] u, int uAt, float[] y, int yAt, int steps) {
        FloatVector factor = FloatVector.fromArray(S, d, dAt);
        for (int p = 0; p < steps * W; p += W) {
            factor.fma(FloatVector.fromArray(S, u, uAt + p), FloatVector.fromArray(S, y, yAt + p)).intoArray(y,
                    yAt + p);
        }
    }

    @Override
    public void addDot(float[] a, int aAt, float[] b, int bAt, int steps, float[] sum, int sumAt) {
        FloatVector s = FloatVector.fromArray(S, sum, sumAt);
        for (int p = 0; p < steps * W; p += W) {
            s = FloatVector.fromArray(S, a, aAt + p).fma(FloatVector.fromArray(S, b, bAt + p), s);
        }
        s.intoArray(sum, sumAt);
    }

    /** One load of k and one of u for each multiply-add: close to what the two load ports allow. */
    @Override
    public void convolve(float[] k, int kAt, int count, float[] u, int uAt, float[] y, int yAt) {
        FloatVector y0 = FloatVector.fromArray(S, y, yAt);
        FloatVector y1 = FloatVector.fromArray(S, y, yAt + W);
        FloatVector y2 = FloatVector.fromArray(S, y, yAt + 2 * W);
        FloatVector y3 = FloatVector.fromArray(S, y, yAt + 3 * W);
        FloatVector y4 = FloatVector.fromArray(S, y, yAt + 4 * W);
        FloatVector y5 = FloatVector.fromArray(S, y, yAt + 5 * W);
        FloatVector y6 = FloatVector.fromArray(S, y, yAt + 6 * W);
        FloatVector y7 = FloatVector.fromArray(S, y, yAt + 7 * W);
        for (int j = 0; j < count; j++) {
            FloatVector c = FloatVector.fromArray(S, k, kAt + j * W);
            int p = uAt - j * W;
            y0 = c.fma(FloatVector.fromArray(S, u, p), y0);
            y1 = c.fma(FloatVector.fromArray(S, u, p + W), y1);
            y2 = c.fma(FloatVector.fromArray(S, u, p + 2 * W), y2);
            y3 = c.fma(FloatVector.fromArray(S, u, p + 3 * W), y3);
            y4 = c.fma(FloatVector.fromArray(S, u, p + 4 * W), y4);
            y5 = c.fma(FloatVector.fromArray(S, u, p + 5 * W), y5);
            y6 = c.fma(FloatVector.fromArray(S, u, p + 6 * W), y6);
            y7 = c.fma(FloatVector.fromArray(S, u, p + 7 * W), y7);
        }
        y0.intoArray(y, yAt);
        y1.intoArray(y, yAt + W);
        y2.intoArray(y, yAt + 2 * W);
        y3.intoArray(y, yAt + 3 * W);
        y4.intoArray(y, yAt + 4 * W);
        y5.intoArray(y, yAt + 5 * W);
        y6.intoArray(y, yAt + 6 * W);
        y7.intoArray(y, yAt + 7 * W);
    }
}
