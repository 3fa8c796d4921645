package s4j.data.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.series.Scaling;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.model.LearnedTask;
import s4j.io.TensorData;
import s4j.model.ObjectiveConfig;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.predict.WindowNormalization;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;

/**
 * Forecasts a table from a model file alone, in plain Java: the file knows how its training data was read, scaled and cut into
 * windows. Immutable, for any number of threads.
 */
public final class ForecastModel {
    private final S4Model model;
    private final Reading reading;
    private final TargetSpec.Values spec;
    private final ForecastConfig table;
    private final boolean apart;
    private final WindowNormalization normalization;
    private final boolean calendar;
    private final StaticFeatures statics;
    private final @Nullable String frequency;
    private final @Nullable Scaling shared;
    private final @Nullable LinearPart linear;

    /** Forecasts, and what is to be said about them. */
    public record Result(List<Forecast> forecasts, List<String> notes) {
        private Result without(int none, TimeTable of) {
            if (forecasts.isEmpty()) {
                throw new ConfigException(of.source() + ": no series has a value; expected some to forecast from");
            }
            return none == 0
                    ? this
                    : new Result(forecasts, Stream.concat(notes.stream(), Stream.of(
                            "note: %d of %d series have no value and no forecast".formatted(none, of.series().size())))
                            .toList());
        }
    }

    private ForecastModel(ModelFile file, S4Model model, ConfigTree config, ConfigTree dataset) {
        this.model = model;
        Outputs outputs = new Outputs(Binder.bind(required(config, "task.loss"), ObjectiveConfig.class,
                ObjectiveConfig.Mse.DEFAULTS));
        TargetSpec targets = Binder.bind(required(config, TargetSpec.KEY), TargetSpec.class,
                TargetSpec.Values.DEFAULTS);
        if (!(targets instanceof TargetSpec.Values v)
                || outputs.objective().outputs(v) != model.config().dOutput()) {
            throw new IllegalArgumentException("its outputs are no forecast; expected a model of task=forecasting");
        }
        this.spec = v;
        this.reading = Reading.of(outputs, file.tensors(), v.steps());
        Object kind = required(dataset, ConfigTree.NAME).toValue();
        if (InformerConfig.DEFAULTS.name().equals(kind)) {
            InformerConfig c = Binder.bind(dataset, InformerConfig.DEFAULTS);
            this.table = ForecastConfig.DEFAULTS;
            this.apart = false;
            this.normalization = c.normalization();
            this.calendar = c.calendar();
        } else {
            this.table = Binder.bind(dataset, ForecastConfig.DEFAULTS);
            this.apart = !table.joint();
            this.normalization = table.normalization();
            this.calendar = table.calendar();
        }
        this.statics = StaticFeatures.of(file.tensors());
        TensorData f = file.tensors().get("data.frequency");
        this.frequency = f == null ? null : StaticFeatures.text(f);
        this.shared = SeriesInput.shared(file.tensors());
        this.linear = LinearPart.of(file.tensors());
        if (linear != null && linear.spread().length != spec.steps()) {
            throw new IllegalArgumentException("its linear part forecasts " + linear.spread().length
                    + " steps; expected " + spec.steps());
        }
    }

    private static ConfigTree required(ConfigTree tree, String key) {
        ConfigTree found = tree.find(key);
        if (found == null) {
            throw new IllegalArgumentException("its configuration has no " + key);
        }
        return found;
    }

    /**
     * From a model file's content; {@code name} is what to call it in messages.
     *
     * @throws MalformedFileException when it is damaged, or no model that forecasts
     */
    public static ForecastModel of(ModelFile file, String name) throws MalformedFileException {
        return of(file, name, ModelOptions.standard());
    }

    /** The same with other threads. */
    public static ForecastModel of(ModelFile file, String name, ModelOptions options) throws MalformedFileException {
        S4Model model = S4Model.of(file, name, options);
        try {
            ConfigTree config = ConfigTree.of(file.config(), new Origin(name));
            ConfigTree dataset = config.find("dataset");
            if (dataset == null || !LearnedTask.of(file.config()).forecasts()) {
                throw new IllegalArgumentException(
                        "the model was not trained to forecast; use s4 predict, or train with pipeline=forecast");
            }
            return new ForecastModel(file, model, config, dataset);
        } catch (IllegalArgumentException | ConfigException e) {
            throw new MalformedFileException(name + ": " + e.getMessage(), e);
        }
    }

    /** How a table is read as the training data was: to be changed where the new one is laid out in another way. */
    public TimeOptions options() {
        return options(ConfigTree.of(Map.of(), Origin.DEFAULTS));
    }

    /** The same where keys of {@code dataset} say something else of the new table, e.g. {@code freq}. */
    public TimeOptions options(ConfigTree words) {
        TimeOptions options = Binder.bind(words, table).options();
        return !options.targets().equals(table.target()) || apart || spec.features() < channels()
                ? options
                : options.with(spec.names());
    }

    /**
     * Computes what all forecasts share, and has the JVM compile it, by a window of zeros: to be run beside the reading of a table. Nothing
     * depends on it.
     */
    public void prepare() {
        int l = model.config().lMax();
        model.forward(new SequenceBatch(1, l, model.dInput(), new float[Math.multiplyExact(l, model.dInput())]));
    }

    /** Steps that the model forecasts at once. */
    public int horizon() { return spec.steps(); }

    /** Whether it gives quantiles. */
    public boolean spread() { return reading.outputs().spread(); }

    /** Steps that it sees. */
    public int context() { return model.config().lMax() - (masked() ? horizon() : 0); }

    private boolean masked() { return model.config().decoder().steps() > 0; }

    /** Columns that are known in advance. */
    List<String> future() { return table.future(); }

