package s4j.flink.examples;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results as a page that needs no network: the table, and each series with its windows and alarms. */
final class Page {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 120;

    private Page() {}

    static String html(List<NabSeries> all, Map<String, List<Scored>> scored, List<Result> results) {
        StringBuilder out = new StringBuilder("<!doctype html><meta charset=\"utf-8\"><title>Sensors</title>\n")
                .append("<style>body{font:15px sans-serif;max-width:920px;margin:2em auto}td,th{padding:.2em .7em;text-align:right}")
                .append("td:first-child{text-align:left}svg{background:#fafafa}</style>\n<h1>Alarms on live sensors</h1>\n")
                .append("<p>Precision: share of the alarms that lie in a labelled window. Recall: share of the windows with an alarm. ")
                .append("Errors: of the next value, mean absolute, in the data's own unit; beside it that of the value before.</p>\n")
                .append("<table><tr><th>series<th>windows<th>error<th>last value's<th colspan=3>model: alarms, precision, recall")
                .append("<th colspan=3>moving mean: alarms, precision, recall</tr>\n");
        results.forEach(r -> out.append(row(r.name(), String.format(Locale.ROOT, "%.4g<td>%.4g", r.error(), r.naive()),
                r.model(), r.simple())));
        out.append(row("all", "<td>", results.stream().map(Result::model).reduce(new Result.Alarms(0, 0, 0, 0),
                Result.Alarms::plus),
                results.stream().map(Result::simple).reduce(new Result.Alarms(0, 0, 0, 0),
                        Result.Alarms::plus)));
        out.append("</table>\n");
        for (NabSeries s : all) {
            out.append("<h2>").append(escaped(s.name())).append("</h2>\n").append(chart(s, scored.getOrDefault(s.name(),
                    List.of())));
        }
        return out.append(
                "<p>Shaded: labelled windows, and to the left of the line the probation. Ticks: alarms of the model (below) and of the")
                .append(" moving mean (above).</p>\n").toString();
    }

    private static String row(String name, String errors, Result.Alarms model, Result.Alarms simple) {
        return "<tr><td>" + escaped(name) + "<td>" + model.windows() + "<td>" + errors + cells(model) + cells(simple)
                + "</tr>\n";
    }

    private static String cells(Result.Alarms a) {
        return "<td>" + a.raised() + "<td>" + Result.share(a.precision()) + "<td>" + Result.share(a.recall());
    }

    private static String chart(NabSeries s, List<Scored> scored) {
        if (scored.isEmpty()) {
            return "<p>no scores</p>\n";
        }
        long first = scored.getFirst().time();
        double scale = (double) WIDTH / Math.max(1, scored.getLast().time() - first);
        double low = scored.stream().mapToDouble(Scored::value).min().orElse(0);
        double high = Math.max(low + 1e-9, scored.stream().mapToDouble(Scored::value).max().orElse(1));
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT, "<svg width=\"%d\" height=\"%d\">", WIDTH,
                HEIGHT));
        for (long[] w : s.windows()) {
            out.append(String.format(Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\" fill=\"#f5c6c6\"/>", (w[0] - first) * scale,
                    Math.max(1, (w[1] - w[0]) * scale), HEIGHT));
        }
        out.append("<polyline fill=\"none\" stroke=\"#246\" points=\"");
        int every = Math.max(1, scored.size() / (2 * WIDTH));
        for (int i = 0; i < scored.size(); i += every) {
            out.append(
                    String.format(Locale.ROOT, "%.1f,%.1f ", (scored.get(i).time() - first) * scale, 105 - 90 * (scored
                            .get(i).value() - low) / (high - low)));
        }
        out.append("\"/>");
        for (Scored one : scored) {
            double x = (one.time() - first) * scale;
            out.append(one.alarm() ? tick(x, 110, "#c00") : "").append(one.simpleAlarm() ? tick(x, 0, "#888") : "");
        }
        double begin = (scored.get(Math.min(s.probation(), scored.size() - 1)).time() - first) * scale;
        return out.append(String.format(Locale.ROOT, "<path d=\"M%.1f 0V%d\" stroke=\"#999\"/></svg>%n", begin, HEIGHT))
                .toString();
    }

    private static String tick(double x, int y, String colour) {
        return String.format(Locale.ROOT, "<path d=\"M%.1f %dv10\" stroke=\"%s\"/>", x, y, colour);
    }

    private static String escaped(String text) { return text.replace("&", "&amp;").replace("<", "&lt;"); }
}
