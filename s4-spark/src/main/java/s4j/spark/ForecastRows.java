package s4j.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.forecast.Forecast;
import s4j.data.forecast.ForecastModel;
import s4j.data.forecast.TimeOptions;
import s4j.data.forecast.TimeReader;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.SafeTensors;
import s4j.kernel.Backend;
import s4j.stream.ModelOptions;
import s4j.stream.NotFiniteException;

/**
 * What follows the steps of a key, a row each. Each key is read for itself, so that its forecast does not depend on which others lie beside it.
 *
 * @param model bytes of a model file
 * @param values columns of a step: those to forecast, then covariates
 * @param targets how many of them are forecast
 * @param horizon steps; 0: the model's own
 * @param levels of quantiles
 */
@SuppressWarnings("ArrayRecordComponent") // filled once, then read
record ForecastRows(Broadcast<byte[]> model, List<String> values, int targets, int horizon, double[] levels)
        implements
            FlatMapFunction<Row, Row> {
    private static final Map<ByteBuffer, ForecastModel> LOADED = new ConcurrentHashMap<>();

    /** Of a model file's bytes, loaded once a JVM. */
    static ForecastModel model(byte[] file) {
        return LOADED.computeIfAbsent(ByteBuffer.wrap(file).asReadOnlyBuffer(), _ -> load(file));
    }

    private static ForecastModel load(byte[] file) {
        try {
            return ForecastModel.of(ModelFile.of(SafeTensors.fromBytes(file, "the model"), "the model"), "the model",
                    new ModelOptions(Backend.best(), 1, 1));
        } catch (MalformedFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public Iterator<Row> call(Row grouped) {
        Object key = grouped.get(0);
        try {
            List<Row> out = new ArrayList<>();
            for (Forecast f : forecasts(String.valueOf(key), grouped.getList(1))) {
                for (int h = 0; h < f.mean().length; h++) {
                    double[] quantiles = new double[f.quantiles().length];
                    for (int q = 0; q < quantiles.length; q++) {
                        quantiles[q] = f.quantiles()[q][h];
                    }
                    out.add(row(key, f.stamp(h), f.id(), f.mean()[h], quantiles, null));
                }
            }
            return out.iterator();
        } catch (IOException | ConfigException | IllegalArgumentException | NotFiniteException e) {
            return List.of(row(key, null, null, null, null, String.valueOf(e.getMessage()))).iterator();
        }
    }

    private static Row row(@Nullable Object... cells) { return RowFactory.create(cells); }

    private List<Forecast> forecasts(String key, List<Row> steps) throws IOException {
        ForecastModel own = model(model.value());
        TimeOptions o = own.options();
        try (RowsTable table = new RowsTable(key, steps, values)) {
            TimeOptions as = new TimeOptions(RowsTable.TIME, values.subList(0, targets), null, o.past(), o.future(),
                    List.of(), o.zone(), o.frequency(), o.duplicates(), o.irregular(), null,
                    o.dayFirst());
            return own.forecast(TimeReader.read(table, as), horizon == 0 ? own.horizon() : horizon, own.spread()
                    ? levels
                    : new double[0]).forecasts();
        }
    }
}
