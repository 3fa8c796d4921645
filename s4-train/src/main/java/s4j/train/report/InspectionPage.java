package s4j.train.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import s4j.io.AtomicFile;
import s4j.math.Complex;
import s4j.math.Fft;
import s4j.stream.Inspection;
import s4j.stream.Mode;

/**
 * The page about what a model has learnt, layer by layer.
 *
 * @param name of the model
 * @param inspection what was found
 * @param facts of each layer, in its order, for people
 */
public record InspectionPage(String name, Inspection inspection, List<Map<String, String>> facts) {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 300;
    private static final int KERNELS = 4;
    private static final int BINS = 16;

    /** Writes the page. */
    public void write(Path file) throws IOException {
        byte[] bytes = html().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(java.nio.ByteBuffer.wrap(bytes)));
    }

    String html() {
        StringBuilder out = new StringBuilder(1 << 16);
        out.append(Page.head("What " + name + " has learnt")).append("<header><h1>What ").append(Html.text(name))
                .append(" has learnt</h1><p>The state space models of its layers: x' = A x + B u, y = C x, a kernel K each. ")
                .append(Html.text(inspection.left())).append("</p></header>");
        for (int i = 0; i < inspection.layers().size(); i++) {
            Inspection.Layer layer = inspection.layers().get(i);
            Page.section(out, layer.name(), Page.facts(facts.get(i)) + figures(charts(layer)));
        }
        return out.append("</main></html>\n").toString();
    }

    private static String figures(List<LineChart> charts) {
        StringBuilder out = new StringBuilder("<div class=\"charts\">");
        charts.forEach(c -> out.append("<figure><figcaption>").append(Html.text(c.title())).append("</figcaption>")
                .append(c.svg()).append("</figure>"));
        return out.append("</div>").toString();
    }

    private static List<LineChart> charts(Inspection.Layer layer) {
        List<Mode> modes = layer.features().stream().flatMap(f -> f.modes().stream()).toList();
        List<Inspection.Feature> shown = byMemory(layer);
        List<LineChart> charts = new ArrayList<>(
                List.of(eigenvalues(layer), steps(layer), kernels(shown), responses(shown)));
        if (!modes.isEmpty()) {
            charts.addAll(List.of(scales(modes), states(layer)));
        }
        return charts;
    }

    private static LineChart chart(String title, String words, String x, List<LineChart.Series> series,
            LineChart.Scale scale) {
        return new LineChart(title, words, x, series, scale, WIDTH, HEIGHT);
    }

    private static double[] all(List<Mode> modes, ToDoubleFunction<Mode> value) {
        return modes.stream().mapToDouble(value).toArray();
    }

    private static LineChart eigenvalues(Inspection.Layer layer) {
        List<Complex> after = layer.features().stream().flatMap(f -> f.diagonal().stream()).toList();
        List<LineChart.Series> series = new ArrayList<>(List.of(cloud("after training", after)));
        if (!layer.initial().isEmpty()) {
            series.add(cloud("before", layer.initial()));
        }
        String title = layer.config().mode().diagonal() ? "Eigenvalues of A" : "Λ of A = Λ − P P*";
        return chart(title, title + " in the complex plane, upper half: decay to the left, frequency upwards"
                + (layer.initial().isEmpty() ? "; before training they were drawn at random" : ""),
                "real part; upwards imaginary part", series, LineChart.Scale.LINEAR);
    }

    private static LineChart.Series cloud(String name, List<Complex> z) {
        return LineChart.Series.points(name, z.stream().mapToDouble(Complex::re).toArray(),
                z.stream().mapToDouble(a -> Math.abs(a.im())).toArray());
    }

    private static LineChart scales(List<Mode> modes) {
        return chart("What each mode covers",
                "Time constant, in steps, and period, in steps, of each mode; those that never turn are left out",
                "time constant in steps; upwards period in steps",
                List.of(LineChart.Series.points("modes", all(modes, Mode::timeConstant),
                        all(modes, m -> 1 / m.frequency()))),
                LineChart.Scale.LOG_LOG);
    }

    private static LineChart steps(Inspection.Layer layer) {
        double[] log = layer.features().stream().mapToDouble(f -> Math.log10(f.dt())).toArray();
        double low = Math.min(Math.log10(layer.config().dtMin()), Arrays.stream(log).min().orElse(-3));
        double high = Math.max(Math.log10(layer.config().dtMax()), Arrays.stream(log).max().orElse(-1));
        double width = Math.max(1e-9, (high - low) / BINS);
        double[] x = new double[2 * BINS];
        double[] y = new double[2 * BINS];
        double[] uniform = new double[2 * BINS];
        for (int i = 0; i < BINS; i++) {
            x[2 * i] = low + i * width;
            x[2 * i + 1] = low + (i + 1) * width;
        }
        for (double v : log) {
            int bin = Math.min(BINS - 1, (int) ((v - low) / width));
            y[2 * bin]++;
            y[2 * bin + 1]++;
        }
        double from = Math.log10(layer.config().dtMin());
        double to = Math.log10(layer.config().dtMax());
        Arrays.setAll(uniform, i -> {
            int bin = i / 2;
            double middle = low + (bin + 0.5) * width;
            return middle >= from && middle <= to ? log.length * width / Math.max(width, to - from) : 0;
        });
        return chart("Steps dt", "How many features have which step dt, beside the even spread before training",
                "log10 dt; upwards features", List.of(new LineChart.Series("after training", x, y, false),
                        new LineChart.Series("expected before", x, uniform, false)),
                LineChart.Scale.LINEAR);
    }

    /** From the shortest memory to the longest. */
    private static List<Inspection.Feature> byMemory(Inspection.Layer layer) {
        List<Inspection.Feature> sorted = layer.features().stream().sorted(Comparator.comparingInt(f -> f.memory(0)))
                .toList();
        List<Inspection.Feature> out = new ArrayList<>();
        int n = Math.min(KERNELS, sorted.size());
        for (int i = 0; i < n; i++) {
            out.add(sorted.get(n == 1 ? 0 : i * (sorted.size() - 1) / (n - 1)));
        }
        return out;
    }

    private static LineChart kernels(List<Inspection.Feature> features) {
        List<LineChart.Series> series = new ArrayList<>();
        for (Inspection.Feature f : features) {
            float[] k = f.kernels()[0];
            double[] x = Arrays.stream(steps(k.length)).asDoubleStream().toArray();
            double[] y = Arrays.stream(steps(k.length)).mapToDouble(t -> k[t - 1]).toArray();
            series.add(new LineChart.Series("memory " + f.memory(0), x, y, false));
        }
        return chart("Kernels in time",
                "How much an input counts some steps later: features from the shortest memory to"
                        + " the longest",
                "steps, 1 the newest; upwards K", series, LineChart.Scale.LOG_X);
    }

    /** Of 1 to n, all of the first and as many of each decade further on. */
    private static int[] steps(int n) {
        return DoubleStream.iterate(1, x -> x <= n, x -> Math.max(x + 1, x * 1.02)).mapToInt(x -> (int) x).toArray();
    }

    private static LineChart responses(List<Inspection.Feature> features) {
        List<LineChart.Series> series = new ArrayList<>();
        for (Inspection.Feature f : features) {
            float[] k = f.kernels()[0];
            Complex[] padded = new Complex[Integer.highestOneBit(Math.max(2, k.length) - 1) * 2];
            Arrays.setAll(padded, t -> Complex.of(t < k.length ? k[t] : 0));
            Complex[] spectrum = Fft.forward(padded);
            double[] x = new double[padded.length / 2];
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = (i + 1.0) / padded.length;
                y[i] = spectrum[i + 1].abs();
            }
            series.add(new LineChart.Series("memory " + f.memory(0), x, y, false));
        }
        return chart("Kernels in frequency", "Gain of the same kernels for each frequency",
                "cycles a step; upwards |K|",
                series, LineChart.Scale.LOG_LOG);
    }

    private static LineChart states(Inspection.Layer layer) {
        int n = layer.features().stream().mapToInt(f -> f.modes().size()).max().orElse(0);
        return chart("Which states matter",
                "Norms of the modes as shares of the feature's largest, sorted, mean over features",
                "modes, sorted; upwards share of the largest",
                List.of(norms("H2", layer, n, m -> m.h2(0)), norms("H∞", layer, n, m -> m.hInfinity(0))),
                LineChart.Scale.LINEAR);
    }

    private static LineChart.Series norms(String name, Inspection.Layer layer, int n, ToDoubleFunction<Mode> norm) {
        double[] x = new double[n];
        double[] y = new double[n];
        Arrays.setAll(x, i -> i + 1);
        for (Inspection.Feature f : layer.features()) {
            double[] sorted = f.modes().stream().mapToDouble(norm).filter(Double::isFinite).sorted().toArray();
            double largest = sorted.length == 0 ? 1 : Math.max(sorted[sorted.length - 1], Double.MIN_NORMAL);
            for (int i = 0; i < Math.min(n, sorted.length); i++) {
                y[i] += sorted[sorted.length - 1 - i] / largest / layer.features().size();
            }
        }
        return new LineChart.Series(name, x, y, true);
    }
}
