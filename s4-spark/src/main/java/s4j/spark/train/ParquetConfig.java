package s4j.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.data.SeriesConfig;
import s4j.data.series.Missing;
import s4j.data.series.TargetKind;

/**
 * Series in Parquet ({@code dataset._name_: parquet}), read by each worker: one row a step with {@code id} and {@code time}, or one row a series with a column
 * a step. What the keys mean: {@link SeriesConfig}.
 *
 * @param name {@code parquet}
 * @param path a file or a folder of files, e.g. {@code hdfs://…} or {@code s3a://…}
 * @param target column to predict
 * @param id column with a series' name
 * @param time column with the time of a row
 * @param channels columns with values; empty: all others
 * @param ignore columns to leave out
 * @param targets classes or values; null: found
 * @param missing what becomes of missing values
 * @param normalize whether channels are standardised
 * @param valSplit fraction for validation; null: as series
 * @param testSplit fraction for the test
 * @param seed of the splits
 */
public record ParquetConfig(@Key("_name_") @Default("parquet") String name, @Nullable String path,
        @Nullable String target, @Nullable String id, @Nullable String time, @Default("[]") List<String> channels,
        @Default("[]") List<String> ignore, @Nullable TargetKind targets, @Default("refuse") Missing missing,
        @Default("channel") SeriesConfig.Normalize normalize, @Range(min = 0, max = 0.9) @Nullable Double valSplit,
        @Default("0.2") @Range(min = 0.01, max = 0.9) double testSplit, @Default("42") long seed)
        implements
            DatasetConfig {
    public static final ParquetConfig DEFAULTS = Defaults.of(ParquetConfig.class);

    /** The defaults; for those who look for data sets. */
    public ParquetConfig() {
        this("parquet", null, null, null, null, List.of(), List.of(), null, Missing.REFUSE,
                SeriesConfig.Normalize.CHANNEL,
                null, 0.2, 42);
    }

    @Override
    public @Nullable String dataDir() { return null; }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        if (path == null) {
            throw new ConfigException("dataset.path: got null; expected a Parquet file or a folder of such");
        }
        try (ParquetTable table = ParquetTable.open(path)) {
            return new SeriesConfig("series", null, null, null, null, target, id, time, channels, ignore, null, targets,
                    missing, normalize, valSplit, testSplit, seed, null).load(table, log);
        }
    }
}
