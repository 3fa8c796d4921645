package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.model.PoolConfig;
import s4j.model.PoolConfig.Kind;
import s4j.stream.Linear.Side;

/** Shortens whole sequences by a stride and widens features: every stride-th step, means, or a projection. */
final class IsotropicPool {
    private final PoolConfig config;
    private final int h;
    private final int stride;
    private final int outStride;
    private final @Nullable Linear linear;
    private final Build build;

    IsotropicPool(PoolConfig config, int h, Weights weights, Build build) {
        int out = Math.multiplyExact(h, config.expand());
        this.config = config;
        this.h = h;
        this.stride = Padding.stride(h);
        this.outStride = Padding.stride(out);
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
        int l = sample ? Math.ceilDiv(s.l(), steps) : s.l() / steps;
        for (int i = 0; i < s.b(); i++) {
            if (!sample && s.length(i) < steps) {
                throw new IllegalArgumentException("pooling by " + steps + " leaves nothing of a sequence of "
                        + s.length(i) + " steps; use longer sequences, or a model with a smaller stride");
            }
        }
        Sequences pooled = s.pooled(l, n -> sample ? Math.ceilDiv(n, steps) : n / steps);
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

    /** Each feature of a kept step {@code expand} times. */
    private float[] sampled(float[] x, Sequences s, Sequences pooled) {
        float[] y = new float[Math.multiplyExact(pooled.rows(), outStride)];
        for (int i = 0; i < pooled.rows(); i++) {
            int from = (i / pooled.l() * s.l() + i % pooled.l() * config.stride()) * stride;
            for (int f = 0; f < h * config.expand(); f++) {
                y[i * outStride + f] = x[from + f / config.expand()];
            }
        }
        return y;
    }

    private float[] averaged(float[] x, Sequences s, Sequences pooled) {
        float[] y = new float[Math.multiplyExact(pooled.rows(), stride)];
        for (int i = 0; i < pooled.rows(); i++) {
            int from = (i / pooled.l() * s.l() + i % pooled.l() * config.stride()) * stride;
            for (int f = 0; f < h; f++) {
                double sum = 0;
                for (int t = 0; t < config.stride(); t++) {
                    sum += x[from + t * stride + f];
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
            int from = (i / pooled.l() * s.l() + i % pooled.l() * config.stride()) * stride;
            System.arraycopy(x, from, y, i * width, width);
        }
        return y;
    }
}
