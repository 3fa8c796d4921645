package s4j.kernel.convolution;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Backend;
import s4j.kernel.Workers;

/**
 * Convolution of sequences with kernels of any length, forward and backward:
 *
 * <pre>
 *   y_t[c, h] = d[c, h] u_t[h] + Σ_{s ≤ t} K[c, h]_{t−s} u_s[h] + Σ_{s > t} R[c, h]_{s−t−1} u_s[h]
 * </pre>
 *
 * <p>u is {@code [b, l, h]} and y {@code [b, l, c h]}, float32, the channel major: output feature c H + h. R, for
 * bidirectional layers, is the official form: it starts one step after t.
 *
 * <p>Short kernels are summed as written, others by transforms of one tile of features and one sequence at a time
 * ({@link RightAngleTransform}); memory grows with l, never with the states behind K. Gradients of K are sums of float32
 * within eight sequences, float64 above. Results do not depend on the number of threads, those of one sequence not on the
 * others.
 */
public final class ToeplitzConvolution {
    /** How the sums are computed. */
    enum Method {
        /** As written: lk multiply-adds for each output. */
        DIRECT,
        /** By transforms: work grows with log l. */
        SPECTRAL
    }

    /** The convolution by either method. */
    sealed interface Plan permits DirectConvolution, SpectralConvolution {
        /** y = … or y += …. */
        void forward(MemorySegment u, MemorySegment y, boolean add);

        /** du = … or du += …, and the sums for K, R and d. */
        void backward(MemorySegment u, MemorySegment dy, MemorySegment du, boolean add, Gradients gradients);
    }

    /** Kernels up to this length are summed as written: measured, the transforms win from about here on. */
    static final int DIRECT_UP_TO = 64;

    private final Plan plan;
    private final ConvolutionShape shape;
    private final boolean bidirectional;

    /**
     * Kernels and the sizes they run at, with R and d of the same channels.
     *
     * @param backend SIMD or scalar
     * @param workers the threads
     * @param b sequences, l steps, h features
     * @param channels c
     * @param k K {@code [c, h, lk]}, 1 ≤ lk ≤ l, rounded to float32
     * @param r R {@code [c, h, lk]}; null: causal
     * @param d {@code [c, h]}; null: no skip
     */
    public ToeplitzConvolution(Backend backend, Workers workers, int b, int l, int h, int channels, double[] k,
            double @Nullable [] r, float @Nullable [] d) {
        this(backend, workers, b, l, h, channels, rounded(workers, k), r == null ? null : rounded(workers, r), d);
    }

    /** The same for float32 kernels. */
    public ToeplitzConvolution(Backend backend, Workers workers, int b, int l, int h, int channels, float[] k,
            float @Nullable [] r, float @Nullable [] d) {
        this(backend, workers, shape(b, l, h, channels, k.length), k, r, d, null);
    }

    /** With a method of choice; null: by length. */
    ToeplitzConvolution(Backend backend, Workers workers, ConvolutionShape shape, float[] k, float @Nullable [] r,
            float @Nullable [] d, @Nullable Method method) {
        int features = shape.channels() * shape.h();
        if (r != null && r.length != k.length) {
            throw new IllegalArgumentException("convolution: R has %d values; expected as many as K, %d".formatted(
                    r.length, k.length));
        }
        if (d != null && d.length != features) {
            throw new IllegalArgumentException("convolution: d has %d values; expected %d, channels times features"
                    .formatted(d.length, features));
        }
        Method chosen = method != null
                ? method
                : shape.lk() <= DIRECT_UP_TO ? Method.DIRECT : Method.SPECTRAL;
        float[] skips = d == null ? new float[features] : d;
        this.plan = switch (chosen) {
            case DIRECT -> new DirectConvolution(backend, workers, shape, k, r, skips);
            case SPECTRAL -> new SpectralConvolution(backend, workers, shape, k, r, skips);
        };
        this.shape = shape;
        this.bidirectional = r != null;
    }

