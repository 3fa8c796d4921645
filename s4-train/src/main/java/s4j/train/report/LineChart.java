package s4j.train.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A line chart as SVG, inside a page or as a file of its own. Colours are CSS variables, so it follows light and dark.
 *
 * @param title what it shows
 * @param description the same with its main numbers, for who cannot see it
 * @param xLabel what runs to the right
 * @param series the lines
 * @param scale of both axes
 * @param width in CSS pixels
 * @param height in CSS pixels
 */
public record LineChart(String title, String description, String xLabel, List<Series> series, Scale scale, int width,
        int height) {
    private static final int LEFT = 52;
    private static final int RIGHT = 14;
    private static final int BOTTOM = 40;
    private static final int LEGEND = 22;
    private static final int LEGEND_LINE = 16;
    /** Colours of the style sheet; more lines begin with the first again. */
    private static final int COLOURS = 6;
    private static final int TOP = 8;
    /** More points than this are averaged in groups: a page should not grow with the run. */
    private static final int MAX_POINTS = 600;

    /** How values become distances; logarithmic ones leave out what is not positive. */
    public enum Scale {
        LINEAR(false, false), LOG_X(true, false), LOG_LOG(true, true);

        private final boolean x;
        private final boolean y;

        Scale(boolean x, boolean y) {
            this.x = x;
            this.y = y;
        }
    }

    /** With linear axes. */
    LineChart(String title, String description, String xLabel, List<Series> series, int width, int height) {
        this(title, description, xLabel, series, Scale.LINEAR, width, height);
    }

    /** One line; {@code dots} draws its points as well, for few of them. */
    public record Series(String name, double[] x, double[] y, boolean dots) {
        /** Checks the lengths. */
        public Series {
            if (x.length != y.length) {
                throw new IllegalArgumentException(name + " has " + x.length + " x and " + y.length + " y");
            }
        }

        /** Points that no line joins; of many, evenly chosen ones. */
        public static Series points(String name, double[] x, double[] y) {
            int step = Math.max(1, Math.ceilDiv(x.length, MAX_POINTS / 2));
            int n = Math.ceilDiv(x.length, step);
            double[] xs = new double[Math.max(0, 2 * n - 1)];
            double[] ys = new double[xs.length];
            Arrays.fill(xs, Double.NaN); // a gap between each two
            Arrays.fill(ys, Double.NaN);
            for (int i = 0; i < n; i++) {
                xs[2 * i] = x[i * step];
                ys[2 * i] = y[i * step];
            }
            return new Series(name, xs, ys, true);
        }

        private Series thinned() {
            if (x.length <= MAX_POINTS) {
                return this;
            }
            int group = (x.length + MAX_POINTS - 1) / MAX_POINTS;
            int n = (x.length + group - 1) / group;
            double[] xs = new double[n];
            double[] ys = new double[n];
            for (int i = 0; i < n; i++) {
                int to = Math.min(x.length, (i + 1) * group);
                xs[i] = Arrays.stream(x, i * group, to).average().orElseThrow();
                ys[i] = Arrays.stream(y, i * group, to).average().orElseThrow();
            }
            return new Series(name, xs, ys, dots);
        }
    }

    /** A document of its own, with title and style sheet inside. */
    public String document() {
        StringBuilder out = new StringBuilder(svg());
        out.insert(out.indexOf(" "), " xmlns=\"http://www.w3.org/2000/svg\"");
        out.insert(out.indexOf(">") + 1, "<style>\n" + Page.CHART_STYLE + "svg { background: var(--card); }\n</style>");
        return out.append('\n').toString();
    }

    /** The chart inside a page. */
    public String figure() { return svg(); }

    String svg() {
        boolean legend = series.size() > 1;
        int top = TOP + (legend ? LEGEND + LEGEND_LINE * (legendLines() - 1) : 0);
        double[] xs = series.stream().flatMapToDouble(s -> Arrays.stream(s.x)).filter(v -> shows(v, scale.x)).toArray();
        double[] ys = series.stream().flatMapToDouble(s -> Arrays.stream(s.y)).filter(v -> shows(v, scale.y)).toArray();
        double xMin = Arrays.stream(xs).min().orElse(0);
        double xMax = Arrays.stream(xs).max().orElse(1);
        Axis x = axis(scale.x, xMin, xMax, Math.max(2, width / 90));
        if (xs.length > 0 && xMax > xMin) {
            x = x.endingAt(xMin, xMax);
        }
        Axis y = axis(scale.y, Arrays.stream(ys).min().orElse(0), Arrays.stream(ys).max().orElse(1),
                Math.max(2, height / 45));
        StringBuilder out = new StringBuilder(8192);
        out.append("<svg role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">".formatted(width, height, width,
                height));
        out.append("<title>").append(Html.text(title)).append("</title><desc>").append(Html.text(description))
                .append("</desc>");
        Plot plot = new Plot(LEFT, top, width - LEFT - RIGHT, height - top - BOTTOM, x, y);
        grid(out, plot);
        for (int i = 0; i < series.size(); i++) {
            line(out, plot, series.get(i).thinned(), i % COLOURS);
        }
        if (legend) {
            legend(out);
        }
        return out.append("</svg>").toString();
    }

    private static boolean shows(double v, boolean logarithmic) {
        return Double.isFinite(v) && (!logarithmic || v > 0);
    }

    private static Axis axis(boolean logarithmic, double low, double high, int ticks) {
        return logarithmic ? Axis.logarithmic(low, high) : Axis.over(low, high, ticks);
    }

    /** The rectangle inside the axes, and the axes. */
    private record Plot(int left, int top, int width, int height, Axis x, Axis y) {
        String px(double v) { return Html.coordinate(left + width * x.at(v)); }

        String py(double v) { return Html.coordinate(top + height * (1 - y.at(v))); }
    }

    private void grid(StringBuilder out, Plot p) {
        for (double t : p.y.ticks()) {
            out.append("<path class=\"grid\" d=\"M%d %sh%d\"/>".formatted(p.left, p.py(t), p.width));
            out.append("<text x=\"%d\" y=\"%s\" dy=\".35em\" text-anchor=\"end\">%s</text>".formatted(p.left - 6,
                    p.py(t), Html.number(t)));
        }
        for (double t : p.x.ticks()) {
            out.append("<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>".formatted(p.px(t),
                    p.top + p.height + 16, Html.number(t)));
        }
        out.append("<path class=\"axis\" d=\"M%d %dv%dh%d\"/>".formatted(p.left, p.top, p.height, p.width));
        out.append("<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>".formatted(
                p.left + p.width / 2, height - 6, Html.text(xLabel)));
    }

    private void line(StringBuilder out, Plot p, Series s, int colour) {
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        for (int i = 0; i < s.x.length; i++) {
            // a gap where a value is missing: a line through it would invent one
            boolean here = shows(s.x[i], scale.x) && shows(s.y[i], scale.y);
            if (here) {
                path.append(pen ? 'L' : 'M').append(p.px(s.x[i])).append(' ').append(p.py(s.y[i]));
            }
            pen = here;
        }
        out.append("<path class=\"line c%d\" d=\"%s\"/>".formatted(colour, path));
        for (int i = 0; s.dots && i < s.x.length; i++) {
            if (shows(s.x[i], scale.x) && shows(s.y[i], scale.y)) {
                out.append("<circle class=\"dot c%d\" r=\"3.5\" cx=\"%s\" cy=\"%s\"><title>%s %s: %s</title></circle>"
                        .formatted(colour, p.px(s.x[i]), p.py(s.y[i]), Html.text(s.name), Html.number(s.x[i]),
                                String.format(Locale.ROOT, "%.5g", s.y[i])));
            }
        }
    }

    private static int legendWidth(Series s) { return 40 + 7 * s.name.length(); }

    private int legendLines() {
        int lines = 1;
        int x = LEFT;
        for (Series s : series) {
            if (x > LEFT && x + legendWidth(s) > width) {
                lines++;
                x = LEFT;
            }
            x += legendWidth(s);
        }
        return lines;
    }

    private void legend(StringBuilder out) {
        int x = LEFT;
        int y = 12;
        for (int i = 0; i < series.size(); i++) {
            Series s = series.get(i);
            if (x > LEFT && x + legendWidth(s) > width) {
                x = LEFT;
                y += LEGEND_LINE;
            }
            out.append("<path class=\"line c%d\" d=\"M%d %dh18\"/><text x=\"%d\" y=\"%d\">%s</text>".formatted(
                    i % COLOURS, x, y, x + 24, y + 4, Html.text(s.name)));
            x += legendWidth(s);
        }
    }
}
