package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.cli.Commands.Said;

/** What people do with forecasts: messy tables, static columns, streams, other units, another process. */
final class ForecastUseTest {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path tmp = Path.of("");

    /** Trains in a moment. */
    private String trained(String name, Path table, String... keys) {
        List<String> words = new ArrayList<>(List.of("train", "pipeline=forecast", "dataset.path=" + table,
                "dataset.horizon=4", "dataset.context=14", "model.d_model=8", "model.n_layers=1",
                "model.layer.d_state=8", "trainer.max_epochs=1", "trainer.limit_train_batches=4", "trainer.device=cpu",
                "run.dir=" + tmp.resolve(name)));
        words.addAll(List.of(keys));
        Said said = Commands.s4("", words.toArray(String[]::new));
        assertEquals(0, said.code(), said.err());
        log = said.out();
        return tmp.resolve(name + "/model.safetensors").toString();
    }

    private String log = "";

    private Path days(String name, int days, DoubleUnaryOperator unit) throws IOException {
        StringBuilder out = new StringBuilder("unique_id,ds,y,kind,area\n");
        for (int t = 0; t < days; t++) {
            LocalDate day = LocalDate.of(2024, 1, 1).plusDays(t);
            double wave = Math.sin(t * 2 * Math.PI / 7) + t % 5 * 0.1;
            for (String series : List.of("a", "b", "c")) {
                out.append(series).append(',').append(day).append(',')
                        .append(unit.applyAsDouble((series.equals("b") ? -wave : wave) + 10)).append(',')
                        .append(series.equals("b") ? "bar" : "shop").append(',').append(series.charAt(0) - 'a')
                        .append('\n');
            }
        }
        return Files.writeString(tmp.resolve(name), out);
    }

    private static Path resource(String name) throws Exception {
        return Path.of(Objects.requireNonNull(ForecastUseTest.class.getResource(name)).toURI());
    }

    private Said forecast(String model, Path input, String... more) {
        List<String> words = new ArrayList<>(List.of("forecast", model, "--input", input.toString()));
        words.addAll(List.of(more));
        Said said = Commands.s4("", words.toArray(String[]::new));
        assertEquals(0, said.code(), said.err());
        return said;
    }

    /** Columns behind the stamp. */
    private static List<double[]> numbers(String csv) {
        return csv.lines().skip(1).map(l -> java.util.Arrays.stream(l.split(",", -1)).skip(2)
                .mapToDouble(Double::parseDouble).toArray()).toList();
    }

    @Test
    void irregularStepsBecomeTheMeanOfEachUsualStep() throws Exception {
        Path table = resource("travel-time.csv");
        String model = trained("travel", table);
        assertTrue(log.contains("a step is 10min") && log.contains("stamps off the axis: the mean of each step")
                && log.contains("missing values: "), log);
        List<String> rows = forecast(model, table).text().lines().toList();
        assertEquals(5, rows.size());
        assertTrue(rows.get(1).matches("value,2015-07-2\\d \\d\\d:[0-5]0:00,.*"), rows.get(1));
        Said refused = Commands.s4("", "train", "pipeline=forecast", "dataset.path=" + table,
                "dataset.irregular=refuse");
        assertTrue(refused.code() != 0 && refused.err().contains("Write dataset.irregular=resample"), refused.err());
    }

    @Test
    void gapsAreCountedAndTheLastValueStandsForThem() throws Exception {
        Path table = resource("ambient-temperature.csv");
        String model = trained("ambient", table);
        assertTrue(log.contains("a step is h, a season 24 steps; 32 missing values: the last before them"), log);
        assertEquals(5, forecast(model, table).text().lines().count());
        Said refused = Commands.s4("", "train", "pipeline=forecast", "dataset.path=" + table,
                "dataset.missing=refuse");
        assertTrue(refused.code() != 0 && refused.err().contains("32 values are missing; expected none"), refused
                .err());
    }

