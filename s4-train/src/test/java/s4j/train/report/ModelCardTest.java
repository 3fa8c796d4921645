package s4j.train.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import s4j.config.ConfigTree;
import s4j.train.config.Yaml;

final class ModelCardTest {
    private static ModelCard card(String data) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", 0.25);
        metrics.put("accuracy", 0.75);
        metrics.put("broken", Double.NaN);
        return new ModelCard("S4 on " + data, "classification", data, "S4", metrics, Map.of("Epochs", "3 | 4"),
                Map.of("seed", "0"));
    }

    private static Object at(ConfigTree tree, String path) {
        return Objects.requireNonNull(Objects.requireNonNull(tree.find(path), path).toValue());
    }

    @Test
    void theFrontMatterIsTheHubsMetadata() {
        String text = card("mnist").text();
        String[] parts = text.split("(?m)^---$", -1);
        ConfigTree front = Yaml.read(parts[1], "card");
        assertEquals("s4j", at(front, "library_name"));
        assertEquals(List.of("state-space-model", "s4", "time-series", "classification"), at(front, "tags"));
        assertEquals(
                List.of(Map.of("name", "S4 on mnist", "results", List.of(Map.of("task",
                        Map.of("type", "classification"), "dataset",
                        Map.of("type", "mnist", "name", "mnist", "split", "test"), "metrics",
                        List.of(Map.of("type", "loss", "value", 0.25), Map.of("type", "accuracy", "value", 0.75)))))),
                at(front, "model-index"));
        assertTrue(parts[2].contains("| Epochs | 3 \\| 4 |"), parts[2]);
    }

    @Test
    void namesOfAnyKindStayValues() {
        String text = card("a: \"b\"\n- <c>").text();
        ConfigTree front = Yaml.read(text.split("(?m)^---$", -1)[1], "card");
        assertTrue(at(front, "model-index").toString().contains("a: \"b\"\n- <c>"), text);
        assertTrue(!text.split("(?m)^---$", -1)[2].contains("<c>"), text);
    }
}
