package s4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import s4j.data.series.ClassNames;
import s4j.data.series.Scaling;
import s4j.data.series.Series;
import s4j.data.series.SeriesTable;
import s4j.data.series.TargetKind;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;

/**
 * Time series, ready for a network: gaps filled, each channel to {@code (x − mean) / std} of the training series. Classes are
 * coded by {@link ClassNames}, numbers scaled in the same way as values.
 */
final class SeriesDataset implements Dataset {
    private final SeriesSource.Parts parts;
    private final Scaling scaling;
    private final boolean scaled;
    private final TargetSpec targets;
    private final Set train;
    private final Set validation;
    private final Set test;

    private SeriesDataset(SeriesConfig config, SeriesSource.Parts parts, TargetSpec targets, Coding coding)
            throws MalformedFileException {
        this.parts = parts;
        this.targets = targets;
        this.scaled = config.normalize() == SeriesConfig.Normalize.CHANNEL;
        this.scaling = scaled ? Scaling.of(parts.train()) : Scaling.none(parts.train().channels().size());
        this.train = set(parts.train(), config, coding);
        this.validation = set(parts.validation(), config, coding);
        this.test = set(parts.test(), config, coding);
    }

    /** Targets of a set as a network sees them: one number each. */
    private interface Coding {
        double[] of(SeriesTable set) throws MalformedFileException;
    }

    static SeriesDataset of(SeriesConfig config, SeriesSource.Parts parts) throws MalformedFileException {
        if (parts.kind() == TargetKind.CLASSES) {
            ClassNames names = ClassNames.of(parts.train());
            return new SeriesDataset(config, parts, TargetSpec.Classes.of(names.names()), set -> {
                return Arrays.stream(names.codes(set)).asDoubleStream().toArray();
            });
        }
        Scaling scale = Scaling.of(parts.train().values());
        String name = config.target() == null ? "value" : config.target();
        return new SeriesDataset(config, parts,
                TargetSpec.Values.of(1, List.of(name), List.of(scale.mean()[0]), List.of(scale.std()[0])), set -> {
                    return Arrays.stream(set.values()).map(v -> (v - scale.mean()[0]) / scale.std()[0]).toArray();
                });
    }

    private Set set(SeriesTable table, SeriesConfig config, Coding coding) throws MalformedFileException {
        List<float[]> values = new ArrayList<>(table.rows().size());
        for (Series row : table.rows()) {
            values.add(scaling.apply(config.missing().fill(row, scaling.mean())));
        }
        return new Set(values, scaling.mean().length, coding.of(table), targets instanceof TargetSpec.Classes);
    }

    @Override
    public String name() { return "series"; }

    @Override
    public int dInput() { return scaling.mean().length; }

    @Override
    public int lMax() { return Math.max(train.longest(), Math.max(validation.longest(), test.longest())); }

    @Override
    public boolean equalLengths() { return Math.min(parts.train().shortest(), parts.test().shortest()) == lMax(); }

    @Override
    public TargetSpec targets() { return targets; }

    @Override
    public SequenceSet train() { return train; }

    @Override
    public SequenceSet validation() { return validation; }

    @Override
    public SequenceSet test() { return test; }

    @Override
    public Map<String, TensorData> transform() {
        if (!scaled) {
            return Map.of();
        }
        Map<String, TensorData> out = new LinkedHashMap<>();
        out.put("data.mean", TensorData.of(scaling.mean(), scaling.mean().length));
        out.put("data.std", TensorData.of(scaling.std(), scaling.std().length));
        return Collections.unmodifiableMap(out);
    }

    @Override
    public String hash() {
        return Sha256.hex(List.of(parts.train(), parts.validation(), parts.test()).stream().map(SeriesTable::hash)
                .collect(Collectors.joining("\n")).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Override
    public Map<String, String> facts() {
        Map<String, String> out = new LinkedHashMap<>();
        SeriesTable first = parts.train();
        out.put("Read from", first.source() + (parts.test().source().equals(first.source())
                ? ""
                : " and " + parts.test().source()));
        out.put("Format", first.format());
        out.put("Channels", String.join(", ", first.channels()));
        out.put("Missing values", String.format(Locale.ROOT, "%,d", missing()));
        return out;
    }

    private long missing() { return parts.train().missing() + parts.validation().missing() + parts.test().missing(); }

    /** What was found, in one line. */
    String found() {
        SeriesTable all = parts.train();
        int shortest = Math.min(all.shortest(), parts.test().shortest());
        String kind = switch (targets) {
            case TargetSpec.Classes c -> c.names().size() + " classes (" + shortened(c.names()) + ")";
            case TargetSpec.Values v -> String.format(Locale.ROOT, "numbers to predict, %.4g ± %.4g in training",
                    v.mean().getFirst(), v.std().getFirst());
            case TargetSpec.StepClasses s -> throw new IllegalStateException("series have one target each");
        };
        String said = all.kind() == null ? "" : ", as the file says";
        return String.format(Locale.ROOT, "found: %s, %s; %d channel%s; %s steps; %s%s%s", all.source(), all.format(),
                dInput(), dInput() == 1 ? "" : "s",
                shortest == lMax() ? String.format(Locale.ROOT, "%,d", lMax()) : shortest + " to " + lMax(), kind, said,
                missing() == 0
                        ? ""
                        : String.format(Locale.ROOT, "; %,d missing value%s", missing(), missing() == 1 ? "" : "s"));
    }

    private static String shortened(List<String> names) {
        return names.size() <= 12 ? String.join(", ", names) : String.join(", ", names.subList(0, 10)) + ", …";
    }

    /** Scaled series. */
    private record Set(List<float[]> values, int channels, double[] targets, boolean classes) implements SequenceSet {
        @Override
        public int size() { return values.size(); }

        int longest() { return values.stream().mapToInt(v -> v.length / channels).max().orElse(0); }

        @Override
        @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
        public SequenceBatch batch(int[] indices) {
            int[] lengths = Arrays.stream(indices).map(i -> values.get(i).length / channels).toArray();
            int longest = Arrays.stream(lengths).max().orElseThrow();
            float[] x = new float[Math.multiplyExact(Math.multiplyExact(indices.length, longest), channels)];
            float[] wanted = new float[indices.length];
            for (int b = 0; b < indices.length; b++) {
                float[] row = values.get(indices[b]);
                System.arraycopy(row, 0, x, b * longest * channels, row.length);
                wanted[b] = (float) targets[indices[b]];
            }
            boolean same = Arrays.stream(lengths).allMatch(n -> n == longest);
            return new SequenceBatch(indices.length, longest, channels, x, same ? null : lengths, targets(wanted));
        }

        private Targets targets(float[] wanted) {
            if (!classes) {
                return new Targets.Values(1, 1, wanted, null);
            }
            int[] codes = new int[wanted.length];
            Arrays.setAll(codes, i -> (int) wanted[i]);
            return new Targets.Classes(codes);
        }

        @Override
        public int label(int i) { return classes ? (int) targets[i] : -1; }
    }
}
