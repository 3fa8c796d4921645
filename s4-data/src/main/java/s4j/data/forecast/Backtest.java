package s4j.data.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import s4j.config.ConfigException;
import s4j.model.Outputs;
import s4j.predict.WindowNormalization;

/**
 * Evaluation from rolling origins: the last steps of each series are forecast from what is before them, from several cuts, by a
 * trained model and by simple ones. Nothing is fitted again at later cuts: what is fitted sees what is before the first cut.
 *
 * @param horizon steps of each forecast
 * @param windows cuts of each series
 * @param step between two cuts
 * @param levels of quantiles, ascending
 * @param season m of seasonal naive, ETS and MASE; 1: none
 * @param recent cuts whose errors set the width of the model's bands; 0: its own widths
 */
@SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
public record Backtest(int horizon, int windows, int step, double[] levels, int season, int recent) {
    /** Of a longer past the scale of the MASE looks at all; of a shorter one than m steps at the step before. */
    private static final int LEAST_CUT = 3;

    /**
     * What one model's forecasts are worth.
     *
     * @param name of the model
     * @param all over everything
     * @param steps of each step of the horizon
     * @param series of each series
     * @param cuts of each cut, the first first
     */
    public record Entry(String name, Scores all, List<Scores> steps, Map<String, Scores> series, List<Scores> cuts) {}

    /** What all of them are worth, and what is to be said about it. */
    public record Result(List<Entry> entries, List<String> notes) {}

    /** A forecast of one series from one cut. */
    @SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
    private record Window(String id, int number, double[] y, double scale) {}

    /** Gathers one model's scores. */
    private final class Gathered {
        private final Scores.Sums all = new Scores.Sums(levels);
        private final List<Scores.Sums> steps = new ArrayList<>();
        private final Map<String, Scores.Sums> series = new LinkedHashMap<>();
        private final List<Scores.Sums> cuts = new ArrayList<>();

        Gathered() {
            for (int h = 0; h < horizon; h++) {
                steps.add(new Scores.Sums(levels));
            }
            for (int k = 0; k < windows; k++) {
                cuts.add(new Scores.Sums(levels));
            }
        }

        void add(Window w, double[] mean, double[][] quantiles) {
            for (int h = 0; h < horizon; h++) {
                if (Double.isNaN(w.y[h])) {
                    continue;
                }
                double[] q = new double[quantiles.length];
                for (int i = 0; i < q.length; i++) {
                    q[i] = quantiles[i][h];
                }
                for (Scores.Sums s : List.of(all, steps.get(h), series.computeIfAbsent(w.id, id -> new Scores.Sums(
                        levels)), cuts.get(w.number))) {
                    s.add(w.y[h], mean[h], q, w.scale);
                }
            }
        }

        Entry entry(String name) {
            Map<String, Scores> each = new LinkedHashMap<>();
            series.forEach((id, s) -> each.put(id, s.scores()));
            return new Entry(name, all.scores(), steps.stream().map(Scores.Sums::scores).toList(), each,
                    cuts.stream().map(Scores.Sums::scores).toList());
        }
    }

    /** Checks the numbers. */
    public Backtest {
        if (horizon < 1 || windows < 1 || step < 1 || season < 1 || recent < 0) {
            throw new ConfigException(
                    "back-test: got horizon %d, windows %d, step %d, season %d, recent %d; expected 1 or more, of recent 0 or more"
                            .formatted(horizon, windows, step, season, recent));
        }
    }

    /** Steps between the cuts of a back-test that stays in the part of the longest series that training kept for its test. */
    public static int usualStep(ForecastModel model, TimeTable read, int horizon, int windows) {
        int longest = read.series().stream().mapToInt(TimeSeries::length).max().orElse(1);
        int room = (int) (longest * model.testSplit()) - horizon;
        return Math.max(1, Math.min(horizon, windows < 2 ? horizon : room / (windows - 1)));
    }

    /** The first forecast step of window {@code k} of a series of {@code n} steps. */
    int cut(int n, int k) {
        return n - horizon - (windows - 1 - k) * step;
    }

