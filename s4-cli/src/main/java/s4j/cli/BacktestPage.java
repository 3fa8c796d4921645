package s4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import s4j.data.forecast.Backtest;
import s4j.data.forecast.Scores;
import s4j.train.report.Html;
import s4j.train.report.LineChart;
import s4j.train.report.Page;

/** Scores of a back-test as CSV and as a page. */
final class BacktestPage {
    private static final int MOST_SERIES = 200;
    private static final int MOST_LINES = 6;
    private static final List<String> COLUMNS = List.of("n", "mse", "mae", "rmse", "smape", "mase", "unscaled",
            "pinball",
            "crps", "wql");

    /** {@code cover_80} of an interval of 80 percent. */
    static String cover(double share) {
        return "cover_" + ForecastCommand.level(share);
    }

    /** One line a model and what its scores are over: {@code all}, a {@code step} from 1, a {@code series}, a {@code cut} from 1. */
    static String csv(List<Backtest.Entry> entries, double[] intervals) {
        StringBuilder out = new StringBuilder("model,over,at,").append(String.join(",", COLUMNS));
        for (double i : intervals) {
            out.append(',').append(cover(i));
        }
        out.append('\n');
        for (Backtest.Entry e : entries) {
            line(out, e.name(), "all", "", e.all());
            for (int h = 0; h < e.steps().size(); h++) {
                line(out, e.name(), "step", String.valueOf(h + 1), e.steps().get(h));
            }
            for (int k = 0; k < e.cuts().size(); k++) {
                line(out, e.name(), "cut", String.valueOf(k + 1), e.cuts().get(k));
            }
            e.series().forEach((id, s) -> line(out, e.name(), "series", ForecastCommand.quoted(id), s));
        }
        return out.toString();
    }

    private static void line(StringBuilder out, String model, String over, String at, Scores s) {
        out.append(ForecastCommand.quoted(model)).append(',').append(over).append(',').append(at);
        for (double v : values(s)) {
            out.append(',').append(Double.isNaN(v) ? "" : v == (long) v ? String.valueOf((long) v) : String.valueOf(v));
        }
        out.append('\n');
    }

    private static List<Double> values(Scores s) {
        List<Double> out = new ArrayList<>(List.of((double) s.count(), s.mse(), s.mae(), s.rmse(), s.smape(), s.mase(),
                (double) s.unscaled(), s.pinball(), s.crps(), s.wql()));
        for (double c : s.coverage()) {
            out.add(c);
        }
        return out;
    }

    static String html(String source, Backtest test, Backtest.Result result) {
        double[] intervals = Scores.intervals(test.levels());
        StringBuilder out = new StringBuilder(Page.head("Back-test on " + source));
        out.append("<h1>Back-test</h1><p>").append(Html.text(String.format(Locale.ROOT,
                "%s: %d windows of %d steps, %d apart; season %d", source, test.windows(), test.horizon(), test.step(),
                test.season()))).append("</p>");
        result.notes().forEach(n -> out.append("<p>").append(Html.text(n)).append("</p>"));
        List<String> header = new ArrayList<>(COLUMNS);
        for (double i : intervals) {
            header.add(cover(i));
        }
        StringBuilder all = new StringBuilder();
        head(all, "model", header);
        for (Backtest.Entry e : result.entries()) {
            row(all, e.name(), values(e.all()));
        }
        Page.section(out, "Over everything", all.append("</table></div>").toString());
        Page.section(out, "By step of the horizon", "<div class=\"charts\">" + chart("MAE by step", "step", result
                .entries(), true) + chart("MAE by cut", "cut", result.entries(), false) + "</div>");
        Page.section(out, "MASE by series", series(result.entries()));
        return out.append("</main></html>\n").toString();
    }

    private static String chart(String title, String x, List<Backtest.Entry> entries, boolean steps) {
        List<LineChart.Series> lines = new ArrayList<>();
        for (Backtest.Entry e : entries.subList(0, Math.min(MOST_LINES, entries.size()))) {
            List<Scores> s = steps ? e.steps() : e.cuts();
            double[] at = new double[s.size()];
            double[] y = new double[s.size()];
            for (int i = 0; i < at.length; i++) {
                at[i] = i + 1;
                y[i] = s.get(i).mae();
            }
            lines.add(new LineChart.Series(e.name(), at, y, at.length < 30));
        }
        LineChart c = new LineChart(title, title + " of " + lines.size() + " models", x, lines, LineChart.Scale.LINEAR,
                520, 300);
        return "<figure><figcaption>" + Html.text(title) + "</figcaption>" + c.figure() + "</figure>";
    }

    private static String series(List<Backtest.Entry> entries) {
        TreeSet<String> ids = new TreeSet<>(entries.getFirst().series().keySet());
        StringBuilder out = new StringBuilder();
        head(out, "series", entries.stream().map(Backtest.Entry::name).toList());
        ids.stream().limit(MOST_SERIES).forEach(id -> row(out, id, entries.stream().map(e -> mase(e.series(), id))
                .toList()));
        out.append("</table></div>");
        return ids.size() <= MOST_SERIES
                ? out.toString()
                : out.append("<p>The first ").append(MOST_SERIES).append(" of ").append(ids.size())
                        .append("; all are in the CSV (--out).</p>").toString();
    }

    private static double mase(Map<String, Scores> series, String id) {
        Scores s = series.get(id);
        return s == null ? Double.NaN : s.mase();
    }

    private static void head(StringBuilder out, String first, List<String> names) {
        out.append("<div class=\"scroll\"><table class=\"confusion\"><tr><th>").append(first).append("</th>");
        names.forEach(n -> out.append("<th>").append(Html.text(n)).append("</th>"));
        out.append("</tr>");
    }

    private static void row(StringBuilder out, String name, List<Double> values) {
        out.append("<tr><th>").append(Html.text(name)).append("</th>");
        values.forEach(v -> out.append("<td>").append(BacktestCommand.number("%.5g", v)).append("</td>"));
        out.append("</tr>\n");
    }

    private BacktestPage() {}
}
