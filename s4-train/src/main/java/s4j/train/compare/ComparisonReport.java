package s4j.train.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import s4j.io.AtomicFile;
import s4j.torch.Learner;
import s4j.train.report.Html;
import s4j.train.report.LineChart;
import s4j.train.report.Page;
import s4j.train.task.Metric;
import s4j.train.task.Task;

/** The page, its tables as CSV and its charts as SVG. */
record ComparisonReport(Comparison.Job job, Task task, List<Standing> standings, List<Growth.Point> growth) {
    private static final double TIME_TOLERANCE = 0.02;
    private static final int WIDTH = 520;
    private static final int HEIGHT = 300;

    private Metric metric() { return Objects.requireNonNullElse(task.leading(), Metric.LOSS); }

    private Metric monitor() { return task.monitor(); }

    Path write() throws IOException {
        Map<String, Table> tables = new LinkedHashMap<>();
        tables.put("models", models());
        tables.put("rates", rates());
        tables.put("growth", grown());
        for (Map.Entry<String, Table> t : tables.entrySet()) {
            AtomicFile.write(job.directory().resolve(t.getKey() + ".csv"), t.getValue().csv());
        }
        List<LineChart> charts = charts();
        for (int i = 0; i < charts.size(); i++) {
            AtomicFile.write(job.directory().resolve("growth-" + (i + 1) + ".svg"), charts.get(i).document());
        }
        Path page = job.directory().resolve("report.html");
        AtomicFile.write(page, page(tables, charts));
        return page;
    }

    private String page(Map<String, Table> tables, List<LineChart> charts) {
        StringBuilder out = new StringBuilder(Page.head("Comparison on " + job.data().name()));
        out.append("<h1>").append(Html.text(String.join(", ", job.plan().models()))).append(" on ")
                .append(Html.text(job.data().name())).append("</h1>");
        out.append(Page.facts(facts()));
        Page.section(out, "Models", table(tables, "models"));
        Page.section(out, "Where S4 loses", list(Losses.of(metric(), standings, growth),
                "Nowhere in these tables."));
        List<String> failures = failures();
        if (!failures.isEmpty()) {
            Page.section(out, "What did not work", list(failures, ""));
        }
        Page.section(out, "Learning rates tried, one seed each; chosen on validation alone", table(tables, "rates"));
        if (!charts.isEmpty()) {
            StringBuilder figures = new StringBuilder("<div class=\"charts\">");
            charts.forEach(c -> figures.append("<figure><figcaption>").append(Html.text(c.title()))
                    .append("</figcaption>").append(c.figure()).append("</figure>"));
            Page.section(out, "Growth with the length of the sequence", figures.append("</div>").toString());
            Page.section(out, "The same as numbers", table(tables, "growth"));
        }
        return out.append("</main></html>\n").toString();
    }

    private static String table(Map<String, Table> tables, String name) {
        return Objects.requireNonNull(tables.get(name)).html();
    }

    private static String list(List<String> lines, String none) {
        StringBuilder out = new StringBuilder("<ul>");
        (lines.isEmpty() ? List.of(none) : lines)
                .forEach(l -> out.append("<li>").append(Html.text(l)).append("</li>\n"));
        return out.append("</ul>").toString();
    }

