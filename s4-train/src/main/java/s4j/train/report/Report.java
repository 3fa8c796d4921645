package s4j.train.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import s4j.io.AtomicFile;
import s4j.train.run.MetricsLog.Row;

/**
 * The page about one run.
 *
 * @param title of the page
 * @param headline the number that counts
 * @param facts what stands under it, name and value, e.g. parameters, epochs, data
 * @param rows the run's metrics
 * @param curves metrics to draw beside learning rate and gradient norm
 * @param sections what the task shows of the test split
 * @param kernels of each layer, some features of {@code [l]} each
 * @param provenance seed, hashes, versions
 * @param config the resolved configuration as YAML
 * @param excerpt a piece of the data; null: none
 */
public record Report(String title, Headline headline, Map<String, String> facts, List<Row> rows, List<Curve> curves,
        List<Section> sections, List<List<float[]>> kernels, Map<String, String> provenance, String config,
        @Nullable Excerpt excerpt) {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 270;

    /** Writes the page. */
    public void write(Path file) throws IOException {
        byte[] bytes = html().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(java.nio.ByteBuffer.wrap(bytes)));
    }

    String html() {
        StringBuilder out = new StringBuilder(1 << 16);
        out.append(Page.head(title));
        out.append("<header><h1>").append(Html.text(title)).append("</h1><p class=\"headline\"><strong>")
                .append(Html.text(headline.number())).append("</strong> ").append(Html.text(headline.words()))
                .append("</p>").append(Page.facts(facts)).append("</header>");
        Page.section(out, "Training", charts());
        sections.forEach(s -> Page.section(out, s.heading(), s.html()));
        if (excerpt != null) {
            Page.section(out, "A test sequence", excerpt.html());
        }
        if (!kernels.isEmpty()) {
            Page.section(out, "Convolution kernels", kernelPlots());
        }
        Page.section(out, "Where it comes from",
                Page.facts(provenance) + "<details><summary>Configuration</summary><pre>"
                        + Html.text(config) + "</pre></details>");
        return out.append("</main></html>\n").toString();
    }

    private String charts() {
        List<LineChart> charts = new ArrayList<>();
        curves.forEach(c -> charts.add(chart(c)));
        charts.add(new LineChart("Learning rate", "Learning rate by training step", "step",
                List.of(series("train", "learning rate", r -> orNaN(r.lr()), false)), WIDTH, HEIGHT));
        charts.add(new LineChart("Gradient norm", "Gradient norm before clipping by training step", "step",
                List.of(series("train", "gradient norm", r -> orNaN(r.gradientNorm()), false)), WIDTH, HEIGHT));
        return figures(charts);
    }

    private LineChart chart(Curve curve) {
        ToDoubleFunction<Row> value = r -> curve.unit().applyAsDouble(r.metric(curve.metric()));
        LineChart.Series val = series("val", "validation", value, true);
        String last = val.y().length == 0 ? "" : "; the last validation is " + Html.number(val.y()[val.y().length - 1]);
        List<LineChart.Series> lines = new ArrayList<>(List.of(series("train", "training", value, false), val));
        if (!rows.isEmpty()) {
            double[] ends = {rows.getFirst().step(), rows.getLast().step()};
            curve.references()
                    .forEach((name, y) -> lines.add(new LineChart.Series(name, ends, new double[]{y, y}, false)));
        }
        return new LineChart(curve.title(), "Training and validation " + curve.words() + " by training step" + last,
                "step",
                lines, WIDTH, HEIGHT);
    }

    private LineChart.Series series(String split, String name, ToDoubleFunction<Row> value, boolean dots) {
        List<Row> mine = rows.stream().filter(r -> r.split().equals(split)).toList();
        return new LineChart.Series(name, mine.stream().mapToDouble(Row::step).toArray(),
                mine.stream().mapToDouble(value).toArray(), dots);
    }

    private static double orNaN(@Nullable Double v) { return v == null ? Double.NaN : v; }

    private static String figures(List<LineChart> charts) {
        StringBuilder out = new StringBuilder("<div class=\"charts\">");
        for (LineChart c : charts) {
            out.append("<figure><figcaption>").append(Html.text(c.title())).append("</figcaption>").append(c.svg())
                    .append("</figure>");
        }
        return out.append("</div>").toString();
    }

    private String kernelPlots() {
        List<LineChart> charts = new ArrayList<>();
        for (int layer = 0; layer < kernels.size(); layer++) {
            List<LineChart.Series> lines = new ArrayList<>();
            for (int i = 0; i < kernels.get(layer).size(); i++) {
                float[] k = kernels.get(layer).get(i);
                double[] x = new double[k.length];
                double[] y = new double[k.length];
                for (int t = 0; t < k.length; t++) {
                    x[t] = t;
                    y[t] = k[t];
                }
                lines.add(new LineChart.Series("feature " + (i + 1), x, y, false));
            }
            charts.add(new LineChart("Layer " + (layer + 1), "Kernels K of " + lines.size() + " features of layer "
                    + (layer + 1) + ": how much an input counts some steps later", "steps back", lines, WIDTH, HEIGHT));
        }
        return "<p>How much an input counts for the output some steps later, for some features of each layer.</p>"
                + figures(charts);
    }
}
