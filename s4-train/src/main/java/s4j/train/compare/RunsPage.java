package s4j.train.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import s4j.io.AtomicFile;
import s4j.train.report.Html;
import s4j.train.report.LineChart;
import s4j.train.report.Page;
import s4j.train.run.MetricsLog.Row;

/**
 * Runs side by side: what differs in their configurations, what they reached, their curves.
 *
 * @param runs two or more
 */
public record RunsPage(List<RunSummary> runs) {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 300;

    /** Keys whose values are not the same in all, with the value of each run; "" where it has no such key. */
    public List<List<String>> differences() {
        TreeMap<String, List<String>> rows = new TreeMap<>();
        Set<String> keys = new LinkedHashSet<>();
        runs.forEach(r -> keys.addAll(r.leaves().keySet()));
        for (String key : keys) {
            List<String> values = new ArrayList<>(List.of(key));
            runs.forEach(r -> values.add(r.leaves().getOrDefault(key, "")));
            if (values.stream().skip(1).distinct().count() > 1) {
                rows.put(key, values);
            }
        }
        return List.copyOf(rows.values());
    }

    /** Metrics of the best validation and of the test split, a row each, with the value of each run. */
    public List<List<String>> metrics() {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(r -> r.best().keySet().forEach(m -> names.add("val." + m)));
        runs.forEach(r -> r.test().keySet().forEach(m -> names.add("test." + m)));
        List<List<String>> rows = new ArrayList<>();
        for (String name : names) {
            List<String> row = new ArrayList<>(List.of(name));
            runs.forEach(r -> row.add(r.value(name) instanceof Double d ? Html.number(d) : ""));
            rows.add(row);
        }
        return rows;
    }

    /** The names of the runs under a first column of another name. */
    public List<String> head(String first) {
        List<String> head = new ArrayList<>(List.of(first));
        runs.forEach(r -> head.add(r.name()));
        return head;
    }

    /** Writes the page. */
    public void write(Path file) throws IOException {
        StringBuilder out = new StringBuilder(Page.head("Runs"));
        out.append("<header><h1>").append(Html.text(String.join(", ", head("").subList(1, runs.size() + 1))))
                .append("</h1></header>");
        Page.section(out, "What they reached: the best validation, and the test split",
                new Table(head("metric"), metrics()).html());
        List<List<String>> differences = differences();
        Page.section(out, "What differs in their configurations", differences.isEmpty()
                ? "<p>Nothing.</p>"
                : new Table(head("key"), differences).html());
        Page.section(out, "Curves", curves(runs));
        AtomicFile.write(file, out.append("</main></html>\n").toString());
    }

    /** A chart for each metric of the validation, and for the training loss, with a line for each run. */
    static String curves(List<RunSummary> runs) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(r -> r.rows().stream().filter(row -> row.split().equals("val"))
                .forEach(row -> names.addAll(row.metrics().keySet())));
        StringBuilder out = new StringBuilder("<div class=\"charts\">");
        figure(out, runs, "train", "loss");
        names.forEach(name -> figure(out, runs, "val", name));
        return out.append("</div>").toString();
    }

    private static void figure(StringBuilder out, List<RunSummary> runs, String split, String metric) {
        List<LineChart.Series> series = new ArrayList<>();
        for (RunSummary r : runs) {
            List<Row> rows = r.rows().stream().filter(row -> row.split().equals(split)).toList();
            series.add(new LineChart.Series(r.name(), rows.stream().mapToDouble(Row::step).toArray(),
                    rows.stream().mapToDouble(row -> row.metric(metric)).toArray(), split.equals("val")));
        }
        String title = (split.equals("val") ? "Validation " : "Training ") + metric;
        LineChart chart = new LineChart(title, title + " by training step, a line for each run", "step", series,
                LineChart.Scale.LINEAR, WIDTH, HEIGHT);
        out.append("<figure><figcaption>").append(Html.text(title)).append("</figcaption>").append(chart.figure())
                .append("</figure>");
    }
}
