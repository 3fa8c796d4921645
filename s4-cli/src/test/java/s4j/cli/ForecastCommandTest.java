package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.data.DatasetConfig;
import s4j.data.forecast.Forecast;
import s4j.data.forecast.ForecastModel;
import s4j.data.forecast.ForecastStream;
import s4j.data.forecast.TimeOptions;
import s4j.data.forecast.TimeReader;
import s4j.data.forecast.TimeTable;
import s4j.io.ModelFile;
import s4j.torch.Learner;

/** From a table to a model, and from the model file alone to a forecast of another table. */
final class ForecastCommandTest {
    @TempDir
    Path tmp;

    private String said = "";

    private int run(String... args) {
        StringWriter text = new StringWriter();
        ByteArrayOutputStream piped = new ByteArrayOutputStream();
        Parts parts = new Parts(Learner::create, DatasetConfig::load, (d, kinds) -> new Parts.ParityResult("", false));
        int code = S4.commandLine(parts, new Pipes(InputStream.nullInputStream(), piped), new PrintWriter(text),
                new PrintWriter(text)).execute(args);
        said = text + piped.toString(StandardCharsets.UTF_8);
        return code;
    }

    /** Days of two series with a week's rhythm, b ten times as large. */
    private Path table(String name, int days) throws IOException {
        StringBuilder out = new StringBuilder("unique_id,ds,y\n");
        for (int t = 0; t < days; t++) {
            double v = 10 + Math.sin(t * 2 * Math.PI / 7) + t % 5 * 0.1;
            out.append("a,").append(java.time.LocalDate.of(2024, 1, 1).plusDays(t)).append(',').append(v).append('\n');
            out.append("b,").append(java.time.LocalDate.of(2024, 1, 1).plusDays(t)).append(',').append(10 * v)
                    .append('\n');
        }
        return Files.writeString(tmp.resolve(name), out);
    }

    @BeforeEach
    void train() throws IOException {
        List<String> words = new ArrayList<>(
                List.of("train", "pipeline=forecast", "dataset.path=" + table("x.csv", 200),
                        "dataset.horizon=4", "dataset.context=14", "dataset.normalization=mean_std", "model.d_model=8",
                        "model.n_layers=1", "model.layer.d_state=8", "trainer.max_epochs=1", "trainer.device=cpu",
                        "run.dir=" + tmp.resolve("run")));
        assertEquals(0, run(words.toArray(String[]::new)), said);
    }

    private String model() { return tmp.resolve("run/model.safetensors").toString(); }

    @Test
    void trainingEndsWithTheSimpleModelsBesideTheNetwork() {
        for (String name : List.of("naive", "seasonal naive (7)", "drift", "nlinear", "dlinear")) {
            assertTrue(said.contains("baseline " + name + ": mse "), said);
        }
        assertTrue(said.strip().lines().reduce((a, b) -> b).orElse("").matches("test mse: \\d+\\.\\d{4}"), said);
    }

    @Test
    void forecastContinuesEachSeriesWithQuantilesThatNeverCross() throws IOException {
        Path page = tmp.resolve("page.html");
        Path out = tmp.resolve("out.csv");
        assertEquals(0, run("forecast", model(), "--input", table("new.csv", 60).toString(), "--out", out.toString(),
                "--levels", "90,10,50", "--plot", page.toString()), said);
        List<String> lines = Files.readAllLines(out);
        assertEquals("unique_id,ds,mean,q10,q50,q90", lines.getFirst());
        assertEquals(9, lines.size());
        assertTrue(lines.get(1).startsWith("a,2024-03-01,"), lines.get(1));
        assertTrue(lines.get(8).startsWith("b,2024-03-04,"), lines.get(8));
        for (int i = 1; i < 9; i++) {
            double[] v = Arrays.stream(lines.get(i).split(",", -1)).skip(2).mapToDouble(Double::parseDouble).toArray();
            assertTrue(v[1] <= v[2] && v[2] <= v[3], lines.get(i));
            assertEquals(v[0], v[2], 1e-4 * Math.abs(v[0]), "of a model of quantiles the mean is the median");
        }
        // b is ten times a, and so is its forecast
        double a = Double.parseDouble(lines.get(1).split(",", -1)[2]);
        assertEquals(10 * a, Double.parseDouble(lines.get(5).split(",", -1)[2]), 0.05);
        String html = Files.readString(page);
        assertTrue(html.contains("<option>b</option>") && html.contains("fill-opacity"), "a picker and a band");
    }

