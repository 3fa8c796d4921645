package s4j.train.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import s4j.io.AtomicFile;
import s4j.train.Baselines;
import s4j.train.Classification;
import s4j.train.Evaluation;
import s4j.train.StepPrediction;
import s4j.train.MetricsLog.Row;

/**
 * The page about one run.
 *
 * @param title of the page
 * @param facts what stands under it, name and value, e.g. parameters, epochs, data
 * @param rows the run's metrics
 * @param test the evaluation on the test split
 * @param classNames of the classes
 * @param kernels of each layer, some features of {@code [l]} each
 * @param provenance seed, hashes, versions
 * @param config the resolved configuration as YAML
 * @param excerpt a piece of the data; null: none
 */
public record Report(String title, Map<String, String> facts, List<Row> rows, Evaluation test, List<String> classNames,
        List<List<float[]>> kernels, Map<String, String> provenance, String config, @Nullable Excerpt excerpt) {
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
                .append(headline()).append("</p>").append(Page.facts(facts)).append("</header>");
        Page.section(out, "Training", curves());
        switch (test) {
            case Classification c -> {
                Page.section(out, "Confusion on the test split", new ConfusionTable(c.confusion(), classNames).html());
                if (!c.mistakes().isEmpty()) {
                    Page.section(out, "What it got wrong", mistakes(c));
                }
            }
            case StepPrediction s -> Page.section(out, "On the test split", scores(s));
        }
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

    private String headline() {
        return test instanceof StepPrediction s
                ? String.format(Locale.ROOT, "%.4f</strong> bits per sample on the test split", s.bits())
                : String.format(Locale.ROOT, "%.2f %%</strong> test accuracy", 100 * test.accuracy());
    }

    /** The model beside the simple ones. */
    private static String scores(StepPrediction s) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("This model", bits(s.bits()));
        Baselines baselines = s.baselines();
        if (baselines != null && baselines.markov() != null) {
            out.put("Order-1 Markov chain, fitted on the training split", bits(baselines.markov()));
        }
        if (baselines != null) {
            out.put("Unigram, fitted on the training split", bits(baselines.unigram()));
        }
        double steps = s.scores().steps();
        out.put("Level right", Html.percent(s.scores().top1() / steps));
        out.put("Among the three likeliest", Html.percent(s.scores().top3() / steps));
        out.put("Among the five likeliest", Html.percent(s.scores().top5() / steps));
        out.put("Among the ten likeliest", Html.percent(s.scores().top10() / steps));
        return Page.facts(out);
    }

    private static String bits(double bits) { return String.format(Locale.ROOT, "%.4f bits per sample", bits); }

    /** The loss in bits, over the level that a Markov chain reaches. */
    private LineChart bits(StepPrediction s) {
        LineChart plain = chart("Bits per sample", r -> StepPrediction.bits(r.loss()), "bits per sample");
        Baselines baselines = s.baselines();
        List<LineChart.Series> lines = new ArrayList<>(plain.series());
        if (baselines != null && baselines.markov() != null && !rows.isEmpty()) {
            double[] ends = {rows.getFirst().step(), rows.getLast().step()};
            lines.add(new LineChart.Series("order-1 Markov on test", ends,
                    new double[]{baselines.markov(), baselines.markov()}, false));
        }
        return new LineChart(plain.title(), plain.description(), "step", lines, WIDTH, HEIGHT);
    }

    private String curves() {
        List<LineChart> charts = new ArrayList<>();
        charts.add(test instanceof StepPrediction s ? bits(s) : chart("Loss", Row::loss, "loss"));
        charts.add(chart("Accuracy", Row::accuracy, "accuracy"));
        charts.add(new LineChart("Learning rate", "Learning rate by training step", "step",
                List.of(series("train", "learning rate", r -> orNaN(r.lr()), false)), WIDTH, HEIGHT));
        charts.add(new LineChart("Gradient norm", "Gradient norm before clipping by training step", "step",
                List.of(series("train", "gradient norm", r -> orNaN(r.gradientNorm()), false)), WIDTH, HEIGHT));
        return figures(charts);
    }

    private LineChart chart(String name, ToDoubleFunction<Row> value, String word) {
        LineChart.Series val = series("val", "validation", value, true);
        String last = val.y().length == 0 ? "" : "; the last validation is " + Html.number(val.y()[val.y().length - 1]);
        return new LineChart(name, "Training and validation " + word + " by training step" + last, "step",
                List.of(series("train", "training", value, false), val), WIDTH, HEIGHT);
    }

    private LineChart.Series series(String split, String name, ToDoubleFunction<Row> value, boolean dots) {
        Predicate<Row> mine = r -> r.split().equals(split);
        return new LineChart.Series(name, rows.stream().filter(mine).mapToDouble(Row::step).toArray(),
                rows.stream().filter(mine).mapToDouble(value).toArray(), dots);
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

    private String mistakes(Classification test) {
        StringBuilder out = new StringBuilder("<p>");
        out.append(String.format(Locale.ROOT, "%,d of %,d; the %d it was surest of:</p><div class=\"digits\">",
                test.size() - test.correct(), test.size(), test.mistakes().size()));
        for (Classification.Mistake m : test.mistakes()) {
            String is = classNames.get(m.label());
            String says = classNames.get(m.predicted());
            String sure = String.format(Locale.ROOT, "%.0f %%", 100 * m.probability());
            out.append("<figure>");
            if (m.picture() != null) {
                out.append(new GrayImage(m.picture())
                        .html("Test example " + m.index() + ", a " + is + " that the model takes for a " + says));
            }
            out.append("<figcaption>").append(Html.text(is)).append(" → <b>").append(Html.text(says))
                    .append("</b><br><small>").append(sure).append(" sure</small></figcaption></figure>");
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
