package s4j.data.forecast;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.Key;
import s4j.config.Range;
import s4j.data.DataPlaces;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.data.series.Scaling;
import s4j.data.table.Table;
import s4j.data.table.Unpacked;
import s4j.predict.WindowNormalization;

/**
 * The forecasting sets of Informer and its followers ({@code dataset._name_: informer}), with their splits: ETT the first 12, the
 * next 4 and the next 4 months of 30 days; the others the first 70 %, the last 20 % for the test, and what is between. Windows of
 * validation and test may look back into the split before, so that their number does not depend on the context, and none is
 * left out. Each column is standardised by the training rows.
 *
 * @param name {@code informer}
 * @param set which: etth, ettm, weather, exchange, ili, ecl or traffic
 * @param variant 0 or 1: ETTh1 or ETTh2, ETTm1 or ETTm2; of weather Informer's WTH or Autoformer's of Jena
 * @param features {@code S}: one column from itself; {@code M}: all from all; {@code MS}: one from all
 * @param target the column of S and MS; null: the last
 * @param size {@code [context, label, horizon]}; label steps, which decoders of other models are shown again, mean nothing here
 * @param masked whether zeros stand for the horizon behind the context (the official construction)
 * @param normalization of each window
 * @param linear whether forecasts start from the linear model in closed form, and the network learns what it leaves
 * @param calendar whether a step has features of the calendar
 * @param dataDir where the files are looked for; null: S4_DATA or the cache
 */
public record InformerConfig(@Key("_name_") String name, Set set, @Range(min = 0, max = 1) int variant,
        String features, @Nullable String target, List<Integer> size, boolean masked,
        WindowNormalization normalization, boolean linear, boolean calendar,
        @Nullable String dataDir) implements DatasetConfig {
    public static final InformerConfig DEFAULTS = new InformerConfig("informer", Set.ETTH, 0, "S", null,
            List.of(384, 96, 96), true, WindowNormalization.NONE, false, false, null);

    /** The sets, each with the places of its files below a data directory. */
    public enum Set {
        ETTH(30 * 24, "ett/ETTh1.csv", "ett/ETTh2.csv"), ETTM(30 * 24 * 4, "ett/ETTm1.csv", "ett/ETTm2.csv"), WEATHER(0,
                "weather-ili-exchange/WTH.csv", "weather-ili-exchange/weather.csv"), EXCHANGE(0,
                        "weather-ili-exchange/exchange_rate.csv", ""), ILI(0,
                                "weather-ili-exchange/national_illness.csv",
                                ""), ECL(0, "ecl/ECL.csv", "ecl/electricity.csv"), TRAFFIC(0, "traffic/traffic.csv",
                                        "");

        /** Steps of a month in the ETT protocol; 0: shares of all rows. */
        private final int month;
        private final String first;
        private final String second;

        Set(int month, String first, String second) {
            this.month = month;
            this.first = first;
            this.second = second;
        }
    }

    /** Checks the sizes. */
    public InformerConfig {
        if (size.size() != 3 || size.getFirst() < 1 || size.get(1) < 0 || size.getLast() < 1) {
            throw new IllegalArgumentException(
                    "size: got " + size + "; expected [context, label, horizon], e.g. [336, 0, 96]");
        }
        size = List.copyOf(size);
        features = features.toUpperCase(Locale.ROOT);
        if (!List.of("S", "M", "MS").contains(features)) {
            throw new IllegalArgumentException("features: got " + features + "; expected S, M or MS");
        }
    }

    /** Steps that are seen. */
    public int context() { return size.getFirst(); }

    /** Steps that are forecast. */
    public int horizon() { return size.getLast(); }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        Path file = find();
        TimeTable table;
        try (InputStream in = Unpacked.of(Files.newInputStream(file), file.toString())) {
            // one of the headers is in Latin-1
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            try (Table rows = Table.csv(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                    file.toString(), null)) {
                table = TimeReader.read(rows, TimeOptions.FOUND.with(
                        features.equals("S") && target != null ? List.of(target) : List.of()));
            }
        }
        if (features.equals("S") && target == null) {
            table = last(table);
        }
        ForecastDataset out = of(table, Hashed.of(file));
        log.accept(out.found());
        return out;
    }

    private static TimeTable last(TimeTable t) {
        List<TimeSeries> series = t.series().stream()
                .map(s -> new TimeSeries(s.id(), s.axis(), List.of(s.columns().getLast()))).toList();
        return new TimeTable(t.source(), t.form(), List.of(t.targets().getLast()), List.of(), List.of(), series,
                t.repairs());
    }

    private Path find() {
        String name = variant == 0 ? set.first : set.second;
        if (name.isEmpty()) {
            throw new ConfigException("dataset.variant: got " + variant + "; " + set + " has one variant: 0");
        }
        List<Path> places = new ArrayList<>();
        List<Path> directories = dataDir == null ? DataPlaces.directories(System.getenv()) : List.of(Path.of(dataDir));
        for (Path d : directories) {
            for (String n : List.of(name, name.substring(name.indexOf('/') + 1))) {
                places.add(d.resolve(n + ".gz"));
                places.add(d.resolve(n));
            }
        }
        return places.stream().filter(Files::isRegularFile).findFirst().orElseThrow(() -> new ConfigException(
                "dataset.set: found no %s; expected it at one of %s. Put the file there, or write dataset.data_dir=DIRECTORY"
                        .formatted(name, String.join(", ", places.stream().map(Path::toString).toList()))));
    }

    /** The set of a table that was read. */
    ForecastDataset of(TimeTable table, String hash) {
        TimeSeries s = table.series().getFirst();
        int n = s.length();
        int train = set.month > 0 ? 12 * set.month : (int) (n * 0.7);
        int test = set.month > 0 ? 4 * set.month : (int) (n * 0.2);
        int end = set.month > 0 ? 20 * set.month : n;
        if (n < end || train < context() + horizon()) {
            throw new ConfigException("%s: got %d rows; expected at least %d for its splits, and %d to train on for a"
                    .formatted(table.source(), n, end, context() + horizon()) + " window of dataset.size " + size);
        }
        Scaling scaling = SeriesInput.scaling(s, 0, train);
        SeriesInput input = new SeriesInput(s, scaling);
        int d = table.targets().size();
        int single = target == null ? d - 1 : table.targets().indexOf(target);
        if (single < 0) {
            throw new ConfigException("dataset.target: got %s; expected one of %s".formatted(target, table.targets()));
        }
        List<Integer> wanted = features.equals("MS")
                ? List.of(single)
                : IntStream.range(0, d).boxed().toList();
        WindowLayout layout = new WindowLayout(context(), horizon(), masked, normalization, d, 0, 0,
                calendar ? Calendar.of(table.frequency()) : List.of(), wanted);
        Windows fitted = windows(layout, input, context(), train);
        Windows chosen = windows(layout, input, train, end - test);
        LinearPart part = linear ? new LinearChoice(fitted, chosen, false).best(table.frequency().season()) : null;
        return new ForecastDataset(name, table, layout, true, Collections.singletonList(scaling),
                ForecastDataset.Splits.of(fitted, chosen, windows(layout, input, end - test, end), part),
                "the last before", hash);
    }

    /** Windows that forecast steps {@code from} to {@code to}. */
    private static Windows windows(WindowLayout layout, SeriesInput input, int from, int to) {
        int cut = Math.max(from, layout.context());
        return new Windows(layout, List.of(new Windows.Part(input, cut, Math.max(0, to - cut - layout.horizon() + 1))));
    }
}
