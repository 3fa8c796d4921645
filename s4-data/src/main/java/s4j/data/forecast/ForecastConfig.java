package s4j.data.forecast;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.Key;
import s4j.config.Range;
import s4j.data.DataPlaces;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.data.series.Scaling;
import s4j.data.table.Table;
import s4j.predict.WindowNormalization;

/**
 * Any table of time series to forecast ({@code dataset._name_: forecast}): wide (a column a series) or long ({@code unique_id, ds,
 * y}), or .tsf. Each series' last test_split is the test, what is before it validation, the rest training; a series that is too
 * short for that is trained on alone. Each series is standardised by its own training steps.
 *
 * @param name {@code forecast}
 * @param path a file, also in a zip ({@code a.zip/b.tsf})
 * @param url of a database, instead of path
 * @param query to it
 * @param time column of stamps; null: found
 * @param target columns to forecast; empty: found
 * @param id column with a row's series; null: {@code unique_id}, or none
 * @param past columns known up to the present
 * @param future columns known in advance: they imply {@code masked}
 * @param statics columns that are the same in all rows of a series: a category has a feature of its own (behind a linear
 *     encoder an embedding), a number is standardised
 * @param joint whether the targets of a row are one series of several channels; else each is a series of its own
 * @param zone of stamps without an offset, e.g. Europe/Berlin; null: none
 * @param freq frequency, e.g. 30min; null: found
 * @param dayFirst whether {@code 1/2/2010} is the first of February; null: found
 * @param duplicates rows with one stamp: mean, first, last, refuse, or few: their mean, where they are less than half of the rows
 * @param irregular stamps off the axis: {@code resample} or {@code refuse}
 * @param missing missing values and gaps: the word last (inputs repeat the last value before, targets do not count) or
 *     refuse
 * @param context steps that are seen; null: found from the season and the length
 * @param horizon steps that are forecast; null: found: a season, two of a short one, at most a twelfth of the longest series
 * @param masked whether zeros stand for the horizon behind the context, where what is known in advance has its place; null: where
 *     there is something known in advance
 * @param normalization of each window
 * @param linear whether forecasts start from the linear model in closed form, and the network learns what it leaves
 * @param calendar whether a step has features of the calendar
 * @param valSplit fraction of each series for validation
 * @param testSplit fraction of each series for the test
 * @param dataDir where path is looked for; null: S4_DATA or the cache
 */