    /**
     * A model beside the simple ones.
     *
     * @param model what was trained
     * @param name what to call it
     * @param read the table
     */
    public Result of(ForecastModel model, String name, TimeTable read) {
        List<String> notes = new ArrayList<>();
        TimeTable table = longEnough(model.arranged(read), notes);
        requireSeason(table, notes);
        List<Integer> wanted = model.wanted(table);
        List<Entry> out = new ArrayList<>();
        Gathered own = new Gathered();
        for (int k = 0; k < windows; k++) {
            int number = k;
            ForecastModel.Result r = model.forecast(table,
                    table.series().stream().mapToInt(s -> cut(s.length(), number))
                            .toArray(),
                    horizon, levels, recent);
            for (int i = 0; i < r.forecasts().size(); i++) {
                Forecast f = r.forecasts().get(i);
                own.add(window(table.series().get(i / wanted.size()), wanted.get(i % wanted.size()), f.id(), k),
                        f.mean(), f.quantiles());
            }
            r.notes().stream().filter(n -> !notes.contains(n)).forEach(notes::add);
        }
        out.add(own.entry(name));
        seen(model, table, notes);
        for (Forecaster f : simple(model, table)) {
            out.add(of(f, model, table));
        }
        return new Result(List.copyOf(out), List.copyOf(notes));
    }

    private void seen(ForecastModel model, TimeTable table, List<String> notes) {
        long early = table.series().stream().filter(s -> cut(s.length(), 0) < s.length() * (1 - model.testSplit()) - 1)
                .count();
        if (early > 0) {
            notes.add(
                    ("note: the first cut of %d of %d series is before the last %.0f %%, which training kept for its test: if this is"
                            + " the table it was trained on, it has seen those windows. Raise dataset.test_split")
                            .formatted(early, table.series().size(), 100 * model.testSplit()));
        }
    }

    /** A season that the user names must fit; one of the frequency is 1 for a past that has none, and that is said. */
    private void requireSeason(TimeTable t, List<String> notes) {
        int shortest = t.series().stream().mapToInt(s -> cut(s.length(), 0)).min().orElse(0);
        long shorter = t.series().stream().filter(s -> cut(s.length(), 0) <= season).count();
        if (season > 1 && shorter > 0 && season != t.frequency().season()) {
            throw new ConfigException(
                    "--season %d: the past before the first cut has %d steps in %s; expected more than a season. Lower --season,"
                            .formatted(season, shortest, shorter == 1 && t.series().size() == 1
                                    ? t.source()
                                    : "the shortest of %d series".formatted(t.series().size()))
                            + " --windows, --step or --horizon");
        }
        if (season > 1 && shorter > 0) {
            notes.add(
                    "note: of %d of %d series the past before the first cut is no longer than a season of %d steps: the MASE divides by"
                            .formatted(shorter, t.series().size(), season) + " their change in one step");
        }
    }

    /** Those of which every cut leaves a past. */
    private TimeTable longEnough(TimeTable t, List<String> notes) {
        List<TimeSeries> kept = t.series().stream().filter(s -> cut(s.length(), 0) >= LEAST_CUT
                && s.known(t.targets().size(), cut(s.length(), 0))).toList();
        if (kept.isEmpty()) {
            throw new ConfigException(
                    "%s: no series has values in the %d steps that %d windows of %d with a step of %d need. Lower"
                            .formatted(t.source(), LEAST_CUT + horizon + (windows - 1) * step, windows, horizon, step)
                            + " --windows, --step or --horizon");
        }
        if (kept.size() < t.series().size()) {
            notes.add(
                    "note: %d of %d series are too short, or without a value before the first, for %d windows and are left out"
                            .formatted(
                                    t.series().size() - kept.size(), t.series().size(), windows));
        }
        return t.with(kept);
    }

