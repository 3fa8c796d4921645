package s4j.data.forecast;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.data.series.Scaling;
import s4j.io.TensorData;
import s4j.model.TargetSpec;

/** Windows of series with what follows them. Split by time: train, then validation, then test. */
public final class ForecastDataset implements Dataset {
    private final String name;
    private final TimeTable table;
    private final WindowLayout layout;
    private final boolean shared;
    private final Scaling first;
    private final Windows train;
    private final Windows validation;
    private final Windows test;
    private final String rule;
    private final String hash;

    /**
     * Of windows.
     *
     * @param shared whether all series have one scale
     * @param scales of the series
     * @param rule what becomes of missing values, for people
     */
    ForecastDataset(String name, TimeTable table, WindowLayout layout, boolean shared, List<Scaling> scales,
            Windows train, Windows validation, Windows test, String rule, String hash) {
        this.name = name;
        this.table = table;
        this.layout = layout;
        this.shared = shared;
        this.first = scales.getFirst();
        this.train = train;
        this.validation = validation;
        this.test = test;
        this.rule = rule;
        this.hash = hash;
    }

    @Override
    public String name() { return name; }

    @Override
    public int dInput() { return layout.width(); }

    @Override
    public int lMax() { return layout.length(); }

    @Override
    public int lOutput() { return layout.masked() ? layout.horizon() : 0; }

    @Override
    public TargetSpec targets() {
        List<String> names = layout.wanted().stream().map(table.targets()::get).toList();
        return TargetSpec.Values.of(layout.horizon(), names,
                layout.wanted().stream().map(c -> shared ? first.mean()[c] : 0.0).toList(),
                layout.wanted().stream().map(c -> shared ? first.std()[c] : 1.0).toList());
    }

    @Override
    public SequenceSet train() { return train; }

    @Override
    public SequenceSet validation() { return validation; }

    @Override
    public SequenceSet test() { return test; }

    /** The windows to train on. */
    public Windows trainWindows() { return train; }

    /** The windows to choose by. */
    public Windows validationWindows() { return validation; }

    /** The windows to report on. */
    public Windows testWindows() { return test; }

    /** The table that they are of. */
    public TimeTable table() { return table; }

    /** What a network sees. */
    public WindowLayout layout() { return layout; }

    /** Mean and std of the columns where all series have one scale. */
    @Override
    public Map<String, TensorData> transform() {
        TensorData frequency = TensorData.of(table.frequency().toString().getBytes(
                java.nio.charset.StandardCharsets.US_ASCII), table.frequency().toString().length());
        return shared
                ? Map.of("data.frequency", frequency, "data.series_mean",
                        TensorData.of(first.mean(), first.mean().length), "data.series_std",
                        TensorData.of(first.std(), first.std().length))
                : Map.of("data.frequency", frequency);
    }

    @Override
    public String hash() { return hash; }

    @Override
    public Map<String, String> facts() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Read from", table.source());
        out.put("Series", String.format(Locale.ROOT, "%,d", table.series().size()));
        out.put("Frequency", table.frequency().toString());
        out.put("Missing values", String.format(Locale.ROOT, "%,d", table.missing()));
        out.put("Context and horizon", layout.context() + " and " + layout.horizon() + " steps");
        return out;
    }

    /** What was found, in one line. */
    String found() {
        return table.found(rule)
                + String.format(Locale.ROOT, "; windows of %d + %d: %,d train, %,d validation, %,d test",
                        layout.context(), layout.horizon(), train.size(), validation.size(), test.size());
    }
}
