package s4j.train.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import s4j.data.Dataset;
import s4j.data.SequenceSet.Picture;
import s4j.io.AtomicFile;
import s4j.generate.Vocabulary;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;

/**
 * The page about a data set: counts, ranges, balance of its classes, and some training sequences to look at.
 *
 * @param data the data set
 * @param summary of it
 */
public record DatasetPage(Dataset data, DatasetSummary summary) {
    private static final int EXAMPLES = 12;
    private static final int LINES = 4;
    private static final int TEXTS = 3;

    /** Writes the page. */
    public void write(Path file) throws java.io.IOException {
        byte[] bytes = html().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(java.nio.ByteBuffer.wrap(bytes)));
    }

    String html() {
        StringBuilder out = new StringBuilder(1 << 16);
        String title = "Data set " + data.name();
        out.append(Page.head(title)).append("<header><h1>").append(Html.text(title)).append("</h1>")
                .append("<p class=\"headline\"><strong>")
                .append(String.format(Locale.ROOT, "%,d",
                        summary.splits().values().stream().mapToInt(DatasetSummary.Split::size).sum()))
                .append("</strong> sequences</p>").append(Page.facts(facts())).append("</header>");
        if (data.targets() instanceof TargetSpec.Classes classes) {
            Page.section(out, "Classes", balance(classes.names()));
        }
        if (!summary.ranges().isEmpty()) {
            Page.section(out, "Values in training", ranges());
        }
        Page.section(out, "Some training sequences", examples());
        return out.append("</main></html>\n").toString();
    }

    private Map<String, String> facts() {
        Map<String, String> out = new LinkedHashMap<>();
        summary.splits().forEach((name, s) -> out.put("Split " + name, s.size() == 0
                ? "none"
                : String.format(Locale.ROOT, "%,d sequences of %s steps", s.size(), s.lengths())));
        out.put(data.tokens() ? "Different tokens" : "Values per step",
                String.format(Locale.ROOT, "%,d", data.dInput()));
        summary.splits().forEach((name, s) -> {
            if (s.target() != null) {
                out.put("Numbers to predict, " + name, s.target().words());
            }
        });
        out.putAll(data.facts());
        out.put("SHA-256", data.hash());
        return out;
    }

    private String balance(List<String> names) {
        long most = 1;
        for (DatasetSummary.Split s : summary.splits().values()) {
            for (long n : s.classes()) {
                most = Math.max(most, n);
            }
        }
        StringBuilder out = new StringBuilder(
                "<div class=\"scroll\"><table class=\"confusion\"><thead><tr><th>class</th>");
        summary.splits().keySet().forEach(name -> out.append("<th scope=\"col\">").append(name).append("</th>"));
        out.append("</tr></thead><tbody>");
        for (int k = 0; k < names.size(); k++) {
            out.append("<tr><th scope=\"row\">").append(Html.text(names.get(k))).append("</th>");
            for (DatasetSummary.Split s : summary.splits().values()) {
                double share = (double) s.classes()[k] / most;
                out.append(String.format(Locale.ROOT, "<td class=\"hit%s\" style=\"--v:%.0f%%\">%,d</td>",
                        share > 0.6 ? " deep" : "", 100 * share, s.classes()[k]));
            }
            out.append("</tr>");
        }
        return out.append("</tbody></table></div>").toString();
    }

    private String ranges() {
        StringBuilder out = new StringBuilder(
                "<div class=\"scroll\"><table class=\"confusion\"><thead><tr><th>value</th>"
                        + "<th>least</th><th>greatest</th><th>mean</th><th>std</th></tr></thead><tbody>");
        for (int c = 0; c < summary.ranges().size(); c++) {
            DatasetSummary.Range r = summary.ranges().get(c);
            out.append("<tr><th scope=\"row\">").append(c + 1).append("</th>");
            for (double v : new double[]{r.min(), r.max(), r.mean(), r.std()}) {
                out.append("<td>").append(Html.number(v)).append("</td>");
            }
            out.append("</tr>");
        }
        return out.append("</tbody></table></div>").toString();
    }

    private String examples() {
        List<Integer> chosen = chosen();
        if (data.train().picture(chosen.getFirst()) != null) {
            return "<div class=\"digits\">" + chosen.stream().map(this::picture).collect(Collectors.joining())
                    + "</div>";
        }
        if (data.tokens()) {
            return chosen.stream().limit(TEXTS).map(this::text).collect(Collectors.joining());
        }
        return "<div class=\"charts\">" + chosen.stream().map(this::chart).collect(Collectors.joining()) + "</div>";
    }

    /** The first ones, where there are classes as many of each. */
    private List<Integer> chosen() {
        List<Integer> out = new ArrayList<>();
        int[] seen = new int[data.targets() instanceof TargetSpec.Classes c ? c.names().size() : 0];
        int each = seen.length == 0 ? EXAMPLES : Math.max(1, EXAMPLES / seen.length);
        for (int i = 0; i < data.train().size() && out.size() < Math.max(EXAMPLES, seen.length)
                && out.size() < 2 * EXAMPLES; i++) {
            if (seen.length == 0 || seen[data.train().label(i)]++ < each) {
                out.add(i);
            }
        }
        if (seen.length > 0) {
            out.sort((a, b) -> Integer.compare(data.train().label(a), data.train().label(b)));
        }
        return out;
    }

    private String title(int i, SequenceBatch batch) {
        return switch (data.targets()) {
            case TargetSpec.Classes c -> "class " + c.names().get(data.train().label(i));
            case TargetSpec.Values v ->
                v.names().getFirst() + " " + Html.number(v.restored(batch.values().values()[0], 0));
            case TargetSpec.StepClasses s -> "sequence " + (i + 1);
        };
    }

    private String picture(int i) {
        String title = title(i, data.train().batch(new int[]{i}));
        Picture picture = data.train().picture(i);
        return picture == null
                ? ""
                : "<figure>" + new GrayImage(picture).html(title) + "<figcaption>" + Html.text(title)
                        + "</figcaption></figure>";
    }

    private String chart(int i) {
        SequenceBatch batch = data.train().batch(new int[]{i});
        int shown = Math.min(LINES, batch.features());
        List<LineChart.Series> lines = new ArrayList<>();
        for (int c = 0; c < shown; c++) {
            double[] x = new double[batch.length()];
            double[] y = new double[batch.length()];
            for (int t = 0; t < x.length; t++) {
                x[t] = t + 1;
                y[t] = restored(batch.x()[t * batch.features() + c], c);
            }
            lines.add(new LineChart.Series("value " + (c + 1), x, y, false));
        }
        String title = title(i, batch) + (shown < batch.features()
                ? " · " + shown + " of " + batch.features() + " values"
                : "");
        return "<figure><figcaption>" + Html.text(title) + "</figcaption>"
                + new LineChart(title, title + " over " + batch.length() + " steps", "step", lines, 520, 220).svg()
                + "</figure>";
    }

    private double restored(double v, int channel) {
        TensorData mean = data.transform().get("data.mean");
        TensorData std = data.transform().get("data.std");
        return mean == null || std == null
                ? v
                : v * std.get(std.size() == 1 ? 0 : channel) + mean.get(mean.size() == 1 ? 0 : channel);
    }

    private String text(int i) {
        SequenceBatch batch = data.train().batch(new int[]{i});
        boolean steps = batch.targets() instanceof Targets.StepClasses;
        int[] tokens = new int[batch.length()];
        for (int t = 0; t < tokens.length; t++) {
            boolean target = steps && batch.classes()[t] != Targets.NONE;
            tokens[t] = target ? batch.classes()[t] : (int) batch.x()[t];
        }
        Vocabulary vocabulary = data.vocabulary();
        String text = vocabulary == null
                ? new String(tokens, 0, tokens.length)
                : vocabulary.decode(tokens);
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(
                code -> out.appendCodePoint((code < ' ' && code != '\n') || code == 0x7f ? '·' : code));
        return "<pre>" + Html.text(out.toString()) + "</pre>";
    }
}
