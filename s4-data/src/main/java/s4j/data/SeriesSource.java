package s4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.series.Series;
import s4j.data.series.SeriesFiles;
import s4j.data.series.SeriesReader;
import s4j.data.series.SeriesTable;
import s4j.data.series.TargetKind;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;

/**
 * Series as they were read, before anything is done to them.
 *
 * @param all to train on, and to test on where there is no other
 * @param test null: some of all
 */
record SeriesSource(SeriesTable all, @Nullable SeriesTable test) {
    static SeriesSource of(SeriesConfig config, Map<String, String> environment) throws IOException {
        if (config.url() != null && config.query() != null) {
            try (Table table = Table.query(config.url(), config.query())) {
                return new SeriesSource(SeriesReader.read(table, config.options()), null);
            }
        }
        Path path = Places.find(config.path(), "a file or a folder with series", config.dataDir(), environment,
                p -> Files.exists(p) || SeriesFiles.namesAPair(p));
        Path other = config.testPath() == null
                ? null
                : Places.find("test_path", config.testPath(), "a file with series", config.dataDir(), environment,
                        Files::exists);
        SeriesFiles files = SeriesFiles.find(path, other);
        SeriesTable all = SeriesReader.read(files.train(), config.options());
        SeriesTable test = files.test() == null ? null : SeriesReader.read(files.test(), config.options());
        if (test != null && test.channels().size() != all.channels().size()) {
            throw new MalformedFileException("%s: got %d channels; expected %d as in %s".formatted(test.source(),
                    test.channels().size(), all.channels().size(), all.source()));
        }
        return new SeriesSource(all, test);
    }

    /** Three sets of series; validation may be empty. */
    record Parts(SeriesTable train, SeriesTable validation, SeriesTable test, TargetKind kind) {}

    /** Splits off what has no file of its own: by seed alone, each class in its share, every class at least once in training. */
    Parts split(SeriesConfig config) {
        TargetKind kind = config.targets() == null ? all.found() : config.targets();
        Shares shares = kind == TargetKind.CLASSES ? new Shares(this::label) : Shares.ANY;
        int[] rest = IntStream.range(0, all.rows().size()).toArray();
        SeriesTable tested = test;
        if (tested == null) {
            int[][] parts = shares.split(rest, config.testSplit(), config.seed(), "test");
            rest = parts[0];
            tested = all.some(parts[1]);
        }
        int[][] parts = shares.split(rest, config.validationOf(rest.length), config.seed(), "split");
        Parts out = new Parts(all.some(parts[0]), all.some(parts[1]), tested, kind);
        if (out.train.rows().isEmpty() || out.test.rows().isEmpty()) {
            throw new ConfigException("%s: %d series to train on and %d to test; expected some of each. Lower or raise"
                    .formatted(all.source(), out.train.rows().size(), out.test.rows().size())
                    + " dataset.test_split, or name a test set: dataset.test_path");
        }
        return out;
    }

    private Object label(int i) {
        Series row = all.rows().get(i);
        return row.target() == null ? "" : row.target();
    }
}