    @Test
    void horizonMayBeShorterOrLongerThanTrained() throws IOException {
        String input = table("new.csv", 60).toString();
        assertEquals(0, run("forecast", model(), "--input", input, "--horizon", "4"), said);
        String four = said;
        assertEquals(0, run("forecast", model(), "--input", input, "--horizon", "6"), said);
        assertTrue(said.contains("trained for 4 steps") && said.contains("a,2024-03-06,"), said);
        assertTrue(said.contains(four.lines().filter(l -> l.startsWith("a,2024-03-04")).findFirst().orElseThrow()),
                "the first steps do not change");
        assertEquals(0, run("forecast", model(), "--input", table("short.csv", 3).toString()), said);
        assertTrue(said.contains("shorter than the context of 14 steps"), said);
    }

    @Test
    void otherFrequenciesAndOtherModelsAreRefused() throws IOException {
        Path hours = Files.writeString(tmp.resolve("h.csv"), "ds,y\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n");
        assertTrue(run("forecast", model(), "--input", hours.toString()) != 0);
        assertTrue(said.contains("a step is h; the model was trained on steps of D"), said);
        assertTrue(run("predict", model(), "--input", hours.toString()) != 0);
        assertTrue(said.contains("use s4 forecast"), said);
    }

    @Test
    void backtestPutsSimpleModelsBesideTheNetwork() throws IOException {
        Path page = tmp.resolve("b.html");
        Path out = tmp.resolve("b.csv");
        assertEquals(0,
                run("backtest", model(), "--input", table("x.csv", 200).toString(), "--windows", "3", "--out", out
                        .toString(), "--html", page.toString()),
                said);
        assertTrue(said.contains("3 windows of 4 steps, 4 apart; season 7"), said);
        List<String> lines = Files.readAllLines(out);
        assertEquals(
                "model,over,at,n,mse,mae,rmse,smape,mase,unscaled,pinball,crps,wql,cover_80,cover_60,cover_40,cover_20",
                lines.getFirst());
        for (String name : List.of("model", "naive", "seasonal naive (7)", "drift", "ets", "nlinear", "dlinear")) {
            List<String> own = lines.stream().skip(1).filter(l -> l.startsWith(name + ","))
                    .toList();
            assertEquals(1 + 4 + 3 + 2, own.size(), name + ": whole, 4 steps, 3 cuts, 2 series");
            assertTrue(own.getFirst().startsWith(name + ",all,,24,"), own.getFirst());
        }
        String html = Files.readString(page);
        assertTrue(html.contains("MASE by series") && html.contains("MAE by step"), html);
        assertTrue(run("backtest", model(), "--input", table("short.csv", 12).toString(), "--windows", "9") != 0);
        assertTrue(said.contains("Lower --windows"), said);
        assertTrue(run("backtest", model(), "--input", table("x.csv", 200).toString(), "--windows", "0") != 0, said);
    }

