package s4j.serve;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import s4j.data.forecast.Forecast;
import s4j.data.forecast.ForecastModel;
import s4j.data.forecast.TimeReader;
import s4j.data.forecast.TimeTable;
import s4j.data.table.Table;

/** Forecasts of posted tables: separated values, long or wide, as {@code s4 forecast} reads them. As many at a time as processors. */
final class Forecasts {
    private static final int MOST_STEPS = 10_000;
    private static final double[] LEVELS = {0.1, 0.5, 0.9};

    private final Semaphore places = new Semaphore(Runtime.getRuntime().availableProcessors());

    /**
     * The answer.
     *
     * @param csv the table
     * @param steps to forecast; 0: the model's own
     */
    Map<String, @Nullable Object> of(Served served, byte[] csv, int steps) {
        ForecastModel model = served.forecaster();
        if (model == null) {
            throw Problem.badRequest("model " + served.name() + " does not forecast; expected one of task=forecasting");
        }
        if (steps < 0 || steps > MOST_STEPS) {
            throw Problem.badRequest("horizon %,d; expected 1 to %,d".formatted(steps, MOST_STEPS));
        }
        if (csv.length > 1 && csv[0] == (byte) 0x1f && csv[1] == (byte) 0x8b) {
            throw Problem.badRequest("the table is gzipped; expected plain text, whose size is its limit");
        }
        if (!places.tryAcquire()) {
            throw Problem.tooMany("as many forecasts run as there are processors; try again in a moment");
        }
        try (Table table = Table.csv(new ByteArrayInputStream(csv), "the table", model.options().delimiter())) {
            TimeTable read = TimeReader.read(table, model.options());
            return answer(served, model, model.forecast(read, steps == 0 ? model.horizon() : steps, LEVELS));
        } catch (IOException | IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        } finally {
            places.release();
        }
    }

    private static Map<String, @Nullable Object> answer(Served served, ForecastModel model,
            ForecastModel.Result result) {
        List<Object> series = new ArrayList<>();
        for (Forecast f : result.forecasts()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("id", f.id());
            List<String> stamps = new ArrayList<>();
            for (int h = 0; h < f.mean().length; h++) {
                stamps.add(f.stamp(h));
            }
            one.put("ds", stamps);
            one.put("mean", numbers(f.mean()));
            if (model.spread()) {
                Map<String, Object> quantiles = new LinkedHashMap<>();
                for (int q = 0; q < LEVELS.length; q++) {
                    quantiles.put(String.valueOf(LEVELS[q]), numbers(f.quantiles()[q]));
                }
                one.put("quantiles", quantiles);
            }
            double[] history = new double[f.history().length];
            Arrays.setAll(history, i -> f.history()[i]);
            one.put("history", numbers(history));
            series.add(one);
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("model_name", served.name());
        out.put("model_version", served.version());
        out.put("forecasts", series);
        out.put("notes", result.notes());
        return out;
    }

    /** What is missing stands as null. */
    private static List<@Nullable Double> numbers(double[] values) {
        List<@Nullable Double> out = new ArrayList<>();
        for (double v : values) {
            out.add(Double.isFinite(v) ? v : null);
        }
        return out;
    }
}
