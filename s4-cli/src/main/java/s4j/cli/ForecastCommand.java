package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.data.forecast.Forecast;
import s4j.data.forecast.ForecastModel;
import s4j.data.forecast.TimeReader;
import s4j.data.forecast.TimeTable;
import s4j.io.AtomicFile;
import s4j.io.ModelFile;

/** {@code s4 forecast}: the steps that follow each series of a table, from the model file alone and in plain Java. */
@Command(name = "forecast", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Forecasts the steps that follow each series of a table. The model file knows how its training data was"
                + " read and scaled; libtorch is not used.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 forecast runs/NAME/model.safetensors --input new.csv --horizon 48 --plot forecast.html",
                "  s4 forecast model.safetensors --input new.csv.gz --out forecast.csv --levels 5,50,95",
                "  sensor | s4 forecast model.safetensors --input past.csv --stream",
                "",
                "--stream needs a model of dataset.normalization=anchor dataset.linear=false: one observation in, what",
                "follows it out, in the same time however long the past is. A line is a number, or one for each column with",
                "commas between; an empty cell or nan is a missing value."})
final class ForecastCommand implements Callable<Integer> {
    private final Pipes pipes;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model.safetensors of task=forecasting.")
    @Nullable
    Path model;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "dataset.KEY=VALUE",
            description = "How the table is laid out where it differs from the training data: time, target, id, zone, freq,"
                    + " day_first, duplicates, irregular.")
    List<String> words = List.of();

    @Option(names = "--input", paramLabel = "FILE", required = true,
            description = "A table: .csv, .tsf, gzipped or not, wide or long, as in training.")
    @Nullable
    Path input;

    @Option(names = "--horizon", paramLabel = "STEPS", description = "Steps to forecast; else the model's own.")
    @Nullable
    Integer horizon;

    @Option(names = "--levels", paramLabel = "PERCENT", split = ",", defaultValue = "10,50,90",
            description = "Quantiles, in percent (${DEFAULT-VALUE}).")
    List<Double> levels = List.of();

    @Option(names = "--recent", paramLabel = "CUTS", defaultValue = "0",
            description = "Make the bands as wide as they had to be for the last so many cuts of each series whose targets are known; 200"
                    + " is a good number. Else the model's own widths.")
    int recent;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write the table; else to standard output.")
    @Nullable
    Path out;

    @Option(names = "--plot", paramLabel = "FILE", description = "A page with history, median and bands.")
    @Nullable
    Path plot;

    @Option(names = "--stream",
            description = "Forecast after each observation that standard input brings, one a line; the"
                    + " table is what came before.")
    boolean stream;

    ForecastCommand(Pipes pipes) { this.pipes = pipes; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null || input == null) {
            throw new IllegalStateException("called without being parsed");
        }
        if (horizon != null && horizon < 1) {
            throw new ParameterException(spec.commandLine(), "--horizon " + horizon + "; expected 1 or more");
        }
        if (recent < 0 || (recent > 0 && stream)) {
            throw new ParameterException(spec.commandLine(), "--recent " + recent + (stream
                    ? " with --stream; expected a whole table: a stream keeps no cuts"
                    : "; expected 0 or more"));
        }
        double[] shares = shares(levels, spec.commandLine());
        Destinations.over(model, input).and("--out", out).and("--plot", plot);
        ForecastModel forecaster = ForecastModel.of(ModelFile.read(model), model.toString());
        if (!stream) {
            // what fails there fails in the forecast, too, which says so
            Thread.ofPlatform().daemon().name("s4-prepare").uncaughtExceptionHandler((thread, e) -> {})
                    .start(forecaster::prepare);
        }
        TimeTable table = TimeReader.read(input, forecaster.options(TableWords.of(words)));
        if (stream) {
            return streamed(spec.commandLine(), forecaster, table, shares);
        }
        ForecastModel.Result result = forecaster.forecast(table, horizon == null ? forecaster.horizon() : horizon,
                shares, recent);
        PrintWriter err = spec.commandLine().getErr();
        err.println(table.found("the last value before"));
        result.notes().forEach(err::println);
        if (!forecaster.spread()) {
            err.println(
                    "note: the model was trained for points, so there are no quantiles; task.loss=quantile gives them");
        }
        err.flush();
        String text = csv(result.forecasts(), forecaster.spread() ? shares : new double[0]);
        if (out == null) {
            pipes.out().write(text.getBytes(StandardCharsets.UTF_8));
            pipes.out().flush();
        } else {
            AtomicFile.write(out, text);
        }
        if (plot != null) {
            AtomicFile.write(plot, ForecastPage.html(table.source(), result.forecasts(), shares));
        }
        return 0;
    }

    private int streamed(CommandLine line, ForecastModel forecaster, TimeTable table, double[] shares)
            throws IOException {
        if (horizon != null || out != null || plot != null) {
            throw new ParameterException(line,
                    "--stream with --horizon, --out or --plot; expected none of them: forecasts"
                            + " of the model's own horizon go to standard output");
        }
        double[] levels = forecaster.spread() ? shares : new double[0];
        new ForecastPipe(forecaster.stream(table, levels), pipes).run(header(levels));
        return 0;
    }

    private static String header(double[] shares) {
        StringBuilder text = new StringBuilder("unique_id,ds,mean");
        for (double s : shares) {
            text.append(",q").append(level(s));
        }
        return text.append('\n').toString();
    }

    /** {@code unique_id,ds,mean,q10,…}. */
    static String csv(List<Forecast> forecasts, double[] shares) {
        StringBuilder text = new StringBuilder(header(shares));
        List<String> stamps = List.of();
        Forecast before = null;
        for (Forecast f : forecasts) {
            // columns of one table have the same times
            stamps = before != null && f.sameTimes(before) ? stamps : stamps(f);
            before = f;
            String id = quoted(f.id());
            for (int h = 0; h < f.mean().length; h++) {
                text.append(id).append(',').append(stamps.get(h)).append(',')
                        .append((float) f.mean()[h]);
                for (double[] q : f.quantiles()) {
                    text.append(',').append((float) q[h]);
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static List<String> stamps(Forecast f) {
        return IntStream.range(0, f.mean().length).mapToObj(h -> quoted(f.stamp(h))).toList();
    }

    /** Percents as shares, ascending. */
    static double[] shares(List<Double> levels, CommandLine line) {
        if (levels.stream().anyMatch(l -> !(l > 0 && l < 100))) {
            throw new ParameterException(line, "--levels " + levels + "; expected percents between 0 and 100");
        }
        return levels.stream().distinct().sorted().mapToDouble(l -> l / 100).toArray();
    }

    /** {@code 10} of 0.1, {@code 2.5} of 0.025. */
    static String level(double share) {
        return String.format(Locale.ROOT, "%.4f", 100 * share).replaceFirst("\\.?0+$", "");
    }

    static String quoted(String cell) {
        return cell.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r')
                ? '"' + cell.replace("\"", "\"\"") + '"'
                : cell;
    }
}
