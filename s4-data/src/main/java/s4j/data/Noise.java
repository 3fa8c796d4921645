package s4j.data;

import java.util.List;
import s4j.math.SplitMix64;

/** Noise that needs no recording. */
final class Noise {
    private static final int SECONDS = 10;
    /** Standard deviation. */
    static final double LEVEL = 0.1;

    /** Ten seconds each of white, pink (3 dB less an octave) and brown noise (6 dB less), of standard deviation 0.1. */
    static List<float[]> synthetic(int rate, long seed) {
        int n = SECONDS * rate;
        return List.of(white(n, seed), pink(n, seed + 1), brown(n, seed + 2));
    }

    private static float[] white(int n, long seed) {
        SplitMix64 random = SplitMix64.of(seed, "noise", 0);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = gauss(random);
        }
        return levelled(x);
    }

    /** A sum of random numbers of which number k is drawn anew every 2^k samples (Voss). */
    private static float[] pink(int n, long seed) {
        SplitMix64 random = SplitMix64.of(seed, "noise", 1);
        double[] held = new double[16];
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            int k = Math.min(held.length - 1, Integer.numberOfTrailingZeros(i + 1));
            held[k] = gauss(random);
            for (double h : held) {
                x[i] += h;
            }
        }
        return levelled(x);
    }

    private static float[] brown(int n, long seed) {
        SplitMix64 random = SplitMix64.of(seed, "noise", 2);
        double[] x = new double[n];
        double at = 0;
        for (int i = 0; i < n; i++) {
            at = 0.998 * at + gauss(random);
            x[i] = at;
        }
        return levelled(x);
    }

    private static double gauss(SplitMix64 random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static float[] levelled(double[] x) {
        double mean = java.util.Arrays.stream(x).average().orElse(0);
        double squares = java.util.Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
        double factor = LEVEL / Math.sqrt(squares / x.length);
        float[] out = new float[x.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) ((x[i] - mean) * factor);
        }
        return out;
    }

    private Noise() {}
}
