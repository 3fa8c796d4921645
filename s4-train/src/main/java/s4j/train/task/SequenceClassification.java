package s4j.train.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import s4j.config.ConfigException;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.train.run.Running;

/** The class of each sequence; beside it stands the class that is most frequent in the training split. */
record SequenceClassification(TaskConfig config) implements Task {
    static final String WORD = "base";
    static final List<String> METRICS = List.of("accuracy");

    private static final Metric ACCURACY = new Metric("accuracy", true);

    @Override
    public void requireFitting(Dataset data, EncoderConfig encoder, DecoderConfig decoder) {
        if (!(data.targets() instanceof TargetSpec.Classes)) {
            boolean steps = data.targets() instanceof TargetSpec.StepClasses;
            throw new ConfigException("task._name_: got base; data set " + data.name()
                    + (steps
                            ? " has a target at each step; expected lm. Write task=lm"
                            : " has numbers to predict; expected regression. Write task=regression"));
        }
        requireDecoder(decoder);
    }

    @Override
    public void requireDecoder(DecoderConfig decoder) {
        if (decoder.mode() == DecoderConfig.Mode.STEP) {
            throw new ConfigException(
                    "decoder.mode: got step; task base has one target for each sequence; expected e.g. pool."
                            + " Write decoder.mode=pool");
        }
    }

    @Override
    public ObjectiveConfig objective(Dataset data) {
        if (config.loss() instanceof ObjectiveConfig.CrossEntropy c && c.balanced()) {
            int[] counts = counts(data);
            List<Double> weights = IntStream.of(counts)
                    .mapToObj(n -> (double) data.train().size() / (counts.length * Math.max(1.0, n))).toList();
            return new ObjectiveConfig.CrossEntropy(c.name(), c.labelSmoothing(), weights, false);
        }
        return config.loss();
    }

    private static int[] counts(Dataset data) {
        int[] counts = new int[((TargetSpec.Classes) data.targets()).names().size()];
        for (int i = 0; i < data.train().size(); i++) {
            counts[data.train().label(i)]++;
        }
        return counts;
    }

    @Override
    public Metric leading() { return ACCURACY; }

    @Override
    public Metric monitor() { return ACCURACY; }

    @Override
    public Map<String, Double> ofTraining(Running sums) {
        Map<String, Double> out = new LinkedHashMap<>();
        out.put(Metric.LOSS.name(), sums.loss());
        out.put(ACCURACY.name(), sums.accuracy());
        return out;
    }

    @Override
    public Evaluator evaluator(TargetSpec targets, SequenceSet set) {
        return new ClassEvaluator(set, ((TargetSpec.Classes) targets).names(), new Outputs(config.loss()));
    }

    @Override
    public Evaluation compared(Evaluation evaluation, Dataset data,
            Supplier<? extends Iterable<SequenceBatch>> test) {
        int[] counts = counts(data);
        int most = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] > counts[a] ? b : a);
        long hits = 0;
        for (SequenceBatch batch : test.get()) {
            hits += IntStream.of(batch.classes()).filter(c -> c == most).count();
        }
        return ((Classification) evaluation).with((double) hits / evaluation.size());
    }

    @Override
    public String words(String what, Map<String, Double> metrics) {
        return String.format(Locale.ROOT, "%s loss %.4f, accuracy %.4f", what, metrics.get("loss"),
                metrics.get("accuracy"));
    }

    @Override
    public String shortWords(Map<String, Double> metrics) {
        return String.format(Locale.ROOT, "loss %.3f acc %.3f", metrics.get("loss"), metrics.get("accuracy"));
    }

    @Override
    public String predicts(TargetSpec targets) { return ((TargetSpec.Classes) targets).names().size() + " classes"; }

    @Override
    public PredictionRows rows(TargetSpec targets) {
        return new Rows(((TargetSpec.Classes) targets).names().size(), new Outputs(config.loss()));
    }

    /** {@code label,predicted,score_0,score_1,…}. */
    private record Rows(int classes, Outputs reading) implements PredictionRows {
        @Override
        public List<String> header() {
            List<String> out = new ArrayList<>(List.of("label", "predicted"));
            IntStream.range(0, classes).forEach(c -> out.add("score_" + c));
            return out;
        }

        @Override
        public List<Object> row(SequenceBatch batch, float[] outputs, int i) {
            float[] scores = reading.scores(outputs);
            List<Object> out = new ArrayList<>();
            out.add(batch.classes()[i]);
            out.add(ClassEvaluator.argmax(scores, i * classes, classes));
            for (int c = 0; c < classes; c++) {
                out.add(scores[i * classes + c]);
            }
            return out;
        }
    }
}