    private static ConvolutionShape shape(int b, int l, int h, int channels, int size) {
        if (b < 1 || l < 1 || h < 1 || channels < 1 || size == 0 || size % (channels * h) != 0
                || size / (channels * h) > l) {
            throw new IllegalArgumentException(
                    "convolution of [%d, %d, %d] with %d channels: %d kernel values; expected sizes ≥ 1 and c h lk values, lk ≤ l"
                            .formatted(b, l, h, channels, size));
        }
        return new ConvolutionShape(b, l, h, channels, size / (channels * h));
    }

    private static float[] rounded(Workers workers, double[] x) {
        float[] y = new float[x.length];
        int part = 1 << 16;
        workers.forEach(Math.ceilDiv(x.length, part), p -> {
            for (int i = p * part; i < Math.min(x.length, (p + 1) * part); i++) {
                y[i] = (float) x[i];
            }
        });
        return y;
    }

    /**
     * The outputs.
     *
     * @param u {@code [b, l, h]}
     * @param y {@code [b, l, c h]}, written, or added to; not the memory of u
     * @param add adds to what y holds
     */
    public void forward(MemorySegment u, MemorySegment y, boolean add) {
        require("u", u, 1);
        require("y", y, shape.channels());
        plan.forward(u, y, add);
    }

    /**
     * The gradients of a loss whose gradient of y is dy.
     *
     * @param u {@code [b, l, h]}, as forward had it
     * @param dy {@code [b, l, c h]}
     * @param du {@code [b, l, h]}, written, or added to; not the memory of u or dy
     * @param add adds to what du holds
     * @param gradients takes those of K, R and d: they are added to what it holds
     */
    public void backward(MemorySegment u, MemorySegment dy, MemorySegment du, boolean add, Gradients gradients) {
        require("u", u, 1);
        require("dy", dy, shape.channels());
        require("du", du, 1);
        int size = shape.channels() * shape.h() * shape.lk();
        if (gradients.k.length != size || bidirectional != (gradients.r != null)
                || (gradients.r != null && gradients.r.length != size)
                || gradients.d.length != shape.channels() * shape.h()) {
            throw new IllegalArgumentException(
                    "gradients of a convolution: sizes differ from those of K, R and d; expected Gradients.zeros(%d, %d, %d, %b)"
                            .formatted(shape.channels(), shape.h(), shape.lk(), bidirectional));
        }
        plan.backward(u, dy, du, add, gradients);
    }

    private void require(String name, MemorySegment x, int channels) {
        long bytes = (long) Float.BYTES * shape.b() * shape.l() * shape.h() * channels;
        if (x.byteSize() < bytes) {
            throw new IllegalArgumentException("convolution: %s has %d bytes; expected %d for [%d, %d, %d]".formatted(
                    name, x.byteSize(), bytes, shape.b(), shape.l(), shape.h() * channels));
        }
    }

    /** Gradients of K and R {@code [c, h, lk]} and of d {@code [c, h]}; sums over sequences. r is null without R. */
    public record Gradients(double[] k, double @Nullable [] r, double[] d) {
        /** Zeros. */
        public static Gradients zeros(int channels, int h, int lk, boolean bidirectional) {
            return new Gradients(new double[channels * h * lk], bidirectional ? new double[channels * h * lk] : null,
                    new double[channels * h]);
        }

        /** Those of K, then with R its own: {@code [c, h, lk]} or {@code [2c, h, lk]}; k itself without R. */
        public double[] joined() {
            if (r == null) {
                return k;
            }
            double[] both = Arrays.copyOf(k, k.length + r.length);
            System.arraycopy(r, 0, both, k.length, r.length);
            return both;
        }

        /** The gradient of R, which must be there. */
        double[] reverse() {
            return Objects.requireNonNull(r, "gradient of R");
        }
    }
}