    /** Each past cut is forecast by itself here, from a table that ends there. */
    @Test
    void bandsAreAsWideAsTheyHadToBeLately() throws IOException {
        ForecastModel model = ForecastModel.of(ModelFile.read(Path.of(model())), "m");
        double[] levels = {0.1, 0.5, 0.9};
        int recent = 30;
        float[] y = noisy(90).series().getFirst().columns().getFirst();
        float[] scores = new float[recent * 4];
        for (int k = 0; k < recent; k++) {
            int cut = 90 - 4 - k;
            Forecast f = model.forecast(noisy(cut), 4, levels).forecasts().getFirst();
            for (int h = 0; h < 4; h++) {
                double end = f.quantiles()[y[cut + h] < f.mean()[h] ? 0 : 2][h];
                scores[4 * k + h] = (float) (Math.abs(y[cut + h] - f.mean()[h]) / Math.abs(end - f.mean()[h]));
            }
        }
        Arrays.sort(scores);
        double factor = scores[(int) Math.ceil((scores.length + 1) * 0.8) - 1];
        Forecast own = model.forecast(noisy(90), 4, levels).forecasts().getFirst();
        Forecast lately = model.forecast(noisy(90), 4, levels, recent).forecasts().getFirst();
        for (int h = 0; h < 4; h++) {
            assertEquals(own.mean()[h], lately.mean()[h]);
            for (int q = 0; q < 3; q++) {
                assertEquals(factor * (own.quantiles()[q][h] - own.mean()[h]), lately.quantiles()[q][h]
                        - lately.mean()[h], 1e-3 * factor);
            }
        }
        assertTrue(Math.abs(factor - 1) > 0.02, "the series is noisier than training's: " + factor);
    }

    @Test
    void aShortPastLeavesTheBandsOfTheModel() throws IOException {
        String input = table("new.csv", 22).toString();
        assertEquals(0, run("forecast", model(), "--input", input, "--recent", "200"), said);
        assertTrue(said.contains("note: 2 of 2 series have fewer than 20 cuts with 4 known steps behind them"), said);
        List<String> lately = rows(said);
        assertEquals(0, run("forecast", model(), "--input", input), said);
        assertEquals(rows(said), lately);
        assertEquals(0, run("backtest", model(), "--input", table("x.csv", 200).toString(), "--recent", "30"), said);
        assertEquals(2, run("forecast", model(), "--input", input, "--recent", "-1"), said);
        assertTrue(said.contains("--recent -1; expected 0 or more"), said);
        assertEquals(2, run("forecast", model(), "--input", input, "--recent", "9", "--stream"), said);
        assertTrue(said.contains("a stream keeps no cuts"), said);
    }

    private TimeTable noisy(int days) throws IOException {
        StringBuilder out = new StringBuilder("unique_id,ds,y\n");
        java.util.Random random = new java.util.Random(4);
        for (int t = 0; t < days; t++) {
            out.append("a,").append(java.time.LocalDate.of(2024, 1, 1).plusDays(t)).append(',')
                    .append(10 + Math.sin(t * 2 * Math.PI / 7) + 0.5 * random.nextGaussian()).append('\n');
        }
        return TimeReader.read(Files.writeString(tmp.resolve("noisy" + days + ".csv"), out), TimeOptions.FOUND);
    }

    private static List<String> rows(String text) {
        return text.lines().filter(l -> l.startsWith("a,") || l.startsWith("b,")).toList();
    }

    @Test
    void orderOfTheRowsChangesNoForecast() throws IOException {
        Path a = table("a.csv", 100);
        List<String> lines = new ArrayList<>(Files.readAllLines(a));
        assertEquals(0, run("forecast", model(), "--input", a.toString()), said);
        String before = said;
        java.util.Collections.shuffle(lines.subList(1, lines.size()), new java.util.Random(3));
        assertEquals(0, run("forecast", model(), "--input", Files.write(tmp.resolve("s.csv"), lines).toString()), said);
        assertEquals(rows(before).stream().sorted().toList(), rows(said).stream().sorted().toList());
    }

