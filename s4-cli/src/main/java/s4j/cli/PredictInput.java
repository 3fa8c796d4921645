package s4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import s4j.audio.SoundFile;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.SeriesConfig;
import s4j.data.series.Series;
import s4j.data.series.SeriesReader;
import s4j.data.series.SeriesTable;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.predict.Predictor;
import s4j.train.config.Yaml;
import s4j.train.run.RunException;

/**
 * Series to predict from.
 *
 * @param values of each {@code [l, d]}, raw, without gaps
 * @param targets as they were written; null where there is none
 * @param ids names; null where there is none
 * @param notes for people
 */
record PredictInput(List<float[]> values, List<@Nullable String> targets, List<@Nullable String> ids,
        List<String> notes) {
    /** Series that are predicted at once. */
    static final int AT_ONCE = 64;

    private static final String DATASET = "dataset";

    int size() { return values.size(); }

    /** Reads a file, laid out as the model's training data was unless words say something else. */
    static PredictInput read(Path input, ModelFile model, Predictor predictor, List<String> words) throws IOException {
        if (!Files.exists(input)) {
            throw new RunException("--input " + input + ": there is no such file");
        }
        TensorData rate = model.tensors().get("data.sample_rate");
        if (rate != null) {
            return sounds(input, rate.toInts()[0], predictor);
        }
        SeriesConfig config = config(model, words);
        SeriesTable table = SeriesReader.read(input, config.options().unlabelled());
        if (table.channels().size() != predictor.channels()) {
            throw new RunException(
                    "--input %s: %d channels (%s); the model takes %d. Name them with dataset.channels=[…], or"
                            .formatted(input, table.channels().size(), String.join(", ", table.channels()),
                                    predictor.channels())
                            + " leave others out with dataset.ignore=[…]");
        }
        double[] means = predictor.transform().mean().length == 0
                ? new double[predictor.channels()]
                : predictor.transform().mean();
        List<float[]> values = new ArrayList<>();
        for (Series row : table.rows()) {
            values.add(config.missing().fill(row, means));
        }
        return new PredictInput(values, table.rows().stream().map(Series::target).toList(),
                table.rows().stream().map(Series::id).toList(), notes(values, predictor));
    }

    private static SeriesConfig config(ModelFile model, List<String> words) {
        ConfigTree trained = ConfigTree.of(model.config(), new Origin("the model file")).find(DATASET);
        ConfigTree name = trained == null ? null : trained.find(ConfigTree.NAME);
        boolean series = name != null && SeriesConfig.DEFAULTS.name().equals(name.toValue());
        ConfigTree tree = trained != null && series
                ? trained.without("path").without("test_path").without("url").without("query")
                : ConfigTree.of(java.util.Map.of(), Origin.DEFAULTS);
        for (String word : words) {
            int eq = word.indexOf('=');
            if (eq < 0 || !word.startsWith(DATASET + ".")) {
                throw new RunException("predict: got " + word + "; expected dataset.KEY=VALUE, e.g. dataset.time=t");
            }
            tree = tree.with(word.substring(DATASET.length() + 1, eq), Yaml.read(word.substring(eq + 1), word));
        }
        return Binder.bind(tree, SeriesConfig.DEFAULTS);
    }

    private static PredictInput sounds(Path input, int rate, Predictor predictor) throws IOException {
        List<Path> files = List.of(input);
        if (Files.isDirectory(input)) {
            try (Stream<Path> all = Files.walk(input)) {
                files = all.filter(f -> SoundFile.named(f.toString())).sorted().toList();
            }
        }
        if (files.isEmpty()) {
            throw new RunException("--input " + input + ": no sound files; expected one or more");
        }
        List<float[]> values = new ArrayList<>();
        for (Path f : files) {
            float[] samples = SoundFile.read(f).at(rate).samples();
            if (samples.length == 0) {
                throw new RunException(f + ": no samples; expected a recording of one or more");
            }
            values.add(samples);
        }
        @Nullable
        String[] none = new String[files.size()];
        return new PredictInput(values, Arrays.asList(none), List.copyOf(files.stream().map(Path::toString).toList()),
                notes(values, predictor));
    }

    private static List<String> notes(List<float[]> values, Predictor predictor) {
        int most = predictor.model().config().lMax();
        long longer = values.stream().filter(v -> predictor.transform().steps(v.length / predictor.channels()) > most)
                .count();
        return longer == 0
                ? List.of()
                : List.of("note: %d of %d series are longer than the %d steps of the longest in training".formatted(
                        longer,
                        values.size(), most));
    }
}
