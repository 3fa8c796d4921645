package s4j.train.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import s4j.io.AtomicFile;
import s4j.io.Json;

/**
 * The README.md beside a model, with the metadata in front that model hubs read (Hugging Face: model cards, model-index).
 *
 * @param title e.g. {@code S4 on mnist}
 * @param task e.g. {@code classification}
 * @param data name of the data set
 * @param layers what it is made of, e.g. {@code S4}
 * @param metrics of the test split
 * @param facts about the run
 * @param provenance seed, hashes, versions
 */
public record ModelCard(String title, String task, String data, String layers, Map<String, Double> metrics,
        Map<String, String> facts, Map<String, String> provenance) {
    /** Writes the file. */
    public void write(Path file) throws IOException { AtomicFile.write(file, text()); }

    String text() {
        StringBuilder out = new StringBuilder("---\nlibrary_name: s4j\nlicense: unknown\ntags:\n");
        for (String tag : List.of("state-space-model", "s4", "time-series", task)) {
            out.append("- ").append(quoted(tag)).append('\n');
        }
        List<String> finite = new ArrayList<>(
                metrics.keySet().stream().filter(m -> Double.isFinite(metrics.getOrDefault(m, 0.0))).toList());
        if (!finite.isEmpty()) {
            out.append("metrics:\n");
            finite.forEach(m -> out.append("- ").append(quoted(m)).append('\n'));
            out.append("model-index:\n- name: ").append(quoted(title)).append("\n  results:\n  - task:\n      type: ")
                    .append(quoted(task)).append("\n    dataset:\n      type: ").append(quoted(data))
                    .append("\n      name: ").append(quoted(data)).append("\n      split: test\n    metrics:\n");
            finite.forEach(m -> out.append("    - type: ").append(quoted(m)).append("\n      value: ")
                    .append(metrics.get(m)).append('\n'));
        }
        out.append("---\n\n# ").append(plain(title)).append("\n\nA network of ").append(plain(layers))
                .append(" layers, trained with s4j. `model.safetensors` holds weights, configuration and where it comes from.\n\n")
                .append("    s4 verify model.safetensors\n    s4 serve model.safetensors\n\n");
        table(out, "What it does", facts);
        table(out, "Where it comes from", provenance);
        return out.append("The licence is for whoever publishes it to say: `license` above.\n").toString();
    }

    private static void table(StringBuilder out, String heading, Map<String, String> rows) {
        out.append("## ").append(heading).append("\n\n| | |\n|---|---|\n");
        rows.forEach((k, v) -> out.append("| ").append(plain(k)).append(" | ").append(plain(v)).append(" |\n"));
        out.append('\n');
    }

    /** JSON's quotes are YAML's as well. */
    private static String quoted(String s) { return Json.print(s); }

    private static String plain(String s) {
        return s.replaceAll("[\\r\\n]+", " ").replace("|", "\\|").replace("<", "&lt;");
    }
}