    @Test
    void streamForecastsAsAWindowOfTheSamePast() throws IOException {
        Path dir = tmp.resolve("anchored");
        assertEquals(0, run("train", "pipeline=forecast", "dataset.path=" + table("x.csv", 200), "dataset.horizon=4",
                "dataset.context=14", "dataset.normalization=anchor", "dataset.linear=false", "dataset.calendar=true",
                "model.d_model=8", "model.n_layers=2", "model.layer.d_state=8", "trainer.max_epochs=1",
                "trainer.device=cpu", "run.dir=" + dir), said);
        ForecastModel model = ForecastModel.of(ModelFile.read(dir.resolve("model.safetensors")), "m");
        double[] levels = {0.1, 0.9};
        ForecastStream stream = model.stream(one(14), levels);
        Forecast window = model.forecast(one(14), 4, levels).forecasts().getFirst();
        ForecastStream.Ahead ahead = stream.ahead();
        for (int h = 0; h < 4; h++) {
            assertEquals(window.mean()[h], ahead.mean()[0][h], 1e-4);
            assertEquals(window.quantiles()[0][h], ahead.quantiles()[0][0][h], 1e-4);
            assertEquals(window.quantiles()[1][h], ahead.quantiles()[0][1][h], 1e-4);
        }
        // taken one by one from a longer history's scale: the same as all of it at once
        ForecastStream one = model.stream(one(15), levels);
        ForecastStream.Ahead next = stream.next(one(15).series().getFirst().columns().getFirst()[14]);
        assertEquals(15, one.steps());
        assertEquals(15, stream.steps());
        assertEquals(one.ahead().mean()[0][0], next.mean()[0][0], 0.1, "scales differ by one value of fifteen");
        assertEquals(2, next.quantiles()[0].length);
        assertTrue(run("forecast", dir.resolve("model.safetensors").toString(), "--input",
                table("y.csv", 60).toString()) == 0, said);
    }

    private TimeTable one(int days) throws IOException {
        StringBuilder out = new StringBuilder("unique_id,ds,y\n");
        for (int t = 0; t < days; t++) {
            out.append("a,").append(java.time.LocalDate.of(2024, 1, 1).plusDays(t)).append(',')
                    .append(10 + Math.sin(t * 2 * Math.PI / 7)).append('\n');
        }
        return TimeReader.read(Files.writeString(tmp.resolve("one" + days + ".csv"), out), TimeOptions.FOUND);
    }

    @Test
    void whatIsAskedForIsRefusedOrTrue() throws IOException {
        Path one = Files.writeString(tmp.resolve("one.csv"), "ds,y\n2024-01-01,5\n");
        assertEquals(2, run("forecast", model(), "--input", one.toString()), said);
        assertTrue(said.contains("dataset.freq=D"), said);
        assertEquals(0, run("forecast", model(), "--input", one.toString(), "dataset.freq=D"),
                "the advice works: " + said);
        assertTrue(said.contains("y,2024-01-05,"), said);
        assertEquals(2, run("backtest", model(), "--input", one.toString(), "dataset.horizon=9"), said);
        assertTrue(said.contains("dataset.horizon=9") && said.contains("freq"), said);
        assertEquals(2, run("forecast", tmp.resolve("run").toString(), "--input", one.toString()), said);
        assertTrue(said.contains("is a directory") && said.contains("model.safetensors?"), said);
        Path none = Files.writeString(tmp.resolve("none.csv"), "ds,y\n2024-01-01,\n2024-01-02,\n");
        assertEquals(2, run("forecast", model(), "--input", none.toString()), said);
        assertTrue(said.contains("no series has a value"), said);
        String table = tmp.resolve("x.csv").toString();
        assertEquals(2, run("forecast", model(), "--input", table, "--out", table), said);
        assertTrue(said.contains("--out") && said.contains("is the file that is read"), said);
        String twice = tmp.resolve("twice").toString();
        assertEquals(2, run("forecast", model(), "--input", table, "--out", twice, "--plot", twice), said);
        assertTrue(said.contains("--out and --plot are both"), said);
        assertEquals(2, run("backtest", model(), "--input", table, "--html", tmp.resolve("no/x.html").toString()),
                said);
        assertTrue(said.contains("there is no directory"), said);
        assertEquals(0, run("forecast", model(), "--input", table, "--levels", "2.5,10,10,50,90"), said);
        assertTrue(said.contains("unique_id,ds,mean,q2.5,q10,q50,q90\n"), "each level once: " + said);
        String[] cells = said.lines().filter(l -> l.startsWith("a,")).findFirst().orElseThrow().split(",", -1);
        assertTrue(Double.parseDouble(cells[3]) < Double.parseDouble(cells[4]), "2.5 % is not 10 %: " + said);
    }
}
