package s4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.model.TargetSpec;
import s4j.predict.Predictor;

/** Predictions as lines: {@code row,id,target,predicted,p_CLASS…} or {@code row,id,target,predicted_NAME…}; the same as JSON. */
final class PredictOutput {
    private final boolean json;
    private final Predictor predictor;
    private final PredictInput input;
    private final boolean ids;
    private final boolean targets;
    private int right;

    private PredictOutput(boolean json, Predictor predictor, PredictInput input) {
        this.json = json;
        this.predictor = predictor;
        this.input = input;
        this.ids = input.ids().stream().anyMatch(Objects::nonNull);
        this.targets = input.targets().stream().anyMatch(Objects::nonNull);
    }

    static PredictOutput of(boolean json, Predictor predictor, PredictInput input) {
        return new PredictOutput(json, predictor, input);
    }

    /** The first line; nothing of JSON. */
    String header() {
        if (json) {
            return "";
        }
        List<String> out = new ArrayList<>(List.of("row"));
        if (ids) {
            out.add("id");
        }
        if (targets) {
            out.add("target");
        }
        switch (predictor.targets()) {
            case TargetSpec.Classes c -> {
                out.add("predicted");
                c.names().forEach(n -> out.add("p_" + n));
            }
            case TargetSpec.Values v -> out.addAll(names(v));
            case TargetSpec.StepClasses s -> throw new IllegalStateException("refused by the predictor");
        }
        return CsvLine.of(out);
    }

    private static List<String> names(TargetSpec.Values v) {
        List<String> out = new ArrayList<>();
        for (int t = 0; t < v.steps(); t++) {
            for (String name : v.names()) {
                out.add("predicted_" + name + (v.steps() == 1 ? "" : "_" + (t + 1)));
            }
        }
        return out;
    }

    /** Adds the lines of the series from {@code from}, {@link PredictInput#AT_ONCE} at most. */
    void batch(int from, StringBuilder text) {
        List<float[]> some = input.values().subList(from, Math.min(input.size(), from + PredictInput.AT_ONCE));
        if (predictor.targets() instanceof TargetSpec.Values v) {
            List<double[]> numbers = predictor.numbers(some);
            for (int i = 0; i < some.size(); i++) {
                Map<String, Object> told = new LinkedHashMap<>();
                List<String> names = names(v);
                for (int j = 0; j < names.size(); j++) {
                    told.put(names.get(j), numbers.get(i)[j]);
                }
                text.append(line(from + i, told, Map.of()));
            }
            return;
        }
        List<double[]> probabilities = predictor.probabilities(some);
        for (int i = 0; i < some.size(); i++) {
            List<Predictor.Ranked> ranked = predictor.ranked(probabilities.get(i));
            right += ranked.getFirst().name().equals(input.targets().get(from + i)) ? 1 : 0;
            Map<String, Object> each = new LinkedHashMap<>();
            ranked.stream().sorted(java.util.Comparator.comparingInt(Predictor.Ranked::index))
                    .forEach(r -> each.put(r.name(), r.probability()));
            text.append(line(from + i, Map.of("predicted", ranked.getFirst().name()), each));
        }
    }

    private String line(int row, Map<String, Object> predicted, Map<String, Object> probabilities) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("row", row + 1);
        if (ids) {
            out.put("id", input.ids().get(row));
        }
        if (targets) {
            out.put("target", input.targets().get(row));
        }
        out.putAll(predicted);
        if (json) {
            if (!probabilities.isEmpty()) {
                out.put("probabilities", probabilities);
            }
            return Json.print(out) + "\n";
        }
        List<Object> cells = new ArrayList<>();
        out.values().forEach(v -> cells.add(v == null ? "" : v));
        probabilities.values().forEach(p -> cells.add(String.format(Locale.ROOT, "%.6f", (Double) p)));
        return CsvLine.of(cells);
    }

    /** How often the predicted class is the target, where all series have one; else null. */
    @Nullable
    String accuracy() {
        boolean known = predictor.targets() instanceof TargetSpec.Classes
                && input.targets().stream().allMatch(Objects::nonNull);
        return known && targets
                ? String.format(Locale.ROOT, "%,d of %,d as the target column says: accuracy %.4f", right, input.size(),
                        (double) right / input.size())
                : null;
    }
}
