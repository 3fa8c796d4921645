package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.List;
import org.junit.jupiter.api.Test;
import s4j.io.MalformedFileException;

/** The papers' tables from kept results. */
final class ForecastTablesTest {
    private static ForecastRow row(String model, int horizon, long seed, double mse) {
        return new ForecastRow("ETTh1", "S", 336, horizon, model, seed, mse, 0.2);
    }

    private static String line(String text, String start) {
        return text.lines().filter(l -> l.startsWith(start)).findFirst().orElseThrow();
    }

    @Test
    void cellIsTheMeanOverSeedsBesideWhatWasPublished() {
        String text = new ForecastTables(List.of(row("s4", 96, 1, 0.05), row("s4", 96, 2, 0.054), row("nlinear", 96, 0,
                0.053), row("naive", 96, 0, 0.07))).markdown();
        assertEquals("| 96 | – | 0.193 | 0.053 | 0.056 | 0.0700 | 0.0530 | – | **0.0520 ± 0.0028** | 2 | – | – |",
                line(text,
                        "| 96 |"));
        assertTrue(text.contains("Mean over the 1 cells that were run: ours 0.0520, our NLinear 0.0530, naive 0.0700."),
                text);
        assertTrue(text.contains("The bar holds in 1 of 1 cells that were run, of 26 in all."), text);
    }

    @Test
    void rowsThatWereNotRunSaySo() {
        String text = new ForecastTables(List.of()).markdown();
        assertEquals("| 336 | 0.080 | 0.202 | 0.081 | 0.098 | – | – | – | – | 0 | – | – |", line(text, "| 336 |"));
        assertTrue(text.contains("No cell was run."), text);
    }

    @Test
    void cellAboveItsBarIsNotBold() {
        String text = new ForecastTables(List.of(row("s4", 336, 1, 0.0825))).markdown();
        assertTrue(line(text, "| 336 |").contains(" | 0.0825 | 1 |"), text);
    }

    private static ForecastRow all(String model, int context, double mse) {
        return new ForecastRow("Exchange", "M", context, 96, model, model.equals("s4") ? 1 : 0, mse, Double.NaN);
    }

    /** Each convention has its own table; a model that saw more is in neither row of the other. */
    @Test
    void lookBacksAreNeverMixed() {
        String text = new MultivariateTables(
                List.of(all("naive", 0, 0.081), all("nlinear", 96, 0.09), all("nlinear", 336,
                        0.085), all("s4", 96, 0.083), all("s4", 336, 0.07)))
                .markdown();
        String near = text.substring(text.indexOf("## Look-back 96"), text.indexOf("## Look-back 336"));
        String far = text.substring(text.indexOf("## Look-back 336"));
        assertEquals("| 96 | 0.086 | 0.086 | 0.088 | 0.093 | 0.088 | **0.0810** | 0.0900 | – | 0.0830 | 1 |",
                line(near.substring(
                        near.indexOf("| Exchange")), "| 96 |"));
        assertEquals("| 96 | – | – | 0.0810 | 0.0850 | – | **0.0700** | 1 |", line(far.substring(far.indexOf(
                "| Exchange")), "| 96 |"));
        assertTrue(near.contains("The last value is the best of ours in 1 of 1 cells that were run."), near);
        assertTrue(!far.contains("The last value is the best"), far);
        String alone = new MultivariateTables(List.of(all("naive", 0, 0.081))).markdown();
        assertTrue(alone.contains("| 0.0810 | – | – | – | 0 |") && !alone.contains("**"), alone);
        assertEquals("| 24 | 1.319 | 2.215 | – | – | – | – | 0 |", line(far, "| 24 |"));
        assertEquals(10, text.lines().filter(l -> l.startsWith("| 720 |")).count(), "five sets, twice");
    }

    @Test
    void keptResultsAreReadAsTheyWereWritten() throws MalformedFileException {
        List<ForecastRow> rows = ForecastRow.newest(List.of(row("s4", 96, 1, 0.5), row("s4", 96, 1, 0.25), row("s4", 24,
                1, 0.125)));
        assertEquals(2, rows.size(), "of two results of one run the last");
        List<String> lines = ForecastRow.csv(rows).lines().toList();
        assertEquals(rows, ForecastRow.read(lines, "x.csv"));
        assertFails(MalformedFileException.class, () -> ForecastRow.read(List.of("a,b"), "x.csv"), "x.csv, line 1",
                "set,features");
        assertFails(MalformedFileException.class, () -> ForecastRow.read(List.of(lines.getFirst(), "a,S,x,1,s4,1,1,1"),
                "x.csv"), "x.csv, line 2");
    }
}