    private Window window(TimeSeries s, int column, String id, int k) {
        int cut = cut(s.length(), k);
        double[] y = new double[horizon];
        float[] x = s.columns().get(column);
        Arrays.setAll(y, h -> x[cut + h]);
        return new Window(id, k, y, scale(x, cut, season));
    }

    /** The mean of |y_t − y_{t−m}| before a cut, m = 1 where the past has no m steps; NaN where nothing is known. */
    static double scale(float[] x, int cut, int season) {
        int m = cut > season ? season : 1;
        double sum = 0;
        long n = 0;
        for (int t = m; t < cut; t++) {
            float d = Math.abs(x[t] - x[t - m]);
            if (!Float.isNaN(d)) {
                sum += d;
                n++;
            }
        }
        return sum / n;
    }

    private Entry of(Forecaster f, ForecastModel model, TimeTable t) {
        Gathered sums = new Gathered();
        double[] z = new double[levels.length];
        Arrays.setAll(z, i -> Outputs.normalQuantile(levels[i]));
        for (TimeSeries s : t.series()) {
            SeriesInput in = new SeriesInput(s, SeriesInput.scaling(s, 0, cut(s.length(), 0)));
            for (int c : model.wanted(t)) {
                for (int k = 0; k < windows; k++) {
                    Forecaster.Expected e = f.expected(in, c, cut(s.length(), k));
                    double[] mean = restored(in, c, e.mean());
                    double[] spread = e.spread();
                    double[][] quantiles = new double[spread == null ? 0 : levels.length][horizon];
                    for (int i = 0; i < quantiles.length && spread != null; i++) {
                        for (int h = 0; h < horizon; h++) {
                            quantiles[i][h] = mean[h] + z[i] * spread[h] * in.scaling.std()[c];
                        }
                    }
                    sums.add(window(s, c, t.id(s, c, model.wanted(t).size()), k), mean, quantiles);
                }
            }
        }
        return sums.entry(f.name());
    }

    private static double[] restored(SeriesInput in, int c, double[] v) {
        return Arrays.stream(v).map(x -> x * in.scaling.std()[c] + in.scaling.mean()[c]).toArray();
    }

    /** Naive, seasonal naive, drift, ETS, and the two linear models of what is before the first cut. */
    private List<Forecaster> simple(ForecastModel model, TimeTable t) {
        List<Forecaster> out = new ArrayList<>();
        out.add(new Naive(horizon));
        if (season > 1) {
            out.add(new SeasonalNaive(horizon, season));
        }
        out.add(new Drift(horizon));
        out.add(new Ets(horizon, season));
        List<Integer> wanted = model.wanted(t);
        int longest = t.series().stream().mapToInt(s -> cut(s.length(), 0)).max().orElse(1);
        int context = Math.max(1, Math.min(model.context(), (longest - horizon) / 2));
        WindowLayout layout = new WindowLayout(context, horizon, false, WindowNormalization.NONE,
                t.targets().size(), t.past().size(), t.future().size(), List.of(), wanted);
        List<Windows.Part> train = new ArrayList<>();
        List<Windows.Part> validation = new ArrayList<>();
        for (TimeSeries s : t.series()) {
            int end = cut(s.length(), 0);
            int middle = Math.max(context + horizon, end - Math.max(horizon, end / 5));
            SeriesInput in = new SeriesInput(s, SeriesInput.scaling(s, 0, end));
            train.add(new Windows.Part(in, context, Math.max(0, middle - context - horizon + 1)));
            validation.add(new Windows.Part(in, middle, Math.max(0, end - middle - horizon + 1)));
        }
        Windows fitted = new Windows(layout, train);
        Windows chosen = new Windows(layout, validation);
        for (LinearForecast.Kind kind : List.of(LinearForecast.Kind.NLINEAR, LinearForecast.Kind.DLINEAR)) {
            LinearForecast linear = LinearForecast.fit(fitted, chosen, context, kind);
            if (linear != null) {
                Windows judged = chosen.size() > 0 ? chosen : fitted;
                out.add(LinearPart.of(linear, judged, 0, judged.size()));
            }
        }
        return out;
    }
}
