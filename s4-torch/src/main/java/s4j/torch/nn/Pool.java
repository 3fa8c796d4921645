package s4j.torch.nn;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.model.PoolConfig;
import s4j.torch.tensor.Linear;
import s4j.torch.tensor.ParameterStore;

/**
 * Shortens {@code [b, l, h]} to {@code [b, ⌊l / stride⌋, h · expand]}: the official DownSample ({@code sample}, which keeps
 * ⌈l / stride⌉ steps), DownAvgPool ({@code average}) and DownLinearPool ({@code linear}).
 *
 * @param config kind, stride and expand
 * @param linear the projection of average (where expand &gt; 1) and linear pooling
 */
record Pool(PoolConfig config, @Nullable Linear linear) {
    /** Creates the pool's projection below {@code prefix}. */
    static Pool create(PoolConfig config, int features, String prefix, ParameterStore store) {
        int out = features * config.expand();
        return new Pool(config, switch (config.name()) {
            case SAMPLE -> null;
            case AVERAGE -> config.expand() == 1 ? null : store.addLinear(prefix + "linear", features, out);
            case LINEAR -> store.addLinear(prefix + "linear", features * config.stride(), out);
        });
    }

    /** At a whole rate each step stands for so many of training's, and is pooled as these would be. */
    Tensor forward(Tensor steps, double rate) {
        Tensor x = held(steps, rate);
        long stride = config.stride();
        long length = x.size(1) / stride;
        if (config.name() == PoolConfig.Kind.SAMPLE) {
            Tensor kept = everyStride(x, 0);
            return config.expand() == 1
                    ? kept
                    : kept.repeat_interleave(config.expand(), new LongOptional(-1), new LongOptional());
        }
        if (length == 0) {
            throw new IllegalArgumentException("pooling by " + stride + " leaves nothing of a sequence of " + x.size(1)
                    + " steps; use a smaller stride or longer sequences");
        }
        Tensor grouped = x.narrow(1, 0, length * stride).unflatten(1, length, stride);
        Tensor pooled = config.name() == PoolConfig.Kind.AVERAGE ? grouped.mean(2) : grouped.flatten(2, 3);
        return linear == null ? pooled : linear.forward(pooled);
    }

    /**
     * The mask {@code [b, l, 1]} of pooled steps, such that a padded sequence keeps as many as it would have alone: real
     * where the first step is (sample), or where all are (average, linear).
     */
    Tensor mask(Tensor mask, double rate) {
        return everyStride(held(mask, rate), config.name() == PoolConfig.Kind.SAMPLE ? 0 : config.stride() - 1);
    }

    private static Tensor held(Tensor x, double rate) {
        int times = PoolConfig.held(rate);
        return times == 1 ? x : x.repeat_interleave(times, new LongOptional(1), new LongOptional());
    }

    private Tensor everyStride(Tensor x, long first) {
        return x.slice(1, new LongOptional(first), new LongOptional(x.size(1)), config.stride());
    }
}
