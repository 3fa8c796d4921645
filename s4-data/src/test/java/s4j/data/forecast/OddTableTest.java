package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.config.ConfigException;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;

/** Tables as people have them, that were once read as something else without a word. */
final class OddTableTest {
    @TempDir
    Path dir = Path.of("");

    private static TimeTable csv(String... lines) throws IOException {
        byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        try (Table table = Table.csv(new ByteArrayInputStream(text), "x.csv", null)) {
            return TimeReader.read(table, TimeOptions.FOUND);
        }
    }

    private static void refused(List<String> parts, String... lines) {
        assertFails(MalformedFileException.class, () -> csv(lines), parts.toArray(String[]::new));
    }

    /** A row a step, of so many of a stamp's form, e.g. days. */
    private static String[] days(int n) {
        String[] out = new String[n + 1];
        out[0] = "ds,y";
        for (int i = 0; i < n; i++) {
            out[i + 1] = java.time.LocalDate.of(2020, 1, 1).plusDays(i) + "," + i;
        }
        return out;
    }

    @Test
    void monthsThatBeginInAShortOneKeepTheirDay() throws IOException {
        TimeSeries s = csv("ds,y", "2021-02-28,1", "2021-03-30,2", "2021-04-30,3", "2021-05-30,4").series().getFirst();
        assertEquals("M", s.axis().frequency().toString());
        assertEquals(4, s.length());
        assertEquals(List.of("2021-02-28", "2021-05-30", "2021-06-30"), List.of(s.axis().stamp(0), s.axis().stamp(3),
                s.axis().stamp(4)));
        Axis later = s.axis().from(12);
        assertEquals(List.of("2022-02-28", "2022-03-30"), List.of(later.stamp(0), later.stamp(1)),
                "a part that begins in February goes on with the 30th");
        TimeSeries leap = csv("ds,y", "2023-02-28,1", "2023-03-29,2", "2023-04-29,3").series().getFirst();
        assertEquals("2024-02-29", leap.axis().stamp(12));
    }

    @Test
    void aWeekThatAYearDoesNotHaveIsRefused() throws IOException {
        refused(List.of("x.csv, line 3, column ds", "2021-W53"), "ds,y", "2021-W52,1", "2021-W53,2");
        assertEquals("2021-W01", csv("ds,y", "2020-W52,1", "2020-W53,2").series().getFirst().axis().stamp(2));
    }

    @Test
    void aStampThatIsNoneIsRefusedWithItsLine() {
        String[] lines = days(150);
        lines[120] = "2018-02-30,7";
        refused(List.of("x.csv, line 121, column ds", "2018-02-30"), lines);
    }

    @Test
    void aColumnWithOneBadCellIsNotLeftOut() throws IOException {
        String[] lines = days(60);
        for (int i = 0; i < lines.length; i++) {
            lines[i] += i == 0 ? ",b" : i == 33 ? ",x" : "," + 2 * i;
        }
        refused(List.of("x.csv, line 34, column b", "got 'x'", "dataset.target=COLUMN"), lines);
        lines[33] = lines[33].replace(",x", ",n/a");
        assertEquals(List.of("y", "b"), csv(lines).targets());
        refused(List.of("line 2, column y", "decimal point"), "ds,y", "2020-01-01,\"1,5\"", "2020-01-02,\"2,5\"");
        refused(List.of("line 2, column y", "thousands"), "ds,y", "2020-01-01,\"1,234.5\"", "2020-01-02,\"2,345.5\"");
        assertEquals(List.of("y"),
                csv("ds,y,note", "2020-01-01,1,good", "2020-01-02,2,3", "2020-01-03,2,bad").targets(),
                "a column of texts is none to forecast");
    }

    @Test
    void numbersBeyondAFloatAreRefusedWhereverTheyStand() {
        for (String cell : List.of("inf", "-Infinity", "1e39", "-1e400")) {
            refused(List.of("x.csv, line 3, column y", "at most 3.4e+38"), "ds,y", "2020-01-01,1",
                    "2020-01-02," + cell);
        }
        assertFails(MalformedFileException.class, () -> TimeReader.read(Files.writeString(dir.resolve("x.tsf"),
                "@attribute series_name string\n@frequency daily\n@data\nT1:1,1e39\n"), TimeOptions.FOUND), "line 4",
                "value 2", "1e39");
    }

    @Test
    void aRowIsNotTakenForTheNames() {
        refused(List.of("x.csv, line 1", "2020-01-01", "ds,y"), "2020-01-01,1", "2020-01-02,2");
    }

    @Test
    void aNumberThatCouldBeAYearIsNotTheTime() throws IOException {
        TimeTable t = csv("Obs,armed,pop,YEAR", "1,1590,107,1947", "2,1456,108,1948", "3,1616,109,1949");
        assertEquals("1950", t.series().getFirst().axis().stamp(3));
        assertEquals(List.of("Obs", "armed", "pop"), t.targets());
        assertEquals("1950", csv("Jahr,y", "1948,1", "1949,2").series().getFirst().axis().stamp(2), "the first column");
    }

    @Test
    void aColumnWithoutANameIsNoSeries() throws IOException {
        assertEquals(List.of("y"), csv("ds,y,", "2020-01-01,1,", "2020-01-02,2,").targets());
    }

    @Test
    void severalSeriesAreNotAveraged() throws IOException {
        String[] lines = {"store,ds,y", "a,2020-01-01,1", "a,2020-01-02,2", "b,2020-01-01,10", "b,2020-01-02,20",
                "c,2020-01-01,100", "c,2020-01-02,200"};
        refused(List.of("4 of 6 rows", "dataset.id", "store", "dataset.duplicates=mean"), lines);
        refused(List.of("2 of 4 rows"), java.util.Arrays.copyOf(lines, 5));
        lines[0] = "unique_id,ds,y";
        assertEquals(3, csv(lines).series().size());
        assertEquals(List.of("1 duplicate stamps: their mean"), csv("ds,y", "2020-01-01,1", "2020-01-01,3",
                "2020-01-02,5").repairs(), "a few are");
    }

    @Test
    void aFrequencyBeyondTheCalendarIsRefused() {
        for (String word : List.of("99999999999999999999h", "9000000000000000000h", "99999999999W", "0D", "000D", "-1D",
                "D3", "900000000000Y")) {
            assertFails(ConfigException.class, () -> Frequency.parse(word), "dataset.freq", word, "30min");
        }
        for (String word : List.of("86400000000step", "20ms", "36h", "B", "10Y", "3ME")) {
            assertEquals(word, Frequency.parse(word).toString());
        }
    }

    @Test
    void aSeriesWithoutAValueIsLeftOutAndSaid() throws IOException {
        StringBuilder text = new StringBuilder("ds,a,late,none\n");
        for (int i = 0; i < 100; i++) {
            text.append(java.time.LocalDate.of(2020, 1, 1).plusDays(i)).append(',').append(i % 7).append(',')
                    .append(i < 95 ? "" : "5000").append(",\n");
        }
        TimeTable read = csv(text.toString());
        ForecastDataset set = ForecastConfig.DEFAULTS.of(read, "");
        assertTrue(set.found().contains("2 series without a value in training: left out"), set.found());
        assertTrue(set.found().contains("1 series of 100 steps"), set.found());
        assertFails(ConfigException.class, () -> ForecastConfig.DEFAULTS.of(csv(text.toString().replaceAll(
                ",[0-9]+,(5000)?,\n", ",,,\n")), ""), "3 series without a value");
    }
}
