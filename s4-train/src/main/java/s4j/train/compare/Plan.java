package s4j.train.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;

/**
 * What to compare.
 *
 * @param models names of files of {@code configs/model}
 * @param params parameters that each model gets, within {@link Sizing#TOLERANCE}; null: as many as the first has by itself
 * @param minutes of training for each run; null: as many epochs as the configuration says
 * @param epochs of each run; null: the configuration's
 * @param seeds runs of each model at its best learning rate
 * @param growth longest sequence of the curves of time and memory; 0: no memory is measured
 * @param directory where it is kept; null: a new one
 * @param training words of the runs themselves, as for {@code s4 train}
 */
public record Plan(List<String> models, @Nullable Long params, @Nullable Double minutes, @Nullable Integer epochs,
        int seeds, int growth, @Nullable Path directory, List<String> training) {
    /** The learning rates that every model tries, as factors of the configuration's. */
    static final List<Double> RATES = List.of(0.3, 1.0, 3.0);
    /** Where the curves of growth begin. */
    static final int SHORTEST = 256;
    private static final int LONGEST = 16_384;

    /** From the words of the command line. */
    public static Plan of(List<String> words) {
        Map<String, String> own = new LinkedHashMap<>();
        List<String> training = new ArrayList<>();
        for (String word : words) {
            int eq = word.indexOf('=');
            String key = eq < 0 ? word : word.substring(0, eq);
            switch (key) {
                case "models", "budget.params", "budget.minutes", "budget.epochs", "seeds", "growth", "run.dir" ->
                    own.put(key, word.substring(eq + 1));
                case "model", "train.seed", "optimizer.lr" -> throw new ConfigException(word
                        + ": a comparison chooses this itself; expected models=NAME,NAME, seeds=N and the pipeline's learning rate");
                default -> {
                    if (key.startsWith("budget.")) {
                        throw new ConfigException(
                                "unknown key " + key + "; expected budget.params, budget.minutes or budget.epochs");
                    }
                    training.add(word);
                }
            }
        }
        if (own.containsKey("budget.minutes") && own.containsKey("budget.epochs")) {
            throw new ConfigException("budget: got minutes and epochs; expected one of them");
        }
        String dir = own.get("run.dir");
        Double params = whole(own, "budget.params", 1, 1e12);
        Double epochs = whole(own, "budget.epochs", 1, 1e6);
        return new Plan(models(own.getOrDefault("models", "")), params == null ? null : params.longValue(),
                number(own, "budget.minutes", 0.01, 1e6), epochs == null ? null : epochs.intValue(),
                (int) or(whole(own, "seeds", 1, 1000), 3), (int) or(whole(own, "growth", 0, 1 << 20), LONGEST),
                dir == null ? null : Path.of(dir), training);
    }

    private static List<String> models(String text) {
        List<String> names = Arrays.stream(text.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
        if (names.size() < 2 || names.stream().distinct().count() < names.size()) {
            throw new ConfigException("models: got \"" + text
                    + "\"; expected two or more different ones, e.g. models=s4,s4d,lstm,gru,transformer,tcn");
        }
        return names;
    }

    private static double or(@Nullable Double value, double other) { return value == null ? other : value; }

    private static @Nullable Double whole(Map<String, String> own, String key, double least, double most) {
        Double value = number(own, key, least, most);
        if (value != null && value != Math.rint(value)) {
            throw new ConfigException("%s: got %s; expected a whole number".formatted(key, own.get(key)));
        }
        return value;
    }

    private static @Nullable Double number(Map<String, String> own, String key, double least, double most) {
        String text = own.get(key);
        if (text == null) {
            return null;
        }
        double value;
        try {
            value = Double.parseDouble(text.replace("_", ""));
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!(value >= least && value <= most)) {
            throw new ConfigException("%s: got %s; expected a number from %s to %s".formatted(key, text, least, most));
        }
        return value;
    }

    /** Lengths at which growth is measured. */
    List<Integer> lengths() {
        List<Integer> out = new ArrayList<>();
        for (long l = SHORTEST; l <= growth; l *= 2) {
            out.add((int) l);
        }
        return out;
    }

    /** What an interrupted comparison must agree on to go on. */
    String fingerprint() {
        return "models=%s budget.params=%s budget.minutes=%s budget.epochs=%s seeds=%d %s%n".formatted(
                String.join(",", models), params, minutes, epochs, seeds, String.join(" ", training)).replace("\r", "");
    }
}