    @Test
    void staticColumnsTellSeriesApart() throws IOException {
        Path table = days("x.csv", 120, v -> v);
        String model = trained("static", table, "dataset.static=[kind,area]", "dataset.linear=false",
                "optimizer.lr=0.02", "trainer.max_epochs=3", "trainer.limit_train_batches=1.0");
        String a = forecast(model, table).text();
        Path swapped = Files.writeString(tmp.resolve("swapped.csv"), Files.readString(table).replace("bar", "shop"));
        assertTrue(!rows(a, "b").equals(rows(forecast(model, swapped).text(), "b")), "a category changes a forecast");
        assertEquals(rows(a, "a"), rows(forecast(model, swapped).text(), "a"));
        Path other = Files.writeString(tmp.resolve("other.csv"), Files.readString(table).replace("bar", "kiosk"));
        assertTrue(forecast(model, other).err().contains("kind: training saw no [kiosk]"));
        Path moving = Files.writeString(tmp.resolve("moving.csv"), Files.readString(table).replaceFirst("bar", "pub"));
        Said refused = Commands.s4("", "forecast", model, "--input", moving.toString());
        assertTrue(refused.code() != 0 && refused.err().contains("expected the same in all rows of a series"), refused
                .err());
        Path without = Files.writeString(tmp.resolve("without.csv"),
                "unique_id,ds,y\na,2024-01-01,1\na,2024-01-02,2\n");
        Said missing = Commands.s4("", "forecast", model, "--input", without.toString());
        assertTrue(missing.code() != 0 && missing.err().contains("dataset.static"), missing.err());
    }

    private static List<String> rows(String csv, String id) {
        return csv.lines().filter(l -> l.startsWith(id + ",")).toList();
    }

    /** Whatever a network has learned: the unit of a table is none of its business. */
    @ParameterizedTest
    @CsvSource({"last, true", "mean, false", "mean_std, false", "revin, true", "anchor, false"})
    void scaleAndShiftOfTheInputScaleAndShiftTheForecast(String normalization, boolean linear) throws IOException {
        Path table = days("x.csv", 120, v -> v);
        String model = trained(normalization, table, "dataset.normalization=" + normalization,
                "dataset.linear=" + linear, "optimizer.lr=0.02");
        List<double[]> plain = numbers(forecast(model, table).text());
        List<double[]> moved = numbers(forecast(model, days("moved.csv", 120, v -> 250 * v - 4000)).text());
        for (int i = 0; i < plain.size(); i++) {
            for (int c = 0; c < plain.get(i).length; c++) {
                assertEquals(250 * plain.get(i)[c] - 4000, moved.get(i)[c], 250 * 2e-3, "row " + i + ", column " + c);
            }
        }
    }

    @Test
    void streamOfObservationsIsAStreamOfForecasts() throws IOException {
        Path all = Files.writeString(tmp.resolve("all.csv"), single(100));
        String model = trained("anchored", all, "dataset.normalization=anchor", "dataset.linear=false");
        Path past = Files.writeString(tmp.resolve("past.csv"), single(40));
        Said said = Commands.s4("10.5\n\nnan\n", "forecast", model, "--input", past.toString(), "--stream", "--levels",
                "20,80");
        assertEquals(0, said.code(), said.err());
        List<String> rows = said.text().lines().toList();
        assertEquals("unique_id,ds,mean,q20,q80", rows.getFirst());
        assertEquals(1 + 2 * 4, rows.size());
        assertTrue(rows.get(1).startsWith("y,2024-02-11,"), "behind the fortieth day and one more: " + rows.get(1));
        assertTrue(rows.get(5).startsWith("y,2024-02-12,"), rows.get(5));
        Said word = Commands.s4("10.5\nten\n", "forecast", model, "--input", past.toString(), "--stream");
        assertTrue(word.code() != 0 && word.err().contains("standard input, line 2: got ten; expected a number"), word
                .err());
        Said two = Commands.s4("1,2\n", "forecast", model, "--input", past.toString(), "--stream");
        assertTrue(two.err().contains("line 1: got 2 values; expected 1"), two.err());
        Said longer = Commands.s4("", "forecast", model, "--input", past.toString(), "--stream", "--horizon", "9");
        assertTrue(longer.err().contains("--stream with --horizon"), longer.err());
    }

    private static String single(int days) {
        StringBuilder out = new StringBuilder("ds,y\n");
        for (int t = 0; t < days; t++) {
            out.append(LocalDate.of(2024, 1, 1).plusDays(t)).append(',').append(10 + Math.sin(t * 2 * Math.PI / 7))
                    .append('\n');
        }
        return out.toString();
    }

    @Test
    void anotherProcessForecastsTheSameBits() throws Exception {
        Path table = days("x.csv", 120, v -> v);
        String model = trained("model", table);
        byte[] here = forecast(model, table, "--horizon", "7").bytes();
        Process process = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"), "-XX:-UsePerfData",
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), "s4j.cli.Main", "forecast", model, "--input", table.toString(),
                "--horizon", "7").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        ByteArrayOutputStream there = new ByteArrayOutputStream();
        try (InputStream in = process.getInputStream()) {
            in.transferTo(there);
        }
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(new String(here, StandardCharsets.UTF_8), there.toString(StandardCharsets.UTF_8));
        assertEquals(3 * 7, numbers(there.toString(StandardCharsets.UTF_8)).size());
    }
}
