package s4j.train.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A confusion matrix as an HTML table: one row per true class, one column per predicted class, shaded by its share of
 * the row.
 *
 * @param counts {@code [true][predicted]}
 * @param names of the classes
 */
public record ConfusionTable(int[][] counts, List<String> names) {
    /** The table. */
    public String html() {
        StringBuilder out = new StringBuilder(8192);
        out.append("<div class=\"scroll\"><table class=\"confusion\"><caption>Rows: what it is. Columns: what the model"
                + " says.</caption><thead><tr><td></td>");
        for (String name : names) {
            out.append("<th scope=\"col\">").append(Html.text(name)).append("</th>");
        }
        out.append("<th scope=\"col\">right</th></tr></thead><tbody>");
        for (int t = 0; t < counts.length; t++) {
            row(out, t);
        }
        return out.append("</tbody></table></div>").toString();
    }

    private void row(StringBuilder out, int t) {
        int total = Arrays.stream(counts[t]).sum();
        out.append("<tr><th scope=\"row\">").append(Html.text(names.get(t))).append("</th>");
        for (int p = 0; p < counts[t].length; p++) {
            int n = counts[t][p];
            double share = total == 0 ? 0 : (double) n / total;
            // errors are rare in a good model: the square root lets one in a hundred be seen
            double shade = t == p ? share : Math.sqrt(share);
            out.append(String.format(Locale.ROOT, "<td class=\"%s%s\" style=\"--v:%.0f%%\">%s</td>",
                    t == p ? "hit" : "miss", shade > 0.55 ? " deep" : "", 100 * shade, n == 0 ? "" : n));
        }
        out.append(total == 0
                ? "<td></td>"
                : String.format(Locale.ROOT, "<td>%.1f %%</td>", 100.0 * counts[t][t] / total));
        out.append("</tr>");
    }
}
