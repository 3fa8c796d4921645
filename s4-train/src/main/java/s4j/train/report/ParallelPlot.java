package s4j.train.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parallel coordinates as SVG: an upright axis for each column, a line for each row through its values; one row stands out.
 *
 * @param title what it shows, for those who cannot see it
 * @param columns names of the axes, the last one what is wished for
 * @param rows values, Double or text, one for each column
 * @param chosen the row that stands out; -1: none
 */
public record ParallelPlot(String title, List<String> columns, List<List<Object>> rows, int chosen) {
    private static final int STEP = 170;
    private static final int MARGIN = 70;
    private static final int TOP = 34;
    private static final int HEIGHT = 260;
    /** Beyond this ratio of its ends an axis is logarithmic. */
    private static final double WIDE = 30;

    /** Where the values of a column stand, 0 at the bottom to 1, with labels. */
    private record Column(List<Object> words, double low, double high, boolean logarithmic) {
        static Column of(List<List<Object>> rows, int index) {
            List<Object> values = rows.stream().map(r -> r.get(index)).distinct().toList();
            if (!values.stream().allMatch(Double.class::isInstance)) {
                return new Column(values, 0, 0, false);
            }
            double low = values.stream().mapToDouble(v -> (Double) v).min().orElse(0);
            double high = values.stream().mapToDouble(v -> (Double) v).max().orElse(1);
            return new Column(List.of(), low, high, low > 0 && high / low > WIDE);
        }

        double at(Object value) {
            if (!words.isEmpty()) {
                return words.size() == 1 ? 0.5 : (double) words.indexOf(value) / (words.size() - 1);
            }
            double v = (Double) value;
            return high == low
                    ? 0.5
                    : logarithmic ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
        }

        List<Object> labels() { return !words.isEmpty() ? words : high == low ? List.of(low) : List.of(low, high); }
    }

    /** The figure. */
    public String svg() {
        List<Column> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            all.add(Column.of(rows, i));
        }
        int width = 2 * MARGIN + STEP * (columns.size() - 1);
        StringBuilder out = new StringBuilder("<svg role=\"img\" viewBox=\"0 0 %d %d\"><title>%s</title>"
                .formatted(width, HEIGHT + TOP + 30, Html.text(title)));
        for (int i = 0; i < all.size(); i++) {
            int x = MARGIN + i * STEP;
            out.append("<path class=\"axis\" d=\"M%d %dv%d\"/><text x=\"%d\" y=\"18\" text-anchor=\"middle\">%s</text>"
                    .formatted(x, TOP, HEIGHT, x, Html.text(columns.get(i))));
            for (Object label : all.get(i).labels()) {
                out.append("<text x=\"%d\" y=\"%s\" dy=\".35em\" text-anchor=\"end\">%s</text>".formatted(x - 6,
                        y(all.get(i).at(label)),
                        Html.text(label instanceof Double d ? Html.number(d) : String.valueOf(label))));
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            if (r != chosen) {
                line(out, all, rows.get(r), "c0", " opacity=\".45\"");
            }
        }
        if (chosen >= 0) {
            line(out, all, rows.get(chosen), "c1", " style=\"stroke-width:3\"");
        }
        return out.append("</svg>").toString();
    }

    private static String y(double share) { return Html.coordinate(TOP + HEIGHT * (1 - share)); }

    private static void line(StringBuilder out, List<Column> columns, List<Object> row, String colour, String more) {
        StringBuilder path = new StringBuilder();
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            @Nullable
            Object value = row.get(i);
            path.append(String.format(Locale.ROOT, "%s%d %s", i == 0 ? "M" : "L", MARGIN + i * STEP,
                    y(columns.get(i).at(value))));
            words.append(i == 0 ? "" : ", ").append(value);
        }
        out.append("<path class=\"line %s\"%s d=\"%s\"><title>%s</title></path>".formatted(colour, more, path,
                Html.text(words.toString())));
    }
}
