package s4j.kernel.convolution;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tables of {@link RightAngleTransform} for one size N = r 2^e 4^p with r in {4, 5, 6, 7} and e in {0, 1}: of every two sizes
 * in sequence the larger is at most a quarter above. Angles in float64, rounded once.
 *
 * @param size N
 * @param root r
 * @param rootForward for each part k: e^{i q α_k}, q &lt; 7, as (re, im), 0 from r on
 * @param rootBack for each part q: e^{i q α_k}, k &lt; 7, as (re, im), 0 from r on
 * @param radices of the levels below the root
 * @param twiddles of each level, for each block ζ, ζ², ζ³ as (re, im)
 */
record RightAnglePlan(int size, int root, float[] rootForward, float[] rootBack, int[] radices, float[][] twiddles) {
    /** Numbers a root table holds for each part. */
    static final int ROW = 14;
    private static final int CACHED = 16;
    private static final Map<Integer, RightAnglePlan> CACHE = new LinkedHashMap<>();

    /** The smallest N ≥ length. */
    static int sizeFor(int length) {
        for (int power = 1;; power *= 2) {
            for (int r = 4; r < 8; r++) {
                if (r * power >= length) {
                    return r * power;
                }
            }
        }
    }

    /** The plan of a size that {@link #sizeFor} gave; the last {@value #CACHED} made are kept. */
    static RightAnglePlan of(int size) {
        synchronized (CACHE) {
            RightAnglePlan plan = CACHE.get(size);
            if (plan == null) {
                plan = create(size);
                CACHE.put(size, plan);
                if (CACHE.size() > CACHED) {
                    CACHE.remove(CACHE.keySet().iterator().next());
                }
            }
            return plan;
        }
    }

    private static RightAnglePlan create(int size) {
        int bits = 0;
        int root = size;
        for (; root >= 8; root /= 2) {
            bits++;
        }
        int[] radices = new int[(bits + 1) / 2];
        for (int i = 0; i < radices.length; i++) {
            radices[i] = i == 0 && bits % 2 == 1 ? 2 : 4;
        }
        double[] angles = children(new double[]{Math.PI / 2}, root);
        float[] forward = new float[ROW * root];
        float[] back = new float[ROW * root];
        for (int k = 0; k < root; k++) {
            for (int q = 0; q < root; q++) {
                forward[ROW * k + 2 * q] = (float) Math.cos(q * angles[k]);
                forward[ROW * k + 2 * q + 1] = (float) Math.sin(q * angles[k]);
                back[ROW * q + 2 * k] = forward[ROW * k + 2 * q];
                back[ROW * q + 2 * k + 1] = forward[ROW * k + 2 * q + 1];
            }
        }
        float[][] twiddles = new float[radices.length][];
        for (int level = 0; level < radices.length; level++) {
            int radix = radices[level];
            float[] table = new float[2 * (radix - 1) * angles.length];
            int at = 0;
            for (double angle : angles) {
                for (int q = 1; q < radix; q++) {
                    table[at++] = (float) Math.cos(q * angle / radix);
                    table[at++] = (float) Math.sin(q * angle / radix);
                }
            }
            twiddles[level] = table;
            angles = children(angles, radix);
        }
        return new RightAnglePlan(size, root, forward, back, radices, twiddles);
    }

    /** x^{r m} − e^{iθ} has the factors x^m − e^{i(θ + 2πk)/r}. */
    private static double[] children(double[] angles, int radix) {
        double[] next = new double[angles.length * radix];
        for (int i = 0; i < next.length; i++) {
            next[i] = (angles[i / radix] + 2 * Math.PI * (i % radix)) / radix;
        }
        return next;
    }
}
