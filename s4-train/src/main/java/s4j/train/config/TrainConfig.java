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
import s4j.model.ObjectiveConfig;
import s4j.torch.LearnerOptions;
import s4j.torch.OptimizerConfig;
import s4j.train.schedule.SchedulerConfig;
import s4j.train.task.TaskConfig;
import s4j.train.task.Tasks;

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
        TrainConfig config = Binder.bind(tree, DEFAULTS);
        ConfigCheck.check(config.model());
        return config;
    }

    /**
     * Refuses a decoder that fits neither the task nor the data set, as far as that is known before the data is read.
     *
     * @throws ConfigException naming the key
     */
    public void requireDecoder() {
        if (!task.name().equals(Tasks.AUTO)) {
            Tasks.of(task).requireDecoder(decoder);
        }
        if (decoder.mode() == DecoderConfig.Mode.RAGGED && dataset.oneLength()) {
            throw ragged(dataset.name());
        }
    }

    private static ConfigException ragged(String data) {
        return new ConfigException("decoder.mode: got ragged, but the sequences of data set " + data
                + " have one length; expected last");
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
        Tasks.of(task).requireFitting(data, encoder, decoder);
        boolean embedding = encoder.tokens();
        if (embedding != data.tokens()) {
            throw new ConfigException("encoder._name_: got " + encoder.name().name().toLowerCase(Locale.ROOT)
                    + "; data set " + data.name() + (data.tokens()
                            ? " gives tokens; expected embedding. Write encoder=embedding"
                            : " gives values; expected linear. Write encoder=linear"));
        }
        if (decoder.mode() == DecoderConfig.Mode.RAGGED && data.train().batch(new int[]{0}).lengths() == null) {
            throw ragged(data.name());
        }
        if (encoder.name() == EncoderConfig.Kind.ID && data.dInput() != model.dModel()) {
            throw new ConfigException(
                    "encoder._name_: got id, which passes %d values a step to model.d_model=%d; expected linear"
                            .formatted(data.dInput(), model.dModel()));
        }
        int outputs;
        try {
            outputs = task.loss().outputs(data.targets());
        } catch (IllegalArgumentException e) {
            throw new ConfigException("task." + e.getMessage(), e);
        }
        try {
            return new NetworkConfig(data.dInput(), outputs, longest(data),
                    encoder.told(data.conditions(), data.parts()),
                    model,
                    decoder(data));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Tokens of a chunk of text. */
    public int chunk(Dataset data) {
        return loader.lMax() == null ? data.lMax() : loader.lMax();
    }

    private int longest(Dataset data) { return data.corpus() == null ? data.lMax() : chunk(data); }

    /** With the steps that the data set says, where the configuration leaves them open. */
    private DecoderConfig decoder(Dataset data) {
        boolean open = decoder.lOutput() == null && data.lOutput() > 0;
        return open
                ? new DecoderConfig(decoder.name(), decoder.mode(), data.lOutput(), decoder.zeroInit(), decoder.tied())
                : decoder;
    }

    /** The same with the task that belongs to the data set where it was left open ({@code task=auto}). */
    public TrainConfig resolved(Dataset data) {
        return new TrainConfig(train, run, trainer, kernel, loader, dataset, Tasks.resolved(task, data.targets()),
                encoder,
                decoder, model, optimizer, scheduler);
    }

    /** What the learner needs beside the network, with an objective for the data set. */
    public LearnerOptions learnerOptions(Dataset data) {
        return learnerOptions(Tasks.of(task).objective(data));
    }

    /** The same where no data set is at hand. */
    public LearnerOptions learnerOptions() {
        return learnerOptions(task.loss());
    }

    private LearnerOptions learnerOptions(ObjectiveConfig objective) {
        return new LearnerOptions(objective, optimizer, train.optimizerParamGrouping().biasWeightDecay(),
                train.optimizerParamGrouping().normalizationWeightDecay(), trainer.gradientClipVal(), train.ema(),
                trainer.device().name().toLowerCase(Locale.ROOT), kernel.backend().name().toLowerCase(Locale.ROOT),
                trainer.threads(), train.seed(), trainer.recompute());
    }
}
