package s4j.data;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;
import s4j.data.series.Missing;
import s4j.data.series.SeriesOptions;
import s4j.data.series.SeriesReader;
import s4j.data.series.TargetKind;
import s4j.data.table.Table;

/**
 * Your own time series, each with a class or a number ({@code dataset._name_: series}): .ts, .arff and .tsv of the UCR/UEA archive,
 * separated values with one row a series or one row a step, NumPy's .npz, or a query over JDBC.
 *
 * @param name {@code series}
 * @param path a file, or a folder with one data set; {@code X_TEST.ts} beside {@code X_TRAIN.ts} is found
 * @param testPath a file with the test set; null: the one beside path's, or test_split of path's series
 * @param url of a database, e.g. {@code jdbc:duckdb:}, instead of path
 * @param query to it, e.g. {@code select * from 'x.parquet'}
 * @param target column to predict; null: target, label or class
 * @param id column with a series' name
 * @param time column with the time of a row, in long form: one row a step
 * @param channels columns with values; empty: all others
 * @param ignore columns to leave out
 * @param delimiter of separated values; null: found
 * @param targets {@code classes} or {@code values}; null: what the file says, or else found by the targets
 * @param missing what becomes of missing values: {@code refuse}, {@code linear}, {@code last} or {@code mean}
 * @param normalize whether each channel is brought to mean 0 and standard deviation 1 of the training series
 * @param valSplit fraction of the training series kept for validation; null: a tenth, or nothing of fewer than 200: some
 *     ten series would choose the checkpoint by chance, and are missed in training
 * @param testSplit fraction of one file's series kept for the test
 * @param seed of the splits
 * @param dataDir where path is looked for; null: S4_DATA or the cache, if it is not there as it is
 */
public record SeriesConfig(@Key("_name_") @Default("series") String name, @Nullable String path,
        @Nullable String testPath, @Nullable String url, @Nullable String query, @Nullable String target,
        @Nullable String id, @Nullable String time, @Default("[]") List<String> channels,
        @Default("[]") List<String> ignore, @Nullable String delimiter, @Nullable TargetKind targets,
        @Default("refuse") Missing missing, @Default("channel") Normalize normalize,
        @Range(min = 0, max = 0.9) @Nullable Double valSplit,
        @Default("0.2") @Range(min = 0.01, max = 0.9) double testSplit, @Default("42") long seed,
        @Nullable String dataDir) implements DatasetConfig {
    public static final SeriesConfig DEFAULTS = Defaults.of(SeriesConfig.class);

    private static final int FEW = 200;

    /** What is done to values. */
    public enum Normalize {
        CHANNEL, NONE
    }

    /** Refuses half a query, and a path beside it. */
    public SeriesConfig {
        if ((url == null) != (query == null)) {
            throw new ConfigException(
                    "dataset.url: got %s, dataset.query %s; expected both or none".formatted(url, query));
        }
        if (url != null && path != null) {
            throw new ConfigException("dataset.path: got %s beside dataset.url; expected one of them".formatted(path));
        }
        if (delimiter != null && !delimiter.equals("tab") && delimiter.length() != 1) {
            throw new ConfigException("dataset.delimiter: got '%s'; expected one character or the word tab"
                    .formatted(delimiter));
        }
    }

    /** The share of so many training series that is kept for validation. */
    double validationOf(int series) {
        return valSplit != null ? valSplit : series < FEW ? 0 : 0.1;
    }

    /** How tables are read. */
    public SeriesOptions options() {
        Character cut = delimiter == null ? null : delimiter.equals("tab") ? '\t' : delimiter.charAt(0);
        return new SeriesOptions(target, id, time, channels, ignore, cut, true);
    }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return load(SeriesSource.of(this, System.getenv()), log);
    }

    /** The series of a table that somebody else has opened; path, test_path, url and query are not looked at. */
    public Dataset load(Table table, Consumer<String> log) throws IOException {
        return load(new SeriesSource(SeriesReader.read(table, options()), null), log);
    }

    private Dataset load(SeriesSource source, Consumer<String> log) throws IOException {
        SeriesDataset found = SeriesDataset.of(this, source.split(this));
        log.accept(found.found());
        return found;
    }
}
