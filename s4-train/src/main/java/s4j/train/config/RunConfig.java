package s4j.train.config;

import org.jspecify.annotations.Nullable;

/**
 * Where the run is kept ({@code run.*}).
 *
 * @param dir the run's directory; null: a new one under {@code runs/}
 */
public record RunConfig(@Nullable String dir) {
    public static final RunConfig DEFAULTS = new RunConfig(null);
}
