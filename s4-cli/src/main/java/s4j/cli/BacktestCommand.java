package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.data.forecast.Backtest;
import s4j.data.forecast.ForecastModel;
import s4j.data.forecast.Scores;
import s4j.data.forecast.TimeReader;
import s4j.data.forecast.TimeTable;
import s4j.io.AtomicFile;

/** {@code s4 backtest}: what forecasts from several cuts would have been worth, beside simple models. */
@Command(name = "backtest", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Forecasts the last steps of each series from what is before them, from several cuts (rolling origin), and scores that"
                + " beside naive, seasonal naive, drift, ETS and two linear models.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 backtest runs/NAME/model.safetensors --input load.csv --windows 5 --html backtest.html",
                "  s4 backtest model.safetensors --input load.csv --windows 30 --step 1 --out scores.csv"})
final class BacktestCommand implements Callable<Integer> {
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

    @Option(names = "--input", paramLabel = "FILE", required = true, description = "A table, as in training.")
    @Nullable
    Path input;

    @Option(names = "--windows", paramLabel = "K", defaultValue = "5",
            description = "Cuts of each series (${DEFAULT-VALUE}).")
    int windows;

    @Option(names = "--step", paramLabel = "S",
            description = "Steps between two cuts; else as many as keep the cuts in training's test split, at most the"
                    + " horizon.")
    @Nullable
    Integer step;

    @Option(names = "--horizon", paramLabel = "STEPS", description = "Steps of each forecast; else the model's own.")
    @Nullable
    Integer horizon;

    @Option(names = "--season", paramLabel = "M",
            description = "Of seasonal naive, ETS and MASE; else what the frequency has.")
    @Nullable
    Integer season;

    @Option(names = "--levels", paramLabel = "PERCENT", split = ",", defaultValue = "10,20,30,40,50,60,70,80,90",
            description = "Quantiles of pinball loss and intervals, in percent (${DEFAULT-VALUE}).")
    List<Double> levels = List.of();

    @Option(names = "--recent", paramLabel = "CUTS", defaultValue = "0",
            description = "Make the bands as wide as they had to be for the last so many cuts of each series whose targets are known; 200"
                    + " is a good number. Else the model's own widths.")
    int recent;

    @Option(names = "--out", paramLabel = "FILE", description = "All scores as CSV: whole, by step, by series, by cut.")
    @Nullable
    Path out;

    @Option(names = "--html", paramLabel = "FILE", description = "The same as a page.")
    @Nullable
    Path html;

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null || input == null) {
            throw new IllegalStateException("called without being parsed");
        }
        double[] shares = ForecastCommand.shares(levels, spec.commandLine());
        Destinations.over(model, input).and("--out", out).and("--html", html);
        ForecastModel forecaster = ForecastModel.of(ModelInput.read(model), model.toString());
        TimeTable table = TimeReader.read(input, forecaster.options(TableWords.of(words)));
        int h = horizon == null ? forecaster.horizon() : horizon;
        int apart = step == null ? Backtest.usualStep(forecaster, table, h, windows) : step;
        Backtest test = new Backtest(h, windows, apart, shares, season == null ? table.frequency().season() : season,
                recent);
        Backtest.Result result = test.of(forecaster, "model", table);
        PrintWriter say = spec.commandLine().getOut();
        say.println(table.found("the last value before"));
        result.notes().forEach(say::println);
        say.printf(Locale.ROOT, "%,d windows of %d steps, %d apart; season %d%n", windows, h, test.step(),
                test.season());
        print(say, result.entries(), Scores.intervals(shares));
        say.flush();
        if (out != null) {
            AtomicFile.write(out, BacktestPage.csv(result.entries(), Scores.intervals(shares)));
        }
        if (html != null) {
            AtomicFile.write(html, BacktestPage.html(table.source(), test, result));
        }
        return 0;
    }

    private static void print(PrintWriter say, List<Backtest.Entry> entries, double[] intervals) {
        String widest = intervals.length == 0 ? "" : BacktestPage.cover(intervals[0]);
        say.printf("%-22s %10s %12s %12s %8s %12s %8s%n", "", "MASE", "MAE", "RMSE", "sMAPE", "CRPS", widest);
        for (Backtest.Entry e : entries) {
            Scores s = e.all();
            say.printf("%-22s %10s %12s %12s %8s %12s %8s%n", e.name(), number("%.4f", s.mase()),
                    number("%.5g", s.mae()), number("%.5g", s.rmse()), number("%.4f", s.smape()), number("%.5g", s
                            .crps()),
                    intervals.length == 0 ? "" : number("%.3f", s.coverage()[0]));
        }
    }

    /** A dash for what there is not. */
    static String number(String format, double v) {
        return Double.isNaN(v) ? "-" : String.format(Locale.ROOT, format, v);
    }
}
