package s4j.cli;

import java.util.List;
import java.util.Locale;
import s4j.data.forecast.Forecast;
import s4j.train.report.Html;
import s4j.train.report.Page;

/** A page with each series' history, its forecast, and the band between the outermost quantiles; one at a time. */
final class ForecastPage {
    private static final int MOST_SERIES = 200;
    private static final int WIDTH = 960;
    private static final int HEIGHT = 320;

    static String html(String source, List<Forecast> all, double[] levels) {
        List<Forecast> shown = all.subList(0, Math.min(MOST_SERIES, all.size()));
        StringBuilder out = new StringBuilder(Page.head("Forecast of " + source));
        out.append("<h1>Forecast</h1><p>").append(Html.text(source));
        if (shown.size() < all.size()) {
            out.append(": the first ").append(shown.size()).append(" of ").append(all.size()).append(" series");
        }
        out.append("</p>");
        if (shown.size() > 1) {
            out.append("<p><label>Series <select onchange=\"document.querySelectorAll('.one').forEach((e, i) =>")
                    .append(" e.hidden = i != this.selectedIndex)\">");
            shown.forEach(f -> out.append("<option>").append(Html.text(f.id())).append("</option>"));
            out.append("</select></label></p>");
        }
        for (int i = 0; i < shown.size(); i++) {
            out.append("<figure class=\"one\"").append(i == 0 ? "" : " hidden").append(">");
            figure(out, shown.get(i), levels);
            out.append("</figure>");
        }
        return out.append("</main></html>\n").toString();
    }

    private static void figure(StringBuilder out, Forecast f, double[] levels) {
        int h = f.mean().length;
        int past = Math.min(f.history().length, 4 * h + 20);
        int from = f.history().length - past;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int t = from; t < f.history().length; t++) {
            low = Float.isNaN(f.history()[t]) ? low : Math.min(low, f.history()[t]);
            high = Float.isNaN(f.history()[t]) ? high : Math.max(high, f.history()[t]);
        }
        for (int k = -1; k < f.quantiles().length; k++) {
            for (double v : k < 0 ? f.mean() : f.quantiles()[k]) {
                low = Math.min(low, v);
                high = Math.max(high, v);
            }
        }
        Scale s = new Scale((double) WIDTH / Math.max(1, past + h - 1), low, Math.max(high - low, 1e-9));
        StringBuilder line = new StringBuilder();
        for (int t = 0; t < past; t++) {
            if (!Float.isNaN(f.history()[from + t])) {
                line.append(line.isEmpty() ? "M" : "L").append(s.point(t, f.history()[from + t]));
            }
        }
        String band = f.quantiles().length < 2
                ? ""
                : "<path fill=\"var(--c1)\" fill-opacity=\".22\" d=\"" + path(s, past, f.quantiles()[0], "M", false)
                        + path(s, past, f.quantiles()[f.quantiles().length - 1], "L", true) + "Z\"/>";
        String said = String.format(Locale.ROOT, "%s: %d steps from %s to %s%s", f.id(), h, f.stamp(0), f.stamp(h - 1),
                band.isEmpty()
                        ? ""
                        : ", the band from " + ForecastCommand.level(levels[0]) + " to "
                                + ForecastCommand.level(levels[levels.length - 1]) + " percent");
        out.append("<figcaption>").append(Html.text(said)).append("</figcaption><svg role=\"img\" viewBox=\"-60 -10 ")
                .append(WIDTH + 70).append(' ').append(HEIGHT + 20).append("\"><title>").append(Html.text(said))
                .append("</title><text x=\"-6\" y=\"").append(HEIGHT).append("\" text-anchor=\"end\">")
                .append(Html.number(low)).append("</text><text x=\"-6\" y=\"8\" text-anchor=\"end\">")
                .append(Html.number(high)).append("</text>").append(band).append("<path class=\"line c0\" d=\"")
                .append(line).append("\"/><path class=\"line c1\" d=\"").append(path(s, past, f.mean(), "M", false))
                .append("\"/></svg>");
    }

    private static String path(Scale s, int past, double[] values, String first, boolean back) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            int h = back ? values.length - 1 - i : i;
            out.append(i == 0 ? first : "L").append(s.point(past + h, values[h]));
        }
        return out.toString();
    }

    private record Scale(double step, double low, double range) {
        String point(int t, double v) {
            return String.format(Locale.ROOT, "%.1f %.1f", t * step, HEIGHT * (1 - (v - low) / range));
        }
    }

    private ForecastPage() {}
}
