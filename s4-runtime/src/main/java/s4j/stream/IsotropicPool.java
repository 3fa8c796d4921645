package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.model.PoolConfig;
import s4j.model.PoolConfig.Kind;
import s4j.stream.Linear.Side;

/**
 * Shortens whole sequences by a stride and widens features: every stride-th step, means, or a projection. At a whole rate each step
 * stands for so many of training's.
 */
final class IsotropicPool {
    private final PoolConfig config;
    private final int h;
    private final int stride;
    private final int outStride;
    private final int held;
    private final @Nullable Linear linear;
    private final Build build;

    IsotropicPool(PoolConfig config, int h, Weights weights, Build build) {
        int out = Math.multiplyExact(h, config.expand());
        this.config = config;
        this.h = h;
        this.stride = Padding.stride(h);
        this.outStride = Padding.stride(out);
        this.held = PoolConfig.held(build.rate());
        this.build = build;
        this.linear = switch (config.name()) {
            case SAMPLE -> null;
            case AVERAGE -> config.expand() == 1
                    ? null
                    : Linear.load(weights, "linear", Side.plain(out), Side.plain(h), build.backend());
            case LINEAR -> Linear.load(weights, "linear", Side.plain(out), Side.blocks(config.stride(), h),
                    build.backend());
        };
    }

    Body.Output whole(Body.Output in) {
        int steps = config.stride();
        boolean sample = config.name() == Kind.SAMPLE;
        Sequences s = in.sequences();
        int all = Math.multiplyExact(s.l(), held);
        int l = sample ? Math.ceilDiv(all, steps) : all / steps;
        for (int i = 0; i < s.b(); i++) {
            if (!sample && s.length(i) * held < steps) {
                throw new IllegalArgumentException("pooling by " + steps + " leaves nothing of a sequence of "
                        + s.length(i) + " steps; use longer sequences, or a model with a smaller stride");
            }
        }
        Sequences pooled = s.pooled(l, n -> sample ? Math.ceilDiv(n * held, steps) : n * held / steps);
        float[] grouped = switch (config.name()) {
            case SAMPLE -> sampled(in.x(), s, pooled);
            case AVERAGE -> averaged(in.x(), s, pooled);
            case LINEAR -> gathered(in.x(), s, pooled);
        };
        if (linear == null) {
            return new Body.Output(grouped, pooled);
        }
        int width = grouped.length / pooled.rows();
        float[] y = new float[Math.multiplyExact(pooled.rows(), outStride)];
        build.machine().forRows(pooled.rows(), (first, count) -> linear.apply(grouped, first * width, width, count, y,
                first * outStride, build.scratch().get()));
        return new Body.Output(y, pooled);
    }

    /** Where step t of those that become the row i stands. */
    private int from(int i, int t, Sequences s, Sequences pooled) {
        return (i / pooled.l() * s.l() + (i % pooled.l() * config.stride() + t) / held) * stride;
    }

    /** Each feature of a kept step {@code expand} times. */
    private float[] sampled(float[] x, Sequences s, Sequences pooled) {
        float[] y = new float[Math.multiplyExact(pooled.rows(), outStride)];
        for (int i = 0; i < pooled.rows(); i++) {
            int from = from(i, 0, s, pooled);
            for (int f = 0; f < h * config.expand(); f++) {
                y[i * outStride + f] = x[from + f / config.expand()];
            }
        }
        return y;
    }

    private float[] averaged(float[] x, Sequences s, Sequences pooled) {
        float[] y = new float[Math.multiplyExact(pooled.rows(), stride)];
        for (int i = 0; i < pooled.rows(); i++) {
            for (int f = 0; f < h; f++) {
                double sum = 0;
                for (int t = 0; t < config.stride(); t++) {
                    sum += x[from(i, t, s, pooled) + f];
                }
                y[i * stride + f] = (float) (sum / config.stride());
            }
        }
        return y;
    }

    private float[] gathered(float[] x, Sequences s, Sequences pooled) {
        int width = config.stride() * stride;
        float[] y = new float[Math.multiplyExact(pooled.rows(), width)];
        for (int i = 0; i < pooled.rows(); i++) {
            for (int t = 0; t < config.stride(); t++) {
                System.arraycopy(x, from(i, t, s, pooled), y, i * width + t * stride, stride);
            }
        }
        return y;
    }
}