    /** The share of each series that training kept for its test. */
    double testSplit() { return table.testSplit(); }

    private int channels() {
        return model.dInput() - table.past().size() - table.future().size() - statics.width() - (calendar
                ? Calendar.of(Frequency.parse(frequency == null ? "h" : frequency)).size()
                : 0);
    }

    /** The columns that are forecast. */
    List<Integer> wanted(TimeTable t) {
        return spec.features() == channels()
                ? IntStream.range(0, channels()).boxed().toList()
                : List.of(t.targets().indexOf(spec.names().getFirst()));
    }

    /**
     * A table as the model sees it: its columns together, or each a series.
     *
     * @throws ConfigException when it is none for this model
     */
    TimeTable arranged(TimeTable read) {
        TimeTable all = apart ? read.apart() : read;
        if (frequency != null && !frequency.equals(all.frequency().toString())) {
            throw new ConfigException(
                    "%s: a step is %s; the model was trained on steps of %s. Name it where it was found"
                            .formatted(all.source(), all.frequency(), frequency) + " wrongly: dataset.freq="
                            + frequency);
        }
        if (all.targets().size() != channels()) {
            throw new ConfigException("%s: %d columns %s; the model forecasts from %d. Write dataset.target".formatted(
                    all.source(), all.targets().size(), all.targets(), channels()));
        }
        return all;
    }

    /**
     * The steps that follow each series.
     *
     * @param read the table
     * @param horizon steps; more than the model's own are rolled out: forecasts become its past
     * @param levels of quantiles, each above 0 and below 1
     */
    public Result forecast(TimeTable read, int horizon, double[] levels) {
        return forecast(read, horizon, levels, 0);
    }

    /**
     * The same with bands as wide as they had to be lately.
     *
     * @param recent cuts of each series' past, the last ones with known targets, whose errors set the width ({@link RecentErrors}); 0: the
     *     model's own widths
     */
    public Result forecast(TimeTable read, int horizon, double[] levels, int recent) {
        TimeTable all = arranged(read);
        TimeTable some = all.with(all.series().stream().filter(s -> s.known(channels(), cut(s))).toList());
        return forecast(some, some.series().stream().mapToInt(this::cut).toArray(), horizon, levels, recent)
                .without(all.series().size() - some.series().size(), all);
    }

    /** Of an arranged table, from the given first step of each series: what is behind it is not looked at, but for future covariates. */
    Result forecast(TimeTable all, int[] cuts, int horizon, double[] levels, int recent) {
        List<String> notes = new ArrayList<>();
        if (horizon > horizon()) {
            notes.add("note: the model was trained for %d steps; later ones take its own forecasts as their past%s"
                    .formatted(horizon(), spread() ? ", quantiles of " + Rollout.PATHS + " paths that are drawn" : ""));
        }
        WindowLayout layout = layout(all);
        long shorter = Arrays.stream(cuts).filter(c -> c < layout.context()).count();
        if (shorter > 0) {
            notes.add(
                    "note: %d of %d series are shorter than the context of %d steps; their first value is repeated before"
                            .formatted(shorter, cuts.length, layout.context()) + " them");
        }
        String unseen = statics.unseen(all.series());
        if (!unseen.isEmpty()) {
            notes.add("note: " + unseen);
        }
        if (recent > 0 && spread()) {
            notes.addAll(RecentErrors.notes(cuts, horizon(), recent));
        }
        Rollout rollout = new Rollout(model, reading, layout, linear);
        List<Forecast> out = new ArrayList<>();
        for (int from = 0; from < cuts.length; from += Rollout.AT_ONCE) {
            int to = Math.min(cuts.length, from + Rollout.AT_ONCE);
            out.addAll(new Cuts(this, all, rollout, from, Arrays.copyOfRange(cuts, from, to)).forecasts(horizon, levels,
                    spread() ? recent : 0));
        }
        return new Result(List.copyOf(out), List.copyOf(notes));
    }

    /** How a series is scaled that is known up to a cut. */
    Scaling scaling(TimeSeries s, int cut) {
        return shared == null ? SeriesInput.scaling(s, 0, cut) : shared;
    }

    private WindowLayout layout(TimeTable t) {
        return new WindowLayout(context(), horizon(), masked(), normalization, channels(), table.past().size(),
                table.future().size(), calendar ? Calendar.of(t.frequency()) : List.of(), wanted(t), statics);
    }

    /**
     * A stream that has seen a series and goes on from its end.
     *
     * @param history of one series, which gives the scale too
     * @param levels of quantiles, each above 0 and below 1
     * @throws ConfigException when the model cannot take steps one by one
     */
    public ForecastStream stream(TimeTable history, double[] levels) {
        TimeTable all = arranged(history);
        if (all.series().size() != 1) {
            throw new ConfigException("%s: %d series; a stream has one. Give each its own".formatted(all.source(), all
                    .series().size()));
        }
        if (linear != null) {
            throw new ConfigException("dataset.linear: got true; the linear part needs a window of the past. Train with"
                    + " dataset.normalization=anchor dataset.linear=false");
        }
        TimeSeries s = all.series().getFirst();
        int cut = cut(s);
        ForecastStream out = new ForecastStream(model, reading, layout(all), scaling(s, cut), s,
                wanted(all).stream().map(c -> all.id(s, c, wanted(all).size())).toList(), levels);
        float[] step = new float[channels()];
        for (int t = 0; t < cut; t++) {
            for (int c = 0; c < step.length; c++) {
                step[c] = s.columns().get(c)[t];
            }
            out.take(step);
        }
        return out;
    }

    /** The step behind the last target: rows behind it hold what is known in advance. */
    private int cut(TimeSeries s) {
        return table.future().isEmpty() ? s.length() : s.knownSteps(channels());
    }
}
