package s4j.train.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import s4j.io.AtomicFile;
import s4j.train.report.Html;
import s4j.train.report.Page;
import s4j.train.report.ParallelPlot;
import s4j.train.task.Metric;

/** A sweep's runs so far as a table, as CSV and as parallel coordinates. */
record SweepPage(SweepPlan plan, List<Result> results, Metric monitor) {
    static final String PAGE = "sweep.html";
    private static final int CURVES = 12;

    /** Index of the best run by validation; -1: none has one. */
    int best() {
        int best = -1;
        for (int i = 0; i < results.size(); i++) {
            if (done(i) && (best < 0 || monitor.better(results.get(i).validation(), results.get(best).validation()))) {
                best = i;
            }
        }
        return best;
    }

    private boolean done(int i) {
        return results.get(i).failure() == null && results.get(i).validation().containsKey(monitor.name());
    }

    private Table table() {
        List<String> head = new ArrayList<>(List.of("run"));
        head.addAll(plan.axes().keySet());
        head.addAll(List.of("best validation " + monitor.name(), "its loss", "minutes of training", ""));
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            Result r = results.get(i);
            List<String> row = new ArrayList<>(List.of(String.valueOf(i + 1)));
            row.addAll(plan.combinations().get(i));
            row.add(number(r.validation().getOrDefault(monitor.name(), Double.NaN)));
            row.add(number(r.validation().getOrDefault(Metric.LOSS.name(), Double.NaN)));
            row.add(number(r.seconds() / 60));
            row.add(r.failure() != null ? r.failure() : i == best() ? "best" : "");
            rows.add(row);
        }
        return new Table(head, rows);
    }

    private static String number(double v) { return Double.isFinite(v) ? Html.number(v) : ""; }

    private ParallelPlot plot() {
        List<String> columns = new ArrayList<>(plan.axes().keySet());
        columns.add("validation " + monitor.name());
        List<List<Object>> rows = new ArrayList<>();
        int chosen = -1;
        for (int i = 0; i < results.size(); i++) {
            if (done(i)) {
                chosen = i == best() ? rows.size() : chosen;
                List<Object> row = new ArrayList<>();
                plan.combinations().get(i).forEach(v -> row.add(numberOrText(v)));
                row.add(results.get(i).validation().get(monitor.name()));
                rows.add(row);
            }
        }
        return new ParallelPlot("Each run as a line through its values to its best validation " + monitor.name(),
                columns, rows, chosen);
    }

    private static Object numberOrText(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private Map<String, String> facts() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Runs", "%d of %d".formatted(results.size(), plan.combinations().size()));
        out.put("Words of all runs", String.join(" ", plan.words()));
        int best = best();
        if (best >= 0) {
            out.put("Best by validation", results.get(best).member().title());
            results.get(best).test().forEach((name, v) -> out.put("Its test " + name, number(v)));
        }
        return out;
    }

    void write(Path directory) throws IOException {
        AtomicFile.write(directory.resolve("sweep.csv"), table().csv());
        StringBuilder out = new StringBuilder(Page.head("Sweep"));
        out.append("<header><h1>").append(Html.text("Sweep of " + String.join(", ", plan.axes().keySet())))
                .append("</h1>").append(Page.facts(facts())).append("</header>");
        if (best() >= 0) {
            Page.section(out, "All runs", "<figure>" + plot().svg() + "</figure>");
        }
        Page.section(out, "Table; chosen on validation alone", table().html());
        List<RunSummary> runs = new ArrayList<>();
        for (int i = 0; i < results.size() && runs.size() < CURVES; i++) {
            if (done(i)) {
                runs.add(RunSummary.read(results.get(i).member().run().path()));
            }
        }
        if (!runs.isEmpty()) {
            Page.section(out, "Curves" + (results.size() > CURVES ? " of the first " + CURVES : ""),
                    RunsPage.curves(runs));
        }
        AtomicFile.write(directory.resolve(PAGE), out.append("</main></html>\n").toString());
    }
}