    private Map<String, String> facts() {
        Plan plan = job.plan();
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Parameters", plan.params() == null
                ? "as many as " + plan.models().getFirst() + " has by itself, ± 3 %"
                : String.format(Locale.ROOT, "%,d ± 3 %%", plan.params()));
        out.put("Budget of a run", plan.minutes() != null
                ? plan.minutes() + " minutes of training"
                : (plan.epochs() == null ? "the configuration's" : plan.epochs()) + " epochs");
        out.put("Seeds", plan.seeds() + "; the values are mean ± sample standard deviation");
        out.put("Sequences",
                String.format(Locale.ROOT, "%,d for training, %,d for validation, %,d for test, up to %,d steps",
                        job.data().train().size(), job.data().validation().size(), job.data().test().size(),
                        job.data().lMax()));
        standings.stream().map(Standing::sizing).filter(s -> s != null).findFirst().ifPresent(s -> {
            try (Learner learner = job.learners().create(s.config().network(job.data()),
                    s.config().learnerOptions(job.data()))) {
                out.put("Machine", learner.describe());
            }
        });
        out.put("s4j", job.version());
        return out;
    }

    private Table models() {
        List<List<String>> rows = new ArrayList<>();
        for (Standing s : standings) {
            Speeds v = s.speeds();
            rows.add(List.of(s.model(), s.sizing() == null ? "" : String.valueOf(s.sizing().parameters()),
                    s.sizing() == null ? "" : s.sizing().config().model().size(), spread(s.test(metric().name())),
                    s.runs().isEmpty() ? "" : String.valueOf(s.runs().getFirst().member().lr()),
                    number(s.spread(Result::rate).mean()), number(s.spread(r -> r.seconds() / 60).mean()),
                    v == null ? "" : number(v.batchRate()), v == null ? "" : number(v.latency()),
                    v == null ? "" : v.refusal() == null ? number(v.step()) : "does not stream",
                    v == null ? "" : number(v.state() / 1e3),
                    s.peak() == null
                            ? ""
                            : s.peak().failure() == null
                                    ? number(s.peak().bytes() / 1e6)
                                    : String.valueOf(s.peak().failure()),
                    v == null ? "" : number(v.modelBytes() / 1e3)));
        }
        return new Table(List.of("model", "parameters", "size", "test " + metric().name(), "lr", "training sequences/s",
                "minutes of training", "inference sequences/s", "inference ms of one", "streamed step µs",
                "stream state kB",
                "training step peak MB", "model file kB"), rows);
    }

    private Table rates() {
        List<List<String>> rows = new ArrayList<>();
        for (Standing s : standings) {
            for (Result r : s.tried()) {
                boolean chosen = !s.runs().isEmpty() && s.runs().getFirst().member().lr() == r.member().lr();
                rows.add(List.of(s.model(), String.valueOf(r.member().lr()),
                        number(r.validation().getOrDefault(monitor().name(), Double.NaN)),
                        number(r.validation().getOrDefault(Metric.LOSS.name(), Double.NaN)),
                        r.failure() != null ? r.failure() : chosen ? "chosen" : ""));
            }
        }
        return new Table(List.of("model", "lr", "best validation " + monitor().name(), "its loss", ""), rows);
    }

    private Table grown() {
        List<List<String>> rows = new ArrayList<>();
        for (Growth.Point p : growth) {
            rows.add(List.of(p.model(), p.kind().title(), String.valueOf(p.length()), number(1e3 * p.seconds()),
                    number(p.bytes() / 1e6), p.failure() == null ? "" : p.failure()));
        }
        return new Table(List.of("model", "what", "L", "ms", "MB", ""), rows);
    }

    /** Everything that failed, once. */
    private List<String> failures() {
        List<String> out = new ArrayList<>();
        for (Standing s : standings) {
            if (s.failure() != null) {
                out.add(s.model() + ": " + s.failure());
            }
            if (s.speeds() != null && s.speeds().refusal() != null) {
                out.add(s.model() + " does not stream: " + s.speeds().refusal());
            }
            s.tried().stream().filter(r -> r.failure() != null && s.failure() == null)
                    .forEach(r -> out.add(r.member().title() + ": " + r.failure()));
            s.runs().stream().filter(r -> r.failure() != null)
                    .forEach(r -> out.add(r.member().title() + ": " + r.failure()));
            s.done().stream().filter(this::offBudget).forEach(r -> out.add(String.format(Locale.ROOT,
                    "%s: trained %.2f minutes, as one step is long beside the budget of %s", r.member().title(),
                    r.seconds() / 60, job.plan().minutes())));
        }
        growth.stream().filter(p -> p.failure() != null).forEach(p -> out
                .add("%s, %s at L %,d: %s".formatted(p.model(), p.kind().title(), p.length(), p.failure())));
        return out;
    }

    private boolean offBudget(Result r) {
        Double minutes = job.plan().minutes();
        return minutes != null && Math.abs(r.seconds() / 60 / minutes - 1) > TIME_TOLERANCE;
    }

    private List<LineChart> charts() {
        List<LineChart> out = new ArrayList<>();
        chart(out, Growth.Kind.TRAIN, "Time of a training step of " + Growth.BATCH + " sequences, ms",
                p -> 1e3 * p.seconds());
        chart(out, Growth.Kind.TRAIN, "Memory of a training step of " + Growth.BATCH + " sequences, MB",
                p -> p.bytes() / 1e6);
        chart(out, Growth.Kind.STREAM, "Time of a streamed step after L steps, µs", p -> 1e6 * p.seconds());
        chart(out, Growth.Kind.STREAM, "State of a stream after L steps, kB", p -> p.bytes() / 1e3);
        return out;
    }

    private void chart(List<LineChart> out, Growth.Kind kind, String title, ToDoubleFunction<Growth.Point> of) {
        List<LineChart.Series> series = new ArrayList<>();
        for (String model : job.plan().models()) {
            List<Growth.Point> points = growth.stream()
                    .filter(p -> p.kind() == kind && p.model().equals(model) && p.failure() == null).toList();
            if (!points.isEmpty()) {
                series.add(new LineChart.Series(model, points.stream().mapToDouble(Growth.Point::length).toArray(),
                        points.stream().mapToDouble(of).toArray(), true));
            }
        }
        if (!series.isEmpty()) {
            out.add(new LineChart(title, title + "; the numbers stand below", "L", series, LineChart.Scale.LOG_LOG,
                    WIDTH,
                    HEIGHT));
        }
    }

    private static String spread(Standing.Spread s) {
        return Double.isNaN(s.deviation()) ? number(s.mean()) : number(s.mean()) + " ± " + number(s.deviation());
    }

    private static String number(double v) { return Double.isFinite(v) ? Html.number(v) : ""; }
}
