package s4j.train.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;
import s4j.torch.Learner;
import s4j.torch.Scorer;
import s4j.train.run.Running;

/** Numbers of each sequence; beside them stands the mean of the training split. Errors are in the data's own unit. */
record Regression(TaskConfig config) implements Task {
    static final String WORD = "regression";
    static final List<String> METRICS = List.of("rmse", "mae", "r2");
    private static final int AT_ONCE = 64;

    /** The configuration where none was written. */
    static TaskConfig usual() {
        return new TaskConfig(WORD, ObjectiveConfig.Mse.DEFAULTS, METRICS);
    }

    @Override
    public void requireFitting(Dataset data, EncoderConfig encoder, DecoderConfig decoder) {
        if (!(data.targets() instanceof TargetSpec.Values)) {
            boolean steps = data.targets() instanceof TargetSpec.StepClasses;
            throw new ConfigException("task._name_: got regression; data set " + data.name()
                    + (steps
                            ? " has a class at each step; expected lm. Write task=lm"
                            : " has a class for each sequence; expected base. Write task=multiclass_classification"));
        }
        requireDecoder(decoder);
    }

    @Override
    public void requireDecoder(DecoderConfig decoder) {
        if (decoder.mode() == DecoderConfig.Mode.STEP) {
            throw new ConfigException(
                    "decoder.mode: got step; task regression has numbers of whole sequences; expected e.g."
                            + " pool. Write decoder.mode=pool");
        }
    }

    @Override
    public @Nullable Metric leading() { return null; }

    @Override
    public Metric monitor() { return Metric.LOSS; }

    @Override
    public Map<String, Double> ofTraining(Running sums) { return Map.of(Metric.LOSS.name(), sums.loss()); }

    @Override
    public Evaluator evaluator(TargetSpec targets, SequenceSet set) {
        return new NumberEvaluator((TargetSpec.Values) targets, new Outputs(config.loss()), config.metrics());
    }

    @Override
    public Evaluation compared(Evaluation evaluation, Dataset data,
            Supplier<? extends Iterable<SequenceBatch>> test) {
        TargetSpec.Values spec = (TargetSpec.Values) data.targets();
        double[] mean = mean(data.train(), spec);
        Errors errors = new Errors(spec);
        for (SequenceBatch batch : test.get()) {
            float[] same = new float[batch.values().values().length];
            for (int i = 0; i < same.length; i++) {
                same[i] = (float) mean[i % mean.length];
            }
            errors.add(batch.values(), same);
        }
        return ((NumberPrediction) evaluation).with(errors.rmse());
    }

    /** The mean of each number of a row over the training split, as the network sees them. */
    private static double[] mean(SequenceSet train, TargetSpec.Values spec) {
        double[] sum = new double[spec.features()];
        double[] count = new double[spec.features()];
        for (int from = 0; from < train.size(); from += AT_ONCE) {
            int[] indices = new int[Math.min(AT_ONCE, train.size() - from)];
            for (int i = 0; i < indices.length; i++) {
                indices[i] = from + i;
            }
            Targets.Values v = train.batch(indices).values();
            for (int i = 0; i < v.values().length; i++) {
                if (Errors.counts(v, i)) {
                    sum[i % sum.length] += v.values()[i];
                    count[i % sum.length]++;
                }
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= Math.max(1, count[i]);
        }
        return sum;
    }

    @Override
    public String words(String what, Map<String, Double> metrics) {
        Double rmse = metrics.get("rmse");
        return String.format(Locale.ROOT, "%s loss %.4f", what, metrics.get("loss"))
                + (rmse == null ? "" : String.format(Locale.ROOT, ", rmse %.4g", rmse));
    }

    @Override
    public String shortWords(Map<String, Double> metrics) {
        return String.format(Locale.ROOT, "loss %.4f", metrics.get("loss"));
    }

    @Override
    public String predicts(TargetSpec targets) {
        TargetSpec.Values v = (TargetSpec.Values) targets;
        return (v.steps() == 1 ? "" : v.steps() + " × ") + v.features() + " number" + (v.features() == 1 ? "" : "s");
    }

    @Override
    public PredictionRows rows(TargetSpec targets) {
        return new Rows((TargetSpec.Values) targets, new Outputs(config.loss()));
    }

    /** {@code NAME,predicted_NAME,…} in the data's own unit, of several steps with their number behind the name. */
    private record Rows(TargetSpec.Values spec, Outputs reading) implements PredictionRows {
        @Override
        public List<String> header() {
            List<String> out = new ArrayList<>();
            for (int t = 0; t < spec.steps(); t++) {
                for (String name : spec.names()) {
                    String here = name + (spec.steps() == 1 ? "" : "_" + (t + 1));
                    out.add(here);
                    out.add("predicted_" + here);
                }
            }
            return out;
        }

        @Override
        public List<Object> row(SequenceBatch batch, float[] outputs, int i) {
            float[] points = reading.points(outputs);
            int width = spec.steps() * spec.features();
            List<Object> out = new ArrayList<>();
            for (int j = 0; j < width; j++) {
                int at = i * width + j;
                out.add(spec.restored(batch.values().values()[at], j % spec.features()));
                out.add(spec.restored(points[at], j % spec.features()));
            }
            return out;
        }
    }

    /** Gathers a {@link NumberPrediction}. */
    private static final class NumberEvaluator implements Evaluator {
        private final Outputs reading;
        private final List<String> names;
        private final Errors errors;
        private double lossSum;
        private long lossSize;

        NumberEvaluator(TargetSpec.Values spec, Outputs reading, List<String> names) {
            this.reading = reading;
            this.names = names;
            this.errors = new Errors(spec);
        }

        @Override
        public void add(SequenceBatch batch, Scorer scorer, Watcher watcher) {
            Learner.Scored scored = scorer.score(batch);
            watcher.evaluated(batch, scored.outputs());
            lossSum += scored.loss() * scored.size();
            lossSize += scored.size();
            add(batch, scored.outputs());
        }

        @Override
        public void add(SequenceBatch batch, float[] outputs) { errors.add(batch.values(), reading.points(outputs)); }

        @Override
        public Evaluation result() {
            if (errors.size() == 0) {
                throw Evaluator.nothing();
            }
            return new NumberPrediction(errors, lossSum / lossSize, names, null);
        }
    }
}
