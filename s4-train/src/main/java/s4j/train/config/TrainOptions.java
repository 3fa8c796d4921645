package s4j.train.config;

import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Range;

/**
 * What belongs to the run as a whole ({@code train.*}).
 *
 * @param seed of initialisation, data order and dropout
 * @param ckpt a checkpoint or run directory to continue; null: a new run
 * @param ema decay of the weights' moving average, used by evaluation and in the model file; 0: none
 * @param state what a chunk of text goes on from
 * @param optimizerParamGrouping what the weight decay of the optimizer applies to
 */
public record TrainOptions(@Default("0") long seed, @Nullable String ckpt,
        @Default("0.0") @Range(min = 0, max = 0.999999) double ema, StateConfig state,
        ParamGrouping optimizerParamGrouping) {
    public static final TrainOptions DEFAULTS = Defaults.of(TrainOptions.class);
}
