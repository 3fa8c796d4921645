package s4j.data.forecast;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.series.Scaling;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.ObjectiveConfig;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;
import s4j.predict.WindowNormalization;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;

/**
 * Forecasts a table from a model file alone, in plain Java: the file knows how its training data was read, scaled and cut into
 * windows. Immutable, for any number of threads.
 */
public final class ForecastModel {
    private static final int AT_ONCE = 32;

    private final S4Model model;
    private final Outputs reading;
    private final TargetSpec.Values spec;
    private final ForecastConfig table;
    private final boolean apart;
    private final WindowNormalization normalization;
    private final boolean calendar;
    private final @Nullable String frequency;
    private final @Nullable Scaling shared;

    /** Forecasts, and what is to be said about them. */
    public record Result(List<Forecast> forecasts, List<String> notes) {}

    private ForecastModel(ModelFile file, S4Model model, ConfigTree config, ConfigTree dataset) {
        this.model = model;
        this.reading = new Outputs(Binder.bind(required(config, "task.loss"), ObjectiveConfig.class,
                ObjectiveConfig.Mse.DEFAULTS));
        TargetSpec targets = Binder.bind(required(config, TargetSpec.KEY), TargetSpec.class,
                TargetSpec.Values.DEFAULTS);
        if (!(targets instanceof TargetSpec.Values v)
                || reading.objective().outputs(v) != model.config().dOutput()) {
            throw new IllegalArgumentException("its outputs are no forecast; expected a model of task=forecasting");
        }
        this.spec = v;
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
        TensorData f = file.tensors().get("data.frequency");
        this.frequency = f == null ? null : text(f);
        this.shared = shared(file.tensors());
    }

    private static ConfigTree required(ConfigTree tree, String key) {
        ConfigTree found = tree.find(key);
        if (found == null) {
            throw new IllegalArgumentException("its configuration has no " + key);
        }
        return found;
    }

