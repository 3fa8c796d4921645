package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;

/** Stamps that could mean two things: settled by the other rows, or refused. */
final class StampsTest {
    private static TimeTable table(@Nullable Boolean dayFirst, @Nullable String zone, List<String> stamps)
            throws IOException {
        String text = "when,y\n" + String.join("\n", stamps.stream().map(s -> s + ",1").toList());
        TimeOptions o = new TimeOptions("when", List.of(), null, List.of(), List.of(), List.of(), zone == null
                ? null
                : ZoneId.of(zone), null, TimeOptions.Duplicates.FEW, TimeOptions.Irregular.RESAMPLE, null, dayFirst);
        try (Table table = Table.csv(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "x.csv", null)) {
            return TimeReader.read(table, o);
        }
    }

    private static TimeTable read(String... stamps) throws IOException { return table(null, null, List.of(stamps)); }

    /** The first day and the step. */
    private static String seen(TimeTable t) {
        Axis axis = t.series().getFirst().axis();
        return axis.local(0).toLocalDate() + " " + axis.frequency();
    }

    private static String[] months(int n, boolean dayFirst) {
        return IntStream.range(0, n).mapToObj(i -> LocalDate.of(2018, 1, 1).plusMonths(i))
                .map(d -> dayFirst
                        ? "01/%02d/%d".formatted(d.getMonthValue(), d.getYear())
                        : "%02d/01/%d".formatted(d.getMonthValue(), d.getYear()))
                .toArray(String[]::new);
    }

    @Test
    void aNumberAboveTwelveAnywhereSettlesTheOrder() throws IOException {
        assertEquals("2018-01-30 D", seen(read("1/30/2018", "1/31/2018", "2/1/2018", "2/2/2018")));
        assertEquals("2018-01-30 D", seen(read("30/1/2018", "31/1/2018", "1/2/2018", "2/2/2018")));
        assertFalse(read("30/1/2018", "31/1/2018").found("").contains("day_first"), "nothing was guessed");
    }

    /** Months of three years: days 1 to 12 of each January are no steps of anything. */
    @Test
    void evenStepsSettleTheOrderAndItIsSaid() throws IOException {
        TimeTable days = read(months(36, true));
        assertEquals("2018-01-01 M", seen(days));
        assertEquals(36, days.series().getFirst().length());
        assertTrue(
                days.found("")
                        .contains("01/02/2018 is 2018-02-01, as the steps are even only so (dataset.day_first=true)"),
                days.found(""));
        assertEquals("01/01/2021", days.series().getFirst().axis().stamp(36), "and it is written on like this");
        TimeTable firsts = read(months(36, false));
        assertEquals("2018-01-01 M", seen(firsts));
        assertTrue(firsts.found("").contains("02/01/2018 is 2018-02-01"), firsts.found(""));
        assertEquals("2018-01-01 Q", seen(read("1/1/2018", "1/4/2018", "1/7/2018", "1/10/2018", "1/1/2019")));
        assertEquals("2018-02-01 h", seen(read(IntStream.range(0, 48).mapToObj(h -> "%d/2/2018 %d:00"
                .formatted(1 + h / 24, h % 24)).toArray(String[]::new))), "two days of hours, not two months of them");
    }

    @Test
    void whatNothingSettlesIsRefusedWithBothReadingsAndTheKey() throws IOException {
        for (List<String> stamps : List.of(List.of(months(12, true)), List.of("1/2/2018", "1/3/2018"),
                List.of("3/4/2018 10:07", "3/5/2018 11:31", "3/9/2018 1:02"))) {
            String message = assertFails(MalformedFileException.class, () -> table(null, null, stamps),
                    "x.csv, column when",
                    "no row tells which", "dataset.day_first=true", "dataset.day_first=false");
            assertTrue(message.matches(".*may be 2018-\\d\\d-\\d\\d or 2018-\\d\\d-\\d\\d,.*"), message);
        }
        assertEquals("2018-01-01 M", seen(table(true, null, List.of(months(12, true)))), "the advice works");
        assertEquals("2018-01-01 D", seen(table(false, null, List.of(months(12, true)))));
        assertEquals("2018-01-01 Y", seen(read("1/1/2018", "1/1/2019", "1/1/2020")),
                "either way the same");
    }

    @Test
    void rowsOfBothOrdersAreRefused() {
        assertFails(MalformedFileException.class, () -> read("13/1/2018", "1/14/2018"),
                "'13/1/2018', whose day is first",
                "'1/14/2018', whose month is");
        assertFails(MalformedFileException.class, () -> table(true, null, List.of("1/13/2018", "1/14/2018")),
                "'1/13/2018'; expected the day first", "dataset.day_first=false");
        assertFails(MalformedFileException.class, () -> table(false, null, List.of("13/1/2018", "14/1/2018")),
                "'13/1/2018'; expected the month first", "dataset.day_first=true");
        assertFails(MalformedFileException.class, () -> read("1/13/2018", "31/32/2018"), "x.csv, line 3, column when",
                "31/32/2018");
    }

    @Test
    void aColumnOfDaysBeforeMonthsIsFoundByItself() throws IOException {
        byte[] text = "store,day,y\n1,30/1/2018,3\n1,31/1/2018,4\n".getBytes(StandardCharsets.UTF_8);
        try (Table table = Table.csv(new ByteArrayInputStream(text), "x.csv", null)) {
            assertEquals("2018-01-30 D", seen(TimeReader.read(table, TimeOptions.FOUND)));
        }
    }

    @Test
    void offsetsInSomeRowsAloneAreRefusedByBothRows() throws IOException {
        List<String> mixed = List.of("2021-06-01 00:00Z", "2021-06-01 01:00Z", "2021-06-01 02:00");
        assertFails(MalformedFileException.class, () -> table(null, null, mixed),
                "x.csv, line 4, column when: got '2021-06-01 02:00' without an offset from UTC; x.csv, line 2 has"
                        + " '2021-06-01 00:00Z' with one",
                "dataset.zone");
        assertFails(MalformedFileException.class, () -> table(null, null, mixed.reversed()),
                "line 3, column when: got '2021-06-01 01:00Z' with an offset",
                "line 2 has '2021-06-01 02:00' without one");
        TimeTable known = table(null, "Europe/Berlin", List.of("2021-06-01 00:00Z", "2021-06-01 01:00Z",
                "2021-06-01 04:00"));
        assertEquals(3, known.series().getFirst().length(), "04:00 in Berlin is 02:00 at UTC");
        assertEquals("2021-06-01 05:00+02:00", known.series().getFirst().axis().stamp(3));
        assertEquals(2, read("2021-06-01 01:00Z", "2021-06-01 04:00+02:00").series().getFirst().length(),
                "offsets that differ are offsets");
    }
}
