package s4j.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link Lanes} for one feature. */
final class ScalarLanes implements Lanes {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    @Override
    public int lanes() { return 1; }

    @Override
    public void read(MemorySegment from, long offset, long stride, int width, float[] to, int at, int steps) {
        for (int t = 0; t < steps; t++) {
            to[at + t] = from.get(FLOAT, offset + t * stride);
        }
    }

    @Override
    public void write(MemorySegment to, long offset, long stride, int width, float[] from, int at, int steps) {
        for (int t = 0; t < steps; t++) {
            to.set(FLOAT, offset + t * stride, from[at + t]);
        }
    }

    @Override
    public void addScaled(float[] d, int dAt, float[] u, int uAt, float[] y, int yAt, int steps) {
        for (int t = 0; t < steps; t++) {
            y[yAt + t] = Math.fma(d[dAt], u[uAt + t], y[yAt + t]);
        }
    }

    @Override
    public void addDot(float[] a, int aAt, float[] b, int bAt, int steps, float[] sum, int sumAt) {
        float s = sum[sumAt];
        for (int t = 0; t < steps; t++) {
            s = Math.fma(a[aAt + t], b[bAt + t], s);
        }
        sum[sumAt] = s;
    }

    @Override
    public void convolve(float[] k, int kAt, int count, float[] u, int uAt, float[] y, int yAt) {
        for (int i = 0; i < OUTPUTS; i++) {
            float s = y[yAt + i];
            for (int j = 0; j < count; j++) {
                s = Math.fma(k[kAt + j], u[uAt + i - j], s);
            }
            y[yAt + i] = s;
        }
    }
}
