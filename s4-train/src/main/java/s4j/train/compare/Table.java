package s4j.train.compare;

import java.util.List;
import java.util.stream.Collectors;
import s4j.train.report.Html;

/** Rows under a head, as a page and as CSV show them. */
record Table(List<String> head, List<List<String>> rows) {
    String html() {
        StringBuilder out = new StringBuilder("<div class=\"scroll\"><table class=\"confusion\"><tr>");
        head.forEach(h -> out.append("<th>").append(Html.text(h)).append("</th>"));
        for (List<String> row : rows) {
            out.append("</tr>\n<tr>");
            row.forEach(c -> out.append("<td>").append(Html.text(c)).append("</td>"));
        }
        return out.append("</tr></table></div>").toString();
    }

    String csv() { return line(head) + rows.stream().map(Table::line).collect(Collectors.joining()); }

    private static String line(List<String> cells) {
        return cells.stream().map(c -> c.matches("(?s).*[,\"\n].*") ? '"' + c.replace("\"", "\"\"") + '"' : c)
                .collect(Collectors.joining(",", "", "\n"));
    }
}
