package s4j.train.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import s4j.config.ConfigException;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.train.run.Running;

/** The next token or sample at each step; beside it stand a unigram and a Markov chain. */
record NextToken(TaskConfig config) implements Task {
    static final String WORD = "lm";
    static final List<String> METRICS = List.of("accuracy", "accuracy@3", "accuracy@5", "accuracy@10", "bpb", "ppl");
    private static final Metric ACCURACY = new Metric("accuracy", true);

    /** The configuration where none was written. */
    static TaskConfig usual() {
        return new TaskConfig(WORD, ObjectiveConfig.CrossEntropy.DEFAULTS, METRICS);
    }

    @Override
    public void requireFitting(Dataset data, EncoderConfig encoder, DecoderConfig decoder) {
        if (!(data.targets() instanceof TargetSpec.StepClasses)) {
            boolean classes = data.targets() instanceof TargetSpec.Classes;
            throw new ConfigException("task._name_: got lm; data set " + data.name()
                    + (classes
                            ? " has a class for each sequence; expected base. Write task=multiclass_classification"
                            : " has numbers to predict; expected regression. Write task=regression"));
        }
        if (decoder.mode() != DecoderConfig.Mode.STEP) {
            throw new ConfigException("decoder.mode: got " + decoder.mode().name().toLowerCase(Locale.ROOT)
                    + "; task lm has a target at each step; expected step. Write decoder.mode=step");
        }
    }

    @Override
    public Metric leading() { return ACCURACY; }

    @Override
    public Metric monitor() { return Metric.LOSS; }

    @Override
    public Map<String, Double> ofTraining(Running sums) {
        Map<String, Double> out = new LinkedHashMap<>();
        out.put(Metric.LOSS.name(), sums.loss());
        out.put(ACCURACY.name(), sums.accuracy());
        out.putAll(StepPrediction.ofLoss(sums.loss(), config.metrics()));
        return out;
    }

    @Override
    public Evaluator evaluator(TargetSpec targets, SequenceSet set) {
        return new StepEvaluator((TargetSpec.StepClasses) targets, config.metrics());
    }

    @Override
    public Evaluation compared(Evaluation evaluation, Dataset data,
            Supplier<? extends Iterable<SequenceBatch>> test) {
        return ((StepPrediction) evaluation).with(Baselines.of(data, test.get()));
    }

    @Override
    public String words(String what, Map<String, Double> metrics) {
        return String.format(Locale.ROOT, "%s nll %.4f bits, accuracy %.4f", what, bits(metrics),
                metrics.get("accuracy"));
    }

    @Override
    public String shortWords(Map<String, Double> metrics) {
        return String.format(Locale.ROOT, "bits %.3f acc %.3f", bits(metrics), metrics.get("accuracy"));
    }

    private static double bits(Map<String, Double> metrics) {
        return StepPrediction.bits(metrics.getOrDefault("loss", Double.NaN));
    }

    @Override
    public String predicts(TargetSpec targets) {
        TargetSpec.StepClasses steps = (TargetSpec.StepClasses) targets;
        return "%,d %s, the next one predicted at each step".formatted(steps.count(),
                steps.unit().equals(TargetSpec.StepClasses.DEFAULTS.unit()) ? "levels" : steps.unit() + "s");
    }

    @Override
    public boolean countsSteps() { return true; }
}
