package s4j.train.config;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;

/**
 * Where the run is kept ({@code run.*}).
 *
 * @param dir the run's directory; null: a new one under {@code runs/}
 * @param tensorboard whether metrics are written for TensorBoard as well
 */
public record RunConfig(@Nullable String dir, @Default("false") boolean tensorboard) {
    public static final RunConfig DEFAULTS = Defaults.of(RunConfig.class);
}
