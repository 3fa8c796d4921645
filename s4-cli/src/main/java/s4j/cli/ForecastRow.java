package s4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;

/**
 * One result of a published forecasting set, on standardised values of all test windows.
 *
 * @param set ETTh1 and so on
 * @param features S, M or MS
 * @param context steps that are seen
 * @param horizon steps that are forecast
 * @param model {@code s4}, {@code s4d}, {@code official}, {@code naive}, {@code nlinear}, {@code dlinear}, …
 * @param seed of the run; 0 of models that have none
 * @param mse mean squared error
 * @param mae mean absolute error; NaN: not kept
 */
record ForecastRow(String set, String features, int context, int horizon, String model, long seed, double mse,
        double mae) {
    private static final String HEADER = "set,features,context,horizon,model,seed,mse,mae";
    private static final List<String> BESIDE = List.of("naive", "seasonal_naive", "nlinear", "dlinear");

    private String key() { return set + ' ' + features + ' ' + context + ' ' + horizon + ' ' + model + ' ' + seed; }

    /** Of several results of one run the last. */
    static List<ForecastRow> newest(List<ForecastRow> rows) {
        Map<String, ForecastRow> out = new java.util.TreeMap<>();
        rows.forEach(r -> out.put(r.key(), r));
        return List.copyOf(out.values());
    }

    /** The result of a trained model and of the simple ones that stand in its file; none of a model of other data. */
    static List<ForecastRow> of(Path file) throws IOException {
        ModelFile model = ModelFile.read(file);
        ConfigTree config = ConfigTree.of(model.config(), new Origin(file.toString()));
        if (!"informer".equals(text(config, "dataset._name_"))
                || !(model.provenance().get("test_mse") instanceof Number mse)) {
            return List.of();
        }
        ConfigTree size = config.find("dataset.size");
        if (!(size instanceof ConfigTree.Sequence s) || s.items().size() != 3) {
            throw new MalformedFileException(file + ": dataset.size is no list of three");
        }
        String set = name(text(config, "dataset.set"), text(config, "dataset.variant"));
        String features = text(config, "dataset.features");
        int context = Integer.parseInt(String.valueOf(s.items().get(0).toValue()));
        int horizon = Integer.parseInt(String.valueOf(s.items().get(2).toValue()));
        boolean masked = "true".equals(text(config, "dataset.masked"));
        boolean diagonal = "diag".equals(text(config, "model.layer.mode"));
        String own = (masked ? "official" : "s4") + (diagonal ? "d" : "");
        List<ForecastRow> out = new ArrayList<>();
        out.add(new ForecastRow(set, features, context, horizon, own, Long.parseLong(text(config, "train.seed")), mse
                .doubleValue(), number(model.provenance().get("test_mae"))));
        for (String name : BESIDE) {
            if (model.provenance().get("baseline_" + name + "_mse") instanceof Number n) {
                // as far as linear models look back; the others have no such number
                Object seen = model.provenance().get("baseline_" + name + "_context");
                if (name.contains("linear") && seen == null) {
                    continue; // of before model files said so: no cell to put it in
                }
                out.add(new ForecastRow(set, features, seen instanceof Number c ? c.intValue() : 0, horizon, name, 0,
                        n.doubleValue(), Double.NaN));
            }
        }
        return out;
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    private static String text(ConfigTree config, String key) {
        ConfigTree found = config.find(key);
        return found == null ? "" : String.valueOf(found.toValue());
    }

    private static String name(String set, String variant) {
        String second = variant.equals("1") ? "2" : "1";
        return switch (set) {
            case "etth" -> "ETTh" + second;
            case "ettm" -> "ETTm" + second;
            case "weather" -> variant.equals("1") ? "Weather" : "WTH";
            case "exchange" -> "Exchange";
            case "ili" -> "ILI";
            default -> set;
        };
    }

    static String csv(List<ForecastRow> rows) {
        StringBuilder out = new StringBuilder(HEADER).append('\n');
        for (ForecastRow r : rows) {
            out.append(String.format(java.util.Locale.ROOT, "%s,%s,%d,%d,%s,%d,%.6f,%s%n", r.set, r.features, r.context,
                    r.horizon, r.model, r.seed, r.mse, Double.isNaN(r.mae)
                            ? ""
                            : String.format(java.util.Locale.ROOT, "%.6f", r.mae)));
        }
        return out.toString();
    }

    static List<ForecastRow> read(List<String> lines, String name) throws MalformedFileException {
        if (lines.isEmpty()) {
            throw new MalformedFileException(name + ": the file is empty; expected what --csv has written");
        }
        List<ForecastRow> out = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String[] c = lines.get(i).split(",", -1);
            if (i == 0 ? !lines.get(i).equals(HEADER) : c.length != 8) {
                throw new MalformedFileException(
                        "%s, line %d: got '%s'; expected %s".formatted(name, i + 1, lines.get(i),
                                HEADER));
            }
            if (i > 0) {
                out.add(row(c, name, i + 1));
            }
        }
        return out;
    }

    private static ForecastRow row(String[] c, String name, int line) throws MalformedFileException {
        try {
            return new ForecastRow(c[0], c[1], Integer.parseInt(c[2]), Integer.parseInt(c[3]), c[4], Long.parseLong(
                    c[5]), Double.parseDouble(c[6]), c[7].isEmpty() ? Double.NaN : Double.parseDouble(c[7]));
        } catch (NumberFormatException e) {
            throw new MalformedFileException(name + ", line " + line + ": a number is none. " + e.getMessage(), e);
        }
    }
}