    private static String text(TensorData t) {
        byte[] out = new byte[(int) t.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) t.get(i);
        }
        return new String(out, StandardCharsets.US_ASCII);
    }

    private static @Nullable Scaling shared(Map<String, TensorData> tensors) {
        TensorData mean = tensors.get("data.series_mean");
        TensorData std = tensors.get("data.series_std");
        return mean == null || std == null
                ? null
                : new Scaling(IntStream.range(0, (int) mean.size()).mapToDouble(mean::get).toArray(),
                        IntStream.range(0, (int) std.size()).mapToDouble(std::get).toArray());
    }

    /**
     * From a model file's content; {@code name} is what to call it in messages.
     *
     * @throws MalformedFileException when it is damaged, or no model that forecasts
     */
    public static ForecastModel of(ModelFile file, String name) throws MalformedFileException {
        S4Model model = S4Model.of(file, name, ModelOptions.standard());
        try {
            ConfigTree config = ConfigTree.of(file.config(), new Origin(name));
            ConfigTree task = config.find("task._name_");
            ConfigTree dataset = config.find("dataset");
            if (task == null || dataset == null || !"forecasting".equals(task.toValue())) {
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
        return apart || spec.features() < channels() ? table.options() : table.options().with(spec.names());
    }

    /** Steps that the model forecasts at once. */
    public int horizon() { return spec.steps(); }

    /** Whether it gives quantiles. */
    public boolean spread() { return reading.spread(); }

    private int channels() {
        return model.dInput() - table.past().size() - table.future().size() - (calendar
                ? Calendar.of(Frequency.parse(frequency == null ? "h" : frequency)).size()
                : 0);
    }

    /**
     * The steps that follow each series.
     *
     * @param read the table
     * @param horizon steps; more than the model's own are rolled out: its medians become its past
     * @param levels of quantiles, each above 0 and below 1
     */
    public Result forecast(TimeTable read, int horizon, double[] levels) {
        TimeTable all = apart ? read.apart() : read;
        List<String> notes = new ArrayList<>();
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
        if (horizon > horizon()) {
            notes.add(
                    ("note: the model was trained for %d steps; later ones take its own medians as their past, and their"
                            + " intervals are too narrow").formatted(horizon()));
        }
        WindowLayout layout = layout(all);
        long shorter = all.series().stream().filter(s -> cut(s) < layout.context()).count();
        if (shorter > 0) {
            notes.add(
                    "note: %d of %d series are shorter than the context of %d steps; their first value is repeated before"
                            .formatted(shorter, all.series().size(), layout.context()) + " them");
        }
        List<Forecast> out = new ArrayList<>();
        for (int from = 0; from < all.series().size(); from += AT_ONCE) {
            out.addAll(batch(all, all.series().subList(from, Math.min(all.series().size(), from + AT_ONCE)), layout,
                    horizon, levels));
        }
        return new Result(List.copyOf(out), List.copyOf(notes));
    }

    private WindowLayout layout(TimeTable t) {
        int channels = channels();
        boolean masked = model.config().decoder().steps() > 0;
        List<Integer> wanted = spec.features() == channels
                ? IntStream.range(0, channels).boxed().toList()
                : List.of(t.targets().indexOf(spec.names().getFirst()));
        return new WindowLayout(model.config().lMax() - (masked ? horizon() : 0), horizon(), masked, normalization,
                channels, table.past().size(), table.future().size(), calendar ? Calendar.of(t.frequency()) : List.of(),
                wanted);
    }

    /** The step behind the last target: rows behind it hold what is known in advance. */
    private int cut(TimeSeries s) {
        int n = s.length();
        boolean none = true;
        while (!table.future().isEmpty() && n > 0 && none) {
            for (int c = 0; c < channels(); c++) {
                none &= Float.isNaN(s.columns().get(c)[n - 1]);
            }
            n -= none ? 1 : 0;
        }
        return n;
    }

    private List<Forecast> batch(TimeTable t, List<TimeSeries> series, WindowLayout layout, int horizon,
            double[] levels) {
        int w = layout.wanted().size();
        double[][][] mean = new double[series.size()][w][horizon];
        double[][][][] quantiles = new double[series.size()][w][reading.spread() ? levels.length : 0][horizon];
        List<TimeSeries> now = new ArrayList<>(series);
        int[] cuts = series.stream().mapToInt(this::cut).toArray();
        List<Scaling> scales = IntStream.range(0, cuts.length).mapToObj(i -> shared == null
                ? SeriesInput.scaling(series.get(i), 0, cuts[i])
                : shared).toList();
        for (int done = 0; done < horizon; done += horizon()) {
            int before = done;
            List<Windows.Part> parts = new ArrayList<>();
            for (int i = 0; i < now.size(); i++) {
                requireFuture(now.get(i), cuts[i] + done);
                parts.add(new Windows.Part(new SeriesInput(now.get(i), scales.get(i)), cuts[i] + done, 1));
            }
            SequenceBatch b = new Windows(layout, parts).batch(IntStream.range(0, parts.size()).toArray());
            float[] y = model.forward(b);
            Targets.Frame frame = java.util.Objects.requireNonNull(b.values().frame());
            float[] points = reading.points(y);
            int p = reading.objective().parameters();
            for (int i = 0; i < series.size(); i++) {
                for (int h = 0; h < Math.min(horizon(), horizon - done); h++) {
                    for (int c = 0; c < w; c++) {
                        int at = (i * horizon() + h) * w + c;
                        mean[i][c][before + h] = frame.restored(points[at], i * w + c);
                        for (int q = 0; q < quantiles[i][c].length; q++) {
                            quantiles[i][c][q][before + h] = frame.restored(reading.quantile(y, at * p, levels[q]),
                                    i * w
                                            + c);
                        }
                    }
                }
                now.set(i,
                        done + horizon() < horizon
                                ? rolled(series.get(i), cuts[i], mean[i], done + horizon(), layout)
                                : now.get(i));
            }
        }
        List<Forecast> out = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            TimeSeries s = series.get(i);
            for (int c = 0; c < w; c++) {
                String column = t.targets().get(layout.wanted().get(c));
                String id = w == 1 && !s.id().isEmpty() ? s.id() : s.id().isEmpty() ? column : s.id() + "/" + column;
                out.add(new Forecast(id, s.axis(), cuts[i], Arrays.copyOf(s.columns().get(layout.wanted().get(c)),
                        cuts[i]), mean[i][c], quantiles[i][c]));
            }
        }
        return out;
    }

    private void requireFuture(TimeSeries s, int cut) {
        if (!table.future().isEmpty() && s.length() < cut + horizon()) {
            throw new ConfigException(
                    "series %s: %s is known for %d steps behind the last target; expected %d. Add rows"
                            .formatted(s.id(), table.future(), s.length() - cut, horizon())
                            + " with the target left empty");
        }
    }

    /** With forecasts in the place of what is not known. */
    private static TimeSeries rolled(TimeSeries s, int cut, double[][] mean, int steps, WindowLayout layout) {
        List<float[]> columns = new ArrayList<>();
        for (int c = 0; c < s.columns().size(); c++) {
            float[] x = s.columns().get(c);
            float[] out = Arrays.copyOf(x, Math.max(x.length, cut + steps));
            Arrays.fill(out, x.length, out.length, Float.NaN);
            int w = layout.wanted().indexOf(c);
            for (int h = 0; w >= 0 && h < steps; h++) {
                out[cut + h] = (float) mean[w][h];
            }
            columns.add(out);
        }
        return new TimeSeries(s.id(), s.axis(), columns);
    }
}
