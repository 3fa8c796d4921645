package s4j.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Random numbers, each from a seed, and float32 memory. */
public final class Data {
    private static final int[] SIZES = {1, 3, 16, 17, 64, 100};

    /** Sizes of l and h; every pair of them is tried. */
    public static int[] sizes() { return SIZES.clone(); }

    /** Values that float32 holds exactly. */
    public static float[] floats(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    public static double[] doubles(int n, long seed) { return widened(floats(n, seed)); }

    /** dA of h features: dt between dtMin and 0.1, λ_n = −1/2 + iπn. */
    public static double[] nodes(int h, int n, double dtMin, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] a = new double[2 * h * n];
        for (int f = 0; f < h; f++) {
            double dt = f == 0 ? dtMin : dtMin * Math.pow(0.1 / dtMin, random.nextDouble());
            for (int i = 0; i < n; i++) {
                double size = Math.exp(-0.5 * dt);
                a[2 * (f * n + i)] = size * Math.cos(Math.PI * i * dt);
                a[2 * (f * n + i) + 1] = size * Math.sin(Math.PI * i * dt);
            }
        }
        return a;
    }

    public static MemorySegment memory(float[] x) {
        MemorySegment memory = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, x.length);
        MemorySegment.copy(x, 0, memory, ValueLayout.JAVA_FLOAT, 0, x.length);
        return memory;
    }

    public static MemorySegment memory(long n) { return Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, n); }

    public static float[] values(MemorySegment memory) { return memory.toArray(ValueLayout.JAVA_FLOAT); }

    public static double[] widened(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }

    public static double[] doubles(MemorySegment memory) { return widened(values(memory)); }

    public static double[] sum(double[] x, double[] y) {
        double[] z = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            z[i] = x[i] + y[i];
        }
        return z;
    }

    private Data() {}
}
