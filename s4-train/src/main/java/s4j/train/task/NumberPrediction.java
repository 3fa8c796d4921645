package s4j.train.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.train.report.Curve;
import s4j.train.report.Headline;
import s4j.train.report.Page;
import s4j.train.report.Section;

/**
 * Numbers of sequences.
 *
 * @param errors of the predictions
 * @param meanLoss the objective's mean; NaN where only outputs were given
 * @param names of the metrics that are asked for
 * @param meanBaseline RMSE of always predicting the training split's mean; null: not asked
 */
record NumberPrediction(Errors errors, double meanLoss, List<String> names, @Nullable Double meanBaseline)
        implements
            Evaluation {
    @Override
    public long size() { return errors.size(); }

    NumberPrediction with(double baseline) { return new NumberPrediction(errors, meanLoss, names, baseline); }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> out = new LinkedHashMap<>();
        out.put("loss", meanLoss);
        for (String name : names) {
            out.put(name, switch (name) {
                case "rmse" -> errors.rmse();
                case "mae" -> errors.mae();
                default -> errors.r2();
            });
        }
        return out;
    }

    @Override
    public String summary() {
        return String.format(Locale.ROOT, "%,d numbers, RMSE %.6g, MAE %.6g, R² %.4f", size(), errors.rmse(),
                errors.mae(),
                errors.r2());
    }

    @Override
    public String lastLine() { return String.format(Locale.ROOT, "test rmse: %.6g", errors.rmse()); }

    @Override
    public List<String> baselines() {
        return meanBaseline == null
                ? List.of()
                : List.of(String.format(Locale.ROOT,
                        "baseline mean of the training split: rmse %.6g; the model's is %.6g",
                        meanBaseline, errors.rmse()));
    }

    @Override
    public Map<String, @Nullable Object> provenance(@Nullable Map<String, Double> validation) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("validation_rmse", validation == null ? null : validation.get("rmse"));
        out.put("test_rmse", errors.rmse());
        out.put("test_mae", errors.mae());
        out.put("baseline_mean_rmse", meanBaseline);
        return out;
    }

    @Override
    public Headline headline() {
        return new Headline(String.format(Locale.ROOT, "%.4g", errors.rmse()), "RMSE on the test split");
    }

    @Override
    public Map<String, String> facts(@Nullable Map<String, Double> validation) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Test numbers", String.format(Locale.ROOT, "%,d", size()));
        if (validation != null && validation.get("rmse") != null) {
            out.put("Best validation", String.format(Locale.ROOT, "RMSE %.4g", validation.get("rmse")));
        }
        return out;
    }

    @Override
    public List<Curve> curves() { return List.of(Curve.of("Loss", "loss"), Curve.of("RMSE", "rmse")); }

    @Override
    public List<Section> sections() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("RMSE", String.format(Locale.ROOT, "%.6g", errors.rmse()));
        if (meanBaseline != null) {
            out.put("RMSE of the training split's mean", String.format(Locale.ROOT, "%.6g", meanBaseline));
        }
        out.put("MAE", String.format(Locale.ROOT, "%.6g", errors.mae()));
        out.put("R²", String.format(Locale.ROOT, "%.4f", errors.r2()));
        return List.of(new Section("On the test split", Page.facts(out)));
    }
}
