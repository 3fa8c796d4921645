package s4j.model;

import s4j.config.Key;
import s4j.config.Range;

/**
 * Pooling of the sequence between layers ({@code model.pool}): the length is divided by stride, the width multiplied by
 * expand.
 *
 * @param name {@code sample} (every stride-th step), {@code average}, or {@code linear} (a projection of stride steps)
 * @param stride steps per pooled step
 * @param expand width factor
 */
public record PoolConfig(@Key("_name_") Kind name, @Range(min = 1, max = 65536) int stride,
        @Range(min = 1, max = 64) int expand) {
    private static final int MOST_HELD = 64;

    public static final PoolConfig DEFAULTS = new PoolConfig(Kind.AVERAGE, 2, 1);

    /**
     * How often each step is repeated before it is pooled at a rate, so that pooled steps are as far apart as in training and
     * what follows runs at the rate {@code rate / held}: whole rates themselves, 1 for others.
     */
    public static int held(double rate) {
        return rate <= MOST_HELD && rate >= 1 && rate == Math.rint(rate) ? (int) rate : 1;
    }

    /** How stride steps become one. */
    public enum Kind {
        SAMPLE, AVERAGE, LINEAR
    }
}
