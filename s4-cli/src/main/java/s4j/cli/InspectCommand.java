package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.io.ModelFile;
import s4j.stream.Inspection;
import s4j.stream.Mode;
import s4j.train.report.Html;
import s4j.train.report.InspectionPage;

/** {@code s4 inspect}: what a model's layers have learnt. */
@Command(name = "inspect", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Tells what the S4 layers of a model have learnt: steps dt, time constants and periods of their modes, how long"
                + " their kernels remember, and which states matter. Plain Java; libtorch is not used.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 inspect runs/NAME/model.safetensors",
                "  s4 inspect runs/NAME/model.safetensors --html learnt.html   eigenvalues, kernels, norms as charts"})
final class InspectCommand implements Callable<Integer> {
    private static final double MOST_OF_IT = 0.99;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL",
            description = "A model.safetensors that s4 train or s4 import wrote.")
    @Nullable
    Path model;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with charts of each layer.")
    @Nullable
    Path html;

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null) {
            throw new IllegalStateException("called without being parsed");
        }
        Destinations.over(model).and("--html", html);
        PrintWriter out = spec.commandLine().getOut();
        Inspection found = Inspection.of(ModelFile.read(model), model.toString());
        List<Map<String, String>> facts = new ArrayList<>();
        for (Inspection.Layer layer : found.layers()) {
            facts.add(facts(layer));
            out.println(layer.name());
            facts.getLast().forEach((name, value) -> out.println("  %-15s %s".formatted(name, value)));
        }
        if (!found.left().isEmpty()) {
            out.println("note: " + found.left());
        }
        if (html != null) {
            new InspectionPage(String.valueOf(model), found, facts).write(html);
            out.println("page: " + html);
        }
        out.flush();
        return 0;
    }

    private static Map<String, String> facts(Inspection.Layer layer) {
        List<Mode> modes = layer.features().stream().flatMap(f -> f.modes().stream()).toList();
        Map<String, String> out = new LinkedHashMap<>();
        out.put("system", "%d features of %d pairs of states, %s, %s".formatted(layer.features().size(),
                layer.config().dState() / 2,
                layer.config().mode().diagonal() ? "diagonal" : "diagonal plus rank " + layer.config().rank(),
                String.join(" ", layer.config().init())));
        out.put("dt", spread(layer.features().stream().mapToDouble(Inspection.Feature::dt)) + ", began between "
                + Html.number(layer.config().dtMin()) + " and " + Html.number(layer.config().dtMax()));
        long apart = layer.features().stream().filter(f -> !f.modes().isEmpty()).count();
        if (apart < layer.features().size()) {
            out.put("modes",
                    "of %,d of %,d features; of the others A is so nearly defective that float64 cannot tell them apart"
                            .formatted(apart, layer.features().size()));
        }
        out.put("time constants", spread(modes.stream().mapToDouble(Mode::timeConstant)) + " steps");
        out.put("periods", spread(modes.stream().mapToDouble(m -> 1 / m.frequency()).filter(Double::isFinite))
                + " steps of " + turning(modes));
        out.put("memory", spread(layer.features().stream().mapToDouble(f -> longest(f)))
                + " steps hold 99 % of a kernel's energy");
        out.put("states",
                spread(layer.features().stream().filter(f -> !f.modes().isEmpty()).mapToDouble(f -> needed(f)))
                        + " modes hold 99 % of a feature's sum of squared H2 norms");
        return out;
    }

    private static String turning(List<Mode> modes) {
        return String.format(Locale.ROOT, "%,d of %,d modes that turn",
                modes.stream().filter(m -> m.frequency() > 0).count(), modes.size());
    }

    private static int longest(Inspection.Feature f) {
        int most = 0;
        for (int row = 0; row < f.kernels().length; row++) {
            most = Math.max(most, f.memory(row));
        }
        return most;
    }

    /** How many of the strongest modes it takes, over all outputs. */
    private static int needed(Inspection.Feature f) {
        double[] squares = f.modes().stream().mapToDouble(m -> {
            double sum = 0;
            for (int row = 0; row < m.gains().length; row++) {
                sum += m.h2(row) * m.h2(row);
            }
            return Double.isFinite(sum) ? sum : Double.MAX_VALUE / f.modes().size();
        }).sorted().toArray();
        double all = Arrays.stream(squares).sum();
        double sum = 0;
        for (int i = 1; i <= squares.length; i++) {
            sum += squares[squares.length - i];
            if (sum >= MOST_OF_IT * all) {
                return i;
            }
        }
        return squares.length;
    }

    /** Smallest, median and largest. */
    private static String spread(DoubleStream values) {
        double[] v = values.sorted().toArray();
        return v.length == 0
                ? "none"
                : "%s … %s … %s".formatted(Html.number(v[0]), Html.number(v[v.length / 2]),
                        Html.number(v[v.length - 1]));
    }
}
