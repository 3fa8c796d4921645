package s4j.train.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.data.forecast.ForecastErrors;
import s4j.train.report.Curve;
import s4j.train.report.Headline;
import s4j.train.report.Page;
import s4j.train.report.Section;

/**
 * Forecasts of windows.
 *
 * @param errors of the forecasts
 * @param meanLoss the objective's mean; NaN where only outputs were given
 * @param names of the metrics that are asked for
 * @param models simple models on the same windows; empty: not asked
 * @param intervals where targets lie in the bands; null: there are none
 * @param coverage of the 80 % band, as trained and as corrected; null: not asked
 */
record ForecastPrediction(ForecastErrors errors, double meanLoss, List<String> names, List<Baseline> models,
        @Nullable Intervals intervals, @Nullable Coverage coverage)
        implements
            Evaluation {
    /** A simple model's errors; {@code context}: steps that a linear one looks back, 0: it has no such number. */
    record Baseline(String name, int context, ForecastErrors errors) {
        private String key() { return "baseline_" + name.replaceAll("[^a-z]+", "_").replaceAll("_$", ""); }
    }

    /** Shares of targets in the 80 % band. */
    record Coverage(double trained, double corrected) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f %%; %.1f %% before the correction on the validation split",
                    100 * corrected, 100 * trained);
        }
    }

    ForecastPrediction with(List<Baseline> others) {
        return new ForecastPrediction(errors, meanLoss, names, List.copyOf(others), intervals, coverage);
    }

    /** With the coverage of bands that are made wider by factors of each step. */
    ForecastPrediction covered(double[] widths) {
        double[] ones = new double[widths.length];
        Arrays.fill(ones, 1);
        return intervals == null
                ? this
                : new ForecastPrediction(errors, meanLoss, names, models, intervals,
                        new Coverage(intervals.coverage(ones),
                                intervals.coverage(widths)));
    }

    @Override
    public long size() { return errors.count(); }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> out = new LinkedHashMap<>();
        out.put("loss", meanLoss);
        names.forEach(name -> out.put(name, name.equals("mse") ? errors.mse() : errors.mae()));
        return out;
    }

    @Override
    public String summary() {
        return String.format(Locale.ROOT,
                "%,d values, standardised MSE %.4f, MAE %.4f; in their own unit RMSE %.6g, MAE %.6g", size(),
                errors.mse(), errors.mae(), Math.sqrt(errors.unitMse()), errors.unitMae());
    }

    @Override
    public String lastLine() { return String.format(Locale.ROOT, "test mse: %.4f", errors.mse()); }

    @Override
    public List<String> baselines() {
        List<String> out = new ArrayList<>();
        models.forEach(b -> out.add(String.format(Locale.ROOT,
                "baseline %s: mse %.4f, mae %.4f; the model's are %.4f and %.4f", b.name(), b.errors().mse(),
                b.errors().mae(), errors.mse(), errors.mae())));
        if (coverage != null) {
            out.add("the 80 % band covers " + coverage);
        }
        return List.copyOf(out);
    }

    @Override
    public Map<String, @Nullable Object> provenance(@Nullable Map<String, Double> validation) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("validation_mse", validation == null ? null : validation.get("mse"));
        out.put("test_mse", errors.mse());
        out.put("test_mae", errors.mae());
        if (coverage != null) {
            out.put("test_coverage_80", coverage.corrected());
        }
        for (Baseline b : models) {
            out.put(b.key() + "_mse", b.errors().mse());
            if (b.context() > 0) {
                out.put(b.key() + "_context", (long) b.context());
            }
        }
        return out;
    }

    @Override
    public Headline headline() {
        return new Headline(String.format(Locale.ROOT, "%.4f", errors.mse()), "MSE on the test split, standardised");
    }

    @Override
    public Map<String, String> facts(@Nullable Map<String, Double> validation) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Test values", String.format(Locale.ROOT, "%,d", size()));
        if (validation != null && validation.get("mse") != null) {
            out.put("Best validation", String.format(Locale.ROOT, "MSE %.4f", validation.get("mse")));
        }
        if (coverage != null) {
            out.put("In the 80 % band", coverage.toString());
        }
        return out;
    }

    @Override
    public List<Curve> curves() { return List.of(Curve.of("Loss", "loss"), Curve.of("MSE", "mse")); }

    @Override
    public List<Section> sections() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("this model", line(errors));
        models.forEach(b -> out.put(b.name(), line(b.errors())));
        return List.of(new Section("On the test split", Page.facts(out)));
    }

    private static String line(ForecastErrors e) {
        return String.format(Locale.ROOT, "MSE %.4f, MAE %.4f; in the data's unit RMSE %.6g, MAE %.6g", e.mse(),
                e.mae(),
                Math.sqrt(e.unitMse()), e.unitMae());
    }
}
