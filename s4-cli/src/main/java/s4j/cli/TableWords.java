package s4j.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.train.config.Yaml;
import s4j.train.run.RunException;

/** Words {@code dataset.KEY=VALUE} that say how a table to forecast is laid out, where it differs from the training data. */
final class TableWords {
    /** What changes how a table is read, not what the model sees of it. */
    private static final Set<String> KEYS = Set.of("time", "target", "id", "zone", "freq", "day_first", "duplicates",
            "irregular");
    private static final String DATASET = "dataset.";

    /**
     * The keys of {@code dataset}.
     *
     * @throws RunException for other words
     */
    static ConfigTree of(List<String> words) {
        ConfigTree tree = ConfigTree.of(Map.of(), Origin.DEFAULTS);
        for (String word : words) {
            int eq = word.indexOf('=');
            String key = eq < DATASET.length() || !word.startsWith(DATASET) ? "" : word.substring(DATASET.length(), eq);
            if (!KEYS.contains(key)) {
                throw new RunException("got " + word + "; expected dataset.KEY=VALUE with one of "
                        + String.join(", ", KEYS.stream().sorted().toList()) + ", e.g. dataset.freq=D");
            }
            tree = tree.with(key, Yaml.read(word.substring(eq + 1), word));
        }
        return tree;
    }

    private TableWords() {}
}
