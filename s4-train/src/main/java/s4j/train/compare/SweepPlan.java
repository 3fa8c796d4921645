package s4j.train.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;

/**
 * Which runs a sweep has: every combination of the values that its words give. A word {@code KEY=v1,v2} gives several; commas within
 * brackets and quotes belong to one value.
 *
 * @param axes values by key, in the order of the words
 * @param words of all runs, as for {@code s4 train}
 * @param directory where it is kept; null: a new one
 */
public record SweepPlan(Map<String, List<String>> axes, List<String> words, @Nullable Path directory) {
    /** More runs than these are taken for a slip. */
    private static final int MOST = 1000;

    /** From the words of the command line. */
    public static SweepPlan of(List<String> words) {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        List<String> all = new ArrayList<>();
        Path directory = null;
        long runs = 1;
        for (String word : words) {
            int eq = word.indexOf('=');
            String key = eq < 0 ? word : word.substring(0, eq);
            List<String> values = eq < 0 ? List.of() : split(word.substring(eq + 1));
            if (key.equals("run.dir")) {
                directory = Path.of(word.substring(eq + 1));
            } else if (values.size() > 1) {
                if (values.stream().anyMatch(String::isEmpty) || values.stream().distinct().count() < values.size()) {
                    throw new ConfigException(word + ": expected different values with commas between, e.g. KEY=1,2");
                }
                if (axes.put(key, values) != null) {
                    throw new ConfigException("sweep: got " + key + " twice; expected each key once");
                }
                runs *= values.size();
                if (runs > MOST) {
                    throw new ConfigException("sweep: more than %,d runs; expected fewer values".formatted(MOST));
                }
            } else {
                all.add(word);
            }
        }
        if (axes.isEmpty()) {
            throw new ConfigException(
                    "sweep: no key has several values; expected KEY=v1,v2, e.g. optimizer.lr=0.001,0.004");
        }
        return new SweepPlan(axes, List.copyOf(all), directory);
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int depth = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(part.toString().strip());
                part.setLength(0);
                continue;
            }
            part.append(c);
        }
        parts.add(part.toString().strip());
        return parts;
    }

    /** The values of each run, in the order of {@link #axes}; the last key changes fastest. */
    public List<List<String>> combinations() {
        List<List<String>> all = new ArrayList<>(List.of(List.of()));
        for (List<String> values : axes.values()) {
            List<List<String>> longer = new ArrayList<>();
            for (List<String> before : all) {
                for (String v : values) {
                    List<String> one = new ArrayList<>(before);
                    one.add(v);
                    longer.add(one);
                }
            }
            all = longer;
        }
        return all;
    }

    /** The words of a run's own values: {@code KEY=VALUE}. */
    public List<String> own(List<String> combination) {
        List<String> out = new ArrayList<>();
        int i = 0;
        for (String key : axes.keySet()) {
            out.add(key + "=" + combination.get(i++));
        }
        return out;
    }

    /** What an interrupted sweep must agree on to go on. */
    String fingerprint() {
        List<String> out = new ArrayList<>(words);
        axes.forEach((key, values) -> out.add(key + "=" + String.join(",", values)));
        return String.join(" ", out) + "\n";
    }
}
