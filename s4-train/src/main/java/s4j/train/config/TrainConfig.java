package s4j.train.config;

import java.util.Locale;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.data.MnistConfig;
import s4j.model.BackboneConfig;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.ModelConfig;
import s4j.model.NetworkConfig;
import s4j.torch.LearnerOptions;
import s4j.torch.OptimizerConfig;
import s4j.train.schedule.SchedulerConfig;

/**
 * A whole run: what {@code ./s4 train --print-config} prints and every model file holds.
 *
 * @param train the run as a whole
 * @param run where it is kept
 * @param trainer the training loop
 * @param kernel what computes the convolutions
 * @param loader batches
 * @param dataset data
 * @param task what is learned
 * @param encoder from data to features
 * @param decoder from features to outputs
 * @param model the backbone
 * @param optimizer the optimizer
 * @param scheduler the learning rate's schedule
 */
public record TrainConfig(TrainOptions train, RunConfig run, TrainerConfig trainer, KernelConfig kernel,
        LoaderConfig loader,
        DatasetConfig dataset, TaskConfig task, EncoderConfig encoder, DecoderConfig decoder, ModelConfig model,
        OptimizerConfig optimizer, SchedulerConfig scheduler) {
    public static final TrainConfig DEFAULTS = new TrainConfig(TrainOptions.DEFAULTS, RunConfig.DEFAULTS,
            TrainerConfig.DEFAULTS, KernelConfig.DEFAULTS, LoaderConfig.DEFAULTS, MnistConfig.DEFAULTS,
            TaskConfig.DEFAULTS,
            EncoderConfig.DEFAULTS, DecoderConfig.DEFAULTS, BackboneConfig.DEFAULTS, OptimizerConfig.DEFAULTS,
            SchedulerConfig.DEFAULTS);

    /** The run that a tree describes; what it does not name keeps its default. */
    public static TrainConfig of(ConfigTree tree) {
        return Binder.bind(tree, DEFAULTS);
    }

    /** Everything, in the official words. */
    public ConfigTree tree() { return Binder.tree(this); }

    /** Everything as YAML that reads back as the same run: what {@code --print-config} prints. */
    public String toYaml() {
        return tree().toYaml();
    }

    /**
     * The network for a data set.
     *
     * @throws ConfigException when task, decoder and encoder do not fit the data
     */
    public NetworkConfig network(Dataset data) {
        if (task.perStep() != data.stepTargets()) {
            throw new ConfigException(data.stepTargets()
                    ? "task._name_: got base; data set " + data.name()
                            + " has a target at each step; expected lm. Write task=lm"
                    : "task._name_: got lm; data set " + data.name()
                            + " has a class for each sequence; expected base. Write task=multiclass_classification");
        }
        if (task.perStep() && decoder.mode() != DecoderConfig.Mode.STEP) {
            throw new ConfigException("decoder.mode: got " + decoder.mode().name().toLowerCase(Locale.ROOT)
                    + "; task lm has a target at each step; expected step. Write decoder.mode=step");
        }
        if (task.perStep() && encoder.name() != EncoderConfig.Kind.EMBEDDING) {
            throw new ConfigException("encoder._name_: got " + encoder.name().name().toLowerCase(Locale.ROOT)
                    + "; data set " + data.name() + " gives tokens; expected embedding. Write encoder=embedding");
        }
        return new NetworkConfig(data.dInput(), data.dOutput(), data.lMax(), encoder, model, decoder);
    }

    /** What the learner needs beside the network. */
    public LearnerOptions learnerOptions() {
        return new LearnerOptions(optimizer, train.optimizerParamGrouping().biasWeightDecay(),
                train.optimizerParamGrouping().normalizationWeightDecay(), trainer.gradientClipVal(), train.ema(),
                trainer.device().name().toLowerCase(Locale.ROOT), kernel.backend().name().toLowerCase(Locale.ROOT),
                trainer.threads(), train.seed());
    }
}
