package s4j.train.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.data.forecast.ForecastDataset;
import s4j.data.forecast.ForecastErrors;
import s4j.data.forecast.Forecaster;
import s4j.data.forecast.LinearForecast;
import s4j.data.forecast.Reading;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.LearnedTask;
import s4j.model.ObjectiveConfig;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;
import s4j.torch.Learner;
import s4j.torch.Scorer;
import s4j.train.run.Running;

/** The steps that follow a sequence. Beside it stand naive, seasonal naive, drift, and the linear model in closed form. */
record Forecasting(TaskConfig config) implements Task {
    static final String WORD = LearnedTask.FORECASTING;
    static final List<String> METRICS = List.of("mse", "mae");
    /** The linear model looks back so far, or as far as the network if that is further. */
    private static final int LINEAR_CONTEXT = 336;

    @Override
    public void requireFitting(Dataset data, EncoderConfig encoder, DecoderConfig decoder) {
        if (!(data instanceof ForecastDataset)) {
            throw new ConfigException("task._name_: got forecasting; data set " + data.name()
                    + " has no steps that follow; expected pipeline=forecast, etth, ettm or another of them. Write task=auto");
        }
        if (decoder.mode() == DecoderConfig.Mode.STEP) {
            throw new ConfigException(
                    "decoder.mode: got step; task forecasting has a forecast of each sequence; expected"
                            + " last. Write decoder=forecast");
        }
    }

    @Override
    public @Nullable Metric leading() { return null; }

    @Override
    public boolean startCounts() { return true; }

    @Override
    public Metric monitor() { return Metric.LOSS; }

    @Override
    public Map<String, Double> ofTraining(Running sums) { return Map.of(Metric.LOSS.name(), sums.loss()); }

    @Override
    public Evaluator evaluator(TargetSpec targets, SequenceSet set) {
        Outputs reading = new Outputs(config.loss());
        TargetSpec.Values v = (TargetSpec.Values) targets;
        Intervals intervals = reading.spread()
                ? new Intervals(reading, (long) set.size() * v.steps() * v.features())
                : null;
        return new ForecastEvaluator(reading, config.metrics(), intervals);
    }

    @Override
    public boolean calibrates() { return new Outputs(config.loss()).spread(); }

    @Override
    public Calibrated calibrated(Evaluation validation, Evaluation test) {
        Intervals own = ((ForecastPrediction) validation).intervals();
        if (own == null) {
            return new Calibrated(test, Map.of());
        }
        double[] widths = own.widths();
        return new Calibrated(((ForecastPrediction) test).covered(widths),
                new Reading(new Outputs(config.loss()), widths).tensors());
    }

    @Override
    public Evaluation compared(Evaluation evaluation, Dataset data, Supplier<? extends Iterable<SequenceBatch>> test) {
        ForecastDataset own = (ForecastDataset) data;
        int windows = 0;
        for (SequenceBatch batch : test.get()) {
            windows += batch.size();
        }
        int horizon = own.layout().horizon();
        List<Forecaster> models = new ArrayList<>(LinearForecast.simple(own.table().frequency(), horizon));
        // not further back than training windows reach; of several columns the papers' models look back equally far
        int least = own.layout().wanted().size() > 1
                ? 0
                : Math.min(LINEAR_CONTEXT, own.trainWindows().size() / 4);
        int context = Math.max(own.layout().context(), least);
        for (LinearForecast.Kind kind : List.of(LinearForecast.Kind.NLINEAR, LinearForecast.Kind.DLINEAR)) {
            LinearForecast linear = LinearForecast.fit(own.trainWindows(), own.validationWindows(), context, kind);
            if (linear != null) {
                models.add(linear);
            }
        }
        List<ForecastPrediction.Baseline> out = new ArrayList<>();
        for (Forecaster m : models) {
            out.add(new ForecastPrediction.Baseline(m.name(), m instanceof LinearForecast ? context : 0,
                    ForecastErrors.of(m, own.testWindows(), windows)));
        }
        return ((ForecastPrediction) evaluation).with(out);
    }

    @Override
    public String words(String what, Map<String, Double> metrics) {
        Double mse = metrics.get("mse");
        return String.format(Locale.ROOT, "%s loss %.4f", what, metrics.get("loss"))
                + (mse == null ? "" : String.format(Locale.ROOT, ", mse %.4f", mse));
    }

    @Override
    public String shortWords(Map<String, Double> metrics) {
        return String.format(Locale.ROOT, "loss %.4f", metrics.get("loss"));
    }

    @Override
    public String predicts(TargetSpec targets) {
        TargetSpec.Values v = (TargetSpec.Values) targets;
        return v.steps() + " step" + (v.steps() == 1 ? "" : "s") + (v.features() == 1 ? "" : " of " + v.features());
    }

    @Override
    public ObjectiveConfig objective(Dataset data) { return config.loss(); }

    @Override
    public PredictionRows rows(TargetSpec targets) {
        return new Rows((TargetSpec.Values) targets, new Outputs(config.loss()));
    }

    /** {@code NAME_1,predicted_NAME_1,…} of each window in the data's own unit. */
    private record Rows(TargetSpec.Values spec, Outputs reading) implements PredictionRows {
        @Override
        public List<String> header() {
            List<String> out = new ArrayList<>();
            for (int t = 1; t <= spec.steps(); t++) {
                for (String name : spec.names()) {
                    out.add(name + "_" + t);
                    out.add("predicted_" + name + "_" + t);
                }
            }
            return out;
        }

        @Override
        public List<Object> row(SequenceBatch batch, float[] outputs, int i) {
            Targets.Values v = batch.values();
            Targets.Frame frame = Objects.requireNonNull(v.frame());
            float[] points = reading.points(outputs);
            int d = spec.features();
            List<Object> out = new ArrayList<>();
            for (int j = 0; j < spec.steps() * d; j++) {
                int at = i * spec.steps() * d + j;
                double known = frame.restored(v.values()[at], at);
                out.add(Errors.counts(v, at) ? known : Double.NaN);
                out.add(frame.restored(points[at], at));
            }
            return out;
        }
    }

    /** Gathers a {@link ForecastPrediction}. */
    private static final class ForecastEvaluator implements Evaluator {
        private final Outputs reading;
        private final List<String> names;
        private final ForecastSums sums = new ForecastSums();
        private final @Nullable Intervals intervals;
        private double lossSum;
        private long lossSize;

        ForecastEvaluator(Outputs reading, List<String> names, @Nullable Intervals intervals) {
            this.intervals = intervals;
            this.reading = reading;
            this.names = names;
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
        public void add(SequenceBatch batch, float[] outputs) {
            sums.add(batch.values(), reading.points(outputs));
            if (intervals != null) {
                intervals.add(batch.values(), outputs);
            }
        }

        @Override
        public Evaluation result() {
            if (sums.size() == 0) {
                throw Evaluator.nothing();
            }
            return new ForecastPrediction(sums.errors(), lossSum / lossSize, names, List.of(), intervals, null);
        }
    }
}
