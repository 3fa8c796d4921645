package s4j.train.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.train.config.TrainConfig;
import s4j.train.config.Yaml;
import s4j.train.run.MetricsLog;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;
import s4j.train.task.Metric;
import s4j.train.task.Tasks;

/**
 * A run as its directory tells it.
 *
 * @param run the directory
 * @param config as it was resolved
 * @param monitor the metric that chose its best checkpoint; the loss where the task is not known here
 * @param rows of its metrics
 */
public record RunSummary(RunDirectory run, ConfigTree config, Metric monitor, List<MetricsLog.Row> rows) {
    private static final int DEPTH = 5;

    /** Reads a run; a directory without a configuration is none. */
    public static RunSummary read(Path directory) throws IOException {
        RunDirectory run = new RunDirectory(directory);
        if (!Files.isRegularFile(run.config())) {
            throw new RunException(
                    "no run in " + directory + ": config.yaml is missing; expected a directory that s4 train wrote");
        }
        ConfigTree config = Yaml.read(Files.readString(run.config()), run.config().toString());
        List<MetricsLog.Row> rows = Files.exists(run.metricsJsonl())
                ? MetricsLog.read(run.metricsJsonl())
                : List.of();
        return new RunSummary(run, config, monitor(config), rows);
    }

    private static Metric monitor(ConfigTree config) {
        try {
            return Tasks.of(TrainConfig.of(config).task()).monitor();
        } catch (ConfigException | IllegalArgumentException e) {
            return Metric.LOSS; // e.g. a data set of a jar that is not on the class path
        }
    }

    /**
     * All runs below a directory, by name.
     *
     * @param refused told of directories that look like runs and cannot be read
     */
    public static List<RunSummary> below(Path root, java.util.function.Consumer<String> refused) throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.walk(root, DEPTH)) {
            found = files.filter(f -> f.endsWith("config.yaml")).map(f -> f.toAbsolutePath().getParent()).sorted()
                    .toList();
        }
        List<RunSummary> runs = new ArrayList<>();
        for (Path directory : found) {
            try {
                runs.add(read(directory));
            } catch (IOException | ConfigException | RunException e) {
                refused.accept(directory + ": " + e.getMessage());
            }
        }
        return runs;
    }

    /** Its directory's name. */
    public String name() { return String.valueOf(run.path().getFileName()); }

    /** finished, stopped (it can go on) or begun. */
    public String status() {
        return Files.exists(run.model()) && Files.exists(run.report())
                ? "finished"
                : Files.exists(run.last()) ? "stopped" : "begun";
    }

    /** Metrics of the best validation; empty before the first. */
    public Map<String, Double> best() {
        return best(rows, monitor);
    }

    /** Metrics of the test split; empty before the end. */
    public Map<String, Double> test() { return test(rows); }

    static Map<String, Double> best(List<MetricsLog.Row> rows, Metric monitor) {
        return rows.stream().filter(r -> r.split().equals("val")).map(MetricsLog.Row::metrics)
                .filter(m -> m.containsKey(monitor.name())).reduce((a, b) -> monitor.better(b, a) ? b : a)
                .orElse(Map.of());
    }

    static Map<String, Double> test(List<MetricsLog.Row> rows) {
        return rows.stream().filter(r -> r.split().equals("test")).reduce((a, b) -> b).map(MetricsLog.Row::metrics)
                .orElse(Map.of());
    }

    /**
     * What stands under a name: {@code val.METRIC}, {@code test.METRIC}, {@code METRIC} (as {@code val.METRIC}), {@code status}, or a
     * key of the configuration; null: nothing.
     */
    public @Nullable Object value(String name) {
        if (name.equals("status")) {
            return status();
        }
        if (name.startsWith("test.")) {
            return test().get(name.substring("test.".length()));
        }
        Double metric = best().get(name.startsWith("val.") ? name.substring("val.".length()) : name);
        if (metric != null) {
            return metric;
        }
        ConfigTree node = config.find(name);
        return switch (node) {
            case null -> null;
            case ConfigTree.Mapping m when m.entries().containsKey(ConfigTree.NAME) ->
                plain(m.entries().get(ConfigTree.NAME));
            default -> plain(node);
        };
    }

    private static @Nullable Object plain(@Nullable ConfigTree node) {
        return node == null ? null : node instanceof ConfigTree.Scalar s ? s.value() : node.toJson();
    }

    /** All keys of the configuration with their values as text, but for where the run is kept. */
    public Map<String, String> leaves() {
        Map<String, String> out = new LinkedHashMap<>();
        leaves("", config.without("run"), out);
        return out;
    }

    private static void leaves(String path, ConfigTree node, Map<String, String> out) {
        if (node instanceof ConfigTree.Mapping m && !m.entries().isEmpty()) {
            m.entries().forEach((key, value) -> leaves(path.isEmpty() ? key : path + "." + key, value, out));
        } else {
            out.put(path, String.valueOf(plain(node)));
        }
    }
}
