package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.cli.Commands.Said;

/** Three years of months, by defaults alone. */
final class ShortTableTest {
    @TempDir
    Path tmp = Path.of("");

    private Path months(int n) throws IOException {
        StringBuilder out = new StringBuilder("month,sales,price\n");
        for (int i = 0; i < n; i++) {
            out.append(LocalDate.of(2020, 1, 1).plusMonths(i)).append(',')
                    .append(100 + 2 * i + 20 * Math.sin(i * Math.PI / 6))
                    .append(',').append(1 + i % 3).append('\n');
        }
        return Files.writeString(tmp.resolve("months" + n + ".csv"), out);
    }

    private Said train(Path table, String... keys) {
        List<String> words = new ArrayList<>(List.of("train", "pipeline=forecast", "dataset.path=" + table,
                "model.d_model=4", "model.n_layers=1", "trainer.max_epochs=1", "trainer.device=cpu",
                "run.dir=" + tmp.resolve("run")));
        words.addAll(List.of(keys));
        return Commands.s4("", words.toArray(String[]::new));
    }

    @Test
    void threeYearsOfMonthsAreEnoughToTrainForecastAndTest() throws IOException {
        Path table = months(36);
        Said said = train(table, "dataset.target=sales");
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains(": all there are (loader.batch_size=50)"), said.out());
        String report = Files.readString(tmp.resolve("run/report.html"));
        assertFalse(report.contains("steps of 50 sequences"), "the report says what a step took");
        String model = tmp.resolve("run/model.safetensors").toString();
        Said ahead = Commands.s4("", "forecast", model, "--input", table.toString());
        assertEquals(0, ahead.code(), ahead.err());
        assertTrue(ahead.text().contains("sales,2023-01-01,"), ahead.text());
        Said test = Commands.s4("", "backtest", model, "--input", table.toString(), "--windows", "2");
        assertEquals(0, test.code(), test.err());
        assertTrue(test.out().contains("season 12"), test.out());
        Said tooLong = Commands.s4("", "backtest", model, "--input", table.toString(), "--windows", "2", "--season",
                "40");
        assertEquals(2, tooLong.code(), tooLong.out());
        assertTrue(tooLong.err()
                .matches("(?s)s4: --season 40: the past before the first cut has \\d\\d steps in .*months36.csv;"
                        + " expected more than a season\\. Lower --season.*"),
                tooLong.err());
        Said brief = Commands.s4("", "backtest", model, "--input", months(14).toString(), "--windows", "1");
        assertEquals(0, brief.code(), brief.err());
        assertTrue(
                brief.out().contains(
                        "note: of 1 of 1 series the past before the first cut is no longer than a season of 12"),
                brief.out());
    }

    @Test
    void aTableThatIsTooShortForAnythingSaysSo() throws IOException {
        Said said = train(months(3), "dataset.target=sales");
        assertEquals(2, said.code(), said.out());
        assertTrue(said.err().contains("months3.csv: no series is long enough"), said.err());
    }

    /** What is known in advance has its place behind the context, without another key. */
    @Test
    void columnsKnownInAdvanceNeedNoOtherKey() throws IOException {
        Path table = months(60);
        Said said = train(table, "dataset.target=sales", "dataset.future=[price]", "dataset.horizon=3");
        assertEquals(0, said.code(), said.err());
        String model = tmp.resolve("run/model.safetensors").toString();
        Said none = Commands.s4("", "forecast", model, "--input", table.toString());
        assertEquals(2, none.code(), none.text());
        assertTrue(none.err().contains("[price] is known for 0 steps behind the last target; expected 3"), none.err());
        Files.writeString(table, Files.readString(table) + "2025-01-01,,1\n2025-02-01,,2\n2025-03-01,,3\n");
        Said ahead = Commands.s4("", "forecast", model, "--input", table.toString());
        assertEquals(0, ahead.code(), ahead.err());
        assertEquals(4, ahead.text().lines().count(), ahead.text());
        Said off = train(table, "dataset.target=sales", "dataset.future=[price]", "dataset.masked=false");
        assertEquals(2, off.code(), off.out());
        assertTrue(off.err().contains("dataset.masked=false") && off.err().contains("Leave dataset.masked out"),
                off.err());
    }
}