public record ForecastConfig(@Key("_name_") String name, @Nullable String path, @Nullable String url,
        @Nullable String query, @Nullable String time, List<String> target, @Nullable String id, List<String> past,
        List<String> future, @Key("static") List<String> statics, boolean joint, @Nullable String zone,
        @Nullable String freq, @Nullable Boolean dayFirst, TimeOptions.Duplicates duplicates,
        TimeOptions.Irregular irregular, Missing missing,
        @Range(min = 1) @Nullable Integer context, @Range(min = 1) @Nullable Integer horizon, @Nullable Boolean masked,
        WindowNormalization normalization, boolean linear, boolean calendar, @Range(min = 0, max = 0.9) double valSplit,
        @Range(min = 0.01, max = 0.9) double testSplit, @Nullable String dataDir) implements DatasetConfig {
    public static final ForecastConfig DEFAULTS = new ForecastConfig("forecast", null, null, null, null, List.of(),
            null, List.of(), List.of(), List.of(), false, null, null, null, TimeOptions.Duplicates.FEW,
            TimeOptions.Irregular.RESAMPLE, Missing.LAST, null, null, null, WindowNormalization.LAST, true, false, 0.1,
            0.2,
            null);
    /** Contexts that nobody named are at least so many horizons, and at most so many steps. */
    private static final int MOST_CONTEXT = 336;
    /** Shorter seasons than so many steps are forecast twice. */
    private static final int SHORT = 8;

    /** What becomes of missing values. */
    public enum Missing {
        LAST, REFUSE
    }

    /** Refuses half a query, and covariates that have no place. */
    public ForecastConfig {
        if ((url == null) != (query == null) || (url != null && path != null)) {
            throw new ConfigException("dataset.url: got %s, dataset.query %s, dataset.path %s; expected a path, or both"
                    .formatted(url, query, path) + " others");
        }
        if (!future.isEmpty() && Boolean.FALSE.equals(masked)) {
            throw new ConfigException(
                    "dataset.future: got " + future + " with dataset.masked=false; a network sees what is"
                            + " known in advance only behind the context. Leave dataset.masked out");
        }
        target = List.copyOf(target);
        past = List.copyOf(past);
        future = List.copyOf(future);
        statics = List.copyOf(statics);
    }

    /** How tables are read. */
    public TimeOptions options() {
        try {
            return new TimeOptions(time, target, id, past, future, statics, zone == null ? null : ZoneId.of(zone),
                    freq == null ? null : Frequency.parse(freq), duplicates, irregular, null, dayFirst);
        } catch (DateTimeException e) {
            throw new ConfigException("dataset.zone: got %s; expected e.g. Europe/Berlin or UTC".formatted(zone), e);
        }
    }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        ForecastDataset out;
        if (url != null && query != null) {
            try (Table table = Table.query(url, query)) {
                TimeTable read = TimeReader.read(table, options());
                out = of(read, Hashed.of(read));
            }
        } else {
            Path file = find();
            TimeTable read = TimeReader.read(file, options());
            out = of(read, Hashed.of(read));
        }
        log.accept(out.found());
        return out;
    }

    private Path find() {
        if (path == null) {
            throw new ConfigException("dataset.path: got null; expected a table, e.g. dataset.path=FILE.csv");
        }
        List<Path> tried = Stream.concat(Stream.of(Path.of(path)), (dataDir == null
                ? DataPlaces.directories(System.getenv())
                : List.of(Path.of(dataDir))).stream().map(d -> d.resolve(path))).toList();
        return tried.stream().filter(TimeReader::there).findFirst()
                .orElseThrow(() -> new ConfigException("dataset.path: nothing at %s; expected a table. Looked in %s"
                        .formatted(path, tried)));
    }

    /** The set of a table that was read. */
    public ForecastDataset of(TimeTable read, String hash) {
        TimeTable table = joint ? read : read.apart();
        if (missing == Missing.REFUSE && table.missing() > 0) {
            throw new ConfigException("%s: %d values are missing; expected none. Write dataset.missing=last".formatted(
                    table.source(), table.missing()));
        }
        WindowLayout layout = layout(table);
        int steps = layout.horizon();
        List<Scaling> scales = new ArrayList<>();
        List<List<Windows.Part>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<TimeSeries> kept = table.series().stream()
                .filter(s -> s.known(table.targets().size(), cuts(s.length(), steps)[0])).toList();
        List<String> left = kept.size() == table.series().size()
                ? List.of()
                : List.of("%,d series without a value in training: left out"
                        .formatted(table.series().size() - kept.size()));
        for (TimeSeries s : kept) {
            int[] cuts = cuts(s.length(), steps);
            SeriesInput input = new SeriesInput(s, SeriesInput.scaling(s, 0, cuts[0]));
            scales.add(input.scaling);
            int from = Math.min(layout.context(), Math.max(1, cuts[0] - steps));
            for (int p = 0; p < 3; p++) {
                int start = p == 0 ? from : cuts[p - 1];
                parts.get(p).add(new Windows.Part(input, start, Math.max(0, cuts[p] - start - steps + 1)));
            }
        }
        Windows train = new Windows(layout, parts.getFirst());
        Windows validation = new Windows(layout, parts.get(1));
        Windows test = new Windows(layout, parts.get(2));
        if (train.size() == 0 || test.size() == 0) {
            throw new ConfigException("%s: no series is long enough for windows of %d + %d steps: %d to train on, %d to"
                    .formatted(table.source(), layout.context(), steps, train.size(), test.size()) + " test"
                    + (left.isEmpty() ? "" : "; " + left.getFirst()) + ". " + (steps > 1
                            ? "Lower dataset.horizon, or raise dataset.test_split"
                            : "It needs more rows"));
        }
        return new ForecastDataset(name, table.with(kept, left), layout, false, scales,
                ForecastDataset.Splits.of(train, validation, test, linear
                        ? new LinearChoice(train, validation, true).best(table.frequency().season())
                        : null),
                "the last before them", hash);
    }

    /** Ends of training, validation and test; each later part has at least one horizon, where the series allows it. */
    private int[] cuts(int n, int steps) {
        int test = Math.max(steps, (int) (n * testSplit));
        int val = valSplit == 0 ? 0 : Math.max(steps, (int) (n * valSplit));
        boolean fits = n - test - val > steps;
        return fits ? new int[]{n - test - val, n - test, n} : new int[]{n, n, n};
    }

    private WindowLayout layout(TimeTable table) {
        int channels = table.targets().size();
        int steps = horizon == null ? usualHorizon(table) : horizon;
        boolean zeros = masked == null ? !future.isEmpty() : masked;
        return new WindowLayout(context == null ? usualContext(table, steps) : context, steps, zeros, normalization,
                channels, past.size(), future.size(), calendar ? Calendar.of(table.frequency()) : List.of(),
                IntStream.range(0, channels).boxed().toList(), StaticFeatures.learned(statics, table.series()));
    }

    /** A season, two of a short one, eight steps where there is none; at most a twelfth of the longest series. */
    private static int usualHorizon(TimeTable table) {
        int season = table.frequency().season();
        int wished = season == 1 ? SHORT : season < SHORT ? 2 * season : season;
        return Math.max(1, Math.min(wished, longest(table) / 12));
    }

    /** Three longest seasons and at least three horizons, but no more than a quarter of the longest series. */
    private static int usualContext(TimeTable table, int steps) {
        int season = table.frequency().seasons().getLast();
        int wished = Math.min(MOST_CONTEXT, Math.max(3 * season, 3 * steps));
        return Math.max(1, Math.min(wished, longest(table) / 4));
    }

    private static int longest(TimeTable table) {
        return table.series().stream().mapToInt(TimeSeries::length).max().orElse(1);
    }
}
