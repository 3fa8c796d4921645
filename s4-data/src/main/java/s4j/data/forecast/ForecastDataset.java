package s4j.data.forecast;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    private final Splits splits;
    private final String rule;
    private final String hash;

    /**
     * Windows by what they are for.
     *
     * @param linear what is taken out of all of them; null: nothing
     */
    record Splits(Windows train, Windows validation, Windows test, @Nullable LinearPart linear) {
        /** With a linear part; null: with none. */
        static Splits of(Windows train, Windows validation, Windows test, @Nullable LinearPart part) {
            return new Splits(train.with(part), validation.with(part), test.with(part), part);
        }
    }

    /**
     * Of windows.
     *
     * @param shared whether all series have one scale
     * @param scales of the series
     * @param rule what becomes of missing values, for people
     */
    ForecastDataset(String name, TimeTable table, WindowLayout layout, boolean shared, List<Scaling> scales,
            Splits splits, String rule, String hash) {
        this.name = name;
        this.table = table;
        this.layout = layout;
        this.shared = shared;
        this.first = scales.getFirst();
        this.splits = splits;
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
    public SequenceSet train() { return splits.train; }

    @Override
    public SequenceSet validation() { return splits.validation; }

    @Override
    public SequenceSet test() { return splits.test; }

    /** The windows to train on. */
    public Windows trainWindows() { return splits.train; }

    /** The windows to choose by. */
    public Windows validationWindows() { return splits.validation; }

    /** The windows to report on. */
    public Windows testWindows() { return splits.test; }

    /** The table that they are of. */
    public TimeTable table() { return table; }

    /** What a network sees. */
    public WindowLayout layout() { return layout; }

    /** Mean and std of the columns where all series have one scale, and the linear part. */
    @Override
    public Map<String, TensorData> transform() {
        Map<String, TensorData> out = new LinkedHashMap<>();
        byte[] word = table.frequency().toString().getBytes(StandardCharsets.US_ASCII);
        out.put("data.frequency", TensorData.of(word, word.length));
        out.putAll(layout.statics().tensors());
        if (shared) {
            out.put("data.series_mean", TensorData.of(first.mean(), first.mean().length));
            out.put("data.series_std", TensorData.of(first.std(), first.std().length));
        }
        if (splits.linear != null) {
            out.putAll(splits.linear.tensors());
        }
        return out;
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
        if (layout.statics().width() > 0) {
            out.put("Static columns", layout.statics().toString());
        }
        out.put("Linear part", splits.linear == null
                ? "none"
                : String.format(Locale.ROOT, "%s in closed form, ridge %.0e of the mean square", splits.linear.name(),
                        splits.linear.model().lambda()));
        out.put("Context and horizon", layout.context() + " and " + layout.horizon() + " steps");
        return out;
    }

    /** What was found, in one line. */
    String found() {
        return table.found(rule)
                + String.format(Locale.ROOT, "; windows of %d + %d: %,d train, %,d validation, %,d test",
                        layout.context(), layout.horizon(), splits.train.size(), splits.validation.size(),
                        splits.test.size());
    }
}
