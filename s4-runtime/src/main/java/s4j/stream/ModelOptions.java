package s4j.stream;

import s4j.kernel.Backend;

/**
 * How a model runs.
 *
 * @param backend SIMD or scalar
 * @param threads of {@link S4Model#forward} and of steps; those of up to 64 streams together use four at most
 * @param rate relative sampling rate: 2 for data of half the sampling frequency of training
 */
public record ModelOptions(Backend backend, int threads, double rate) {
    /** SIMD where the JVM has it, every processor, the rate of training. */
    public static ModelOptions standard() {
        return new ModelOptions(Backend.best(), Runtime.getRuntime().availableProcessors(), 1);
    }

    /** Checks the rate. */
    public ModelOptions {
        if (!(rate > 0 && rate <= 1e6)) {
            throw new IllegalArgumentException("sampling rate " + rate + "; expected a number above 0, up to 1e6");
        }
    }

    /** The same at another rate. */
    public ModelOptions atRate(double other) {
        return new ModelOptions(backend, threads, other);
    }
}
