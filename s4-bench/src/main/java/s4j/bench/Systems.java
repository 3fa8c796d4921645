package s4j.bench;

import java.util.random.RandomGenerator;
import s4j.kernel.Workers;

/** What kernels of several benchmarks work on: S4D-Lin's poles with 32 pairs of states, λ = −1/2 + iπn, dt in [1e-3, 1e-1]. */
final class Systems {
    /** Conjugate pairs of states, the default d_state 64. */
    static final int PAIRS = 32;

    /** dt λ {@code [h, n]} as (re, im) pairs. */
    static double[] continuous(int h, RandomGenerator random) {
        double[] a = new double[2 * h * PAIRS];
        for (int f = 0; f < h; f++) {
            double dt = Math.exp(random.nextDouble(Math.log(1e-3), Math.log(1e-1)));
            for (int n = 0; n < PAIRS; n++) {
                a[2 * (f * PAIRS + n)] = -dt / 2;
                a[2 * (f * PAIRS + n) + 1] = Math.PI * n * dt;
            }
        }
        return a;
    }

    /** e^{dt λ} {@code [h, n]} as (re, im) pairs. */
    static double[] discrete(int h, RandomGenerator random) {
        double[] a = continuous(h, random);
        for (int i = 0; i < a.length; i += 2) {
            double size = Math.exp(a[i]);
            double angle = a[i + 1];
            a[i] = size * Math.cos(angle);
            a[i + 1] = size * Math.sin(angle);
        }
        return a;
    }

    /** Normal values times a factor. */
    static double[] normal(int n, double factor, RandomGenerator random) {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = factor * random.nextGaussian();
        }
        return x;
    }

    /** The same as float32. */
    static float[] floats(int n, double factor, RandomGenerator random) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (factor * random.nextGaussian());
        }
        return x;
    }

    /** As many threads as a parameter says; 0: all cores. */
    static Workers workers(int threads) {
        return new Workers(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
    }

    private Systems() {}
}
