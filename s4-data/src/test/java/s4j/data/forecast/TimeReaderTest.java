package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.config.ConfigException;
import s4j.data.forecast.TimeOptions.Duplicates;
import s4j.data.forecast.TimeOptions.Irregular;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;

/** Expectations are written by hand. */
final class TimeReaderTest {
    private static final float NONE = Float.NaN;

    @TempDir
    Path dir = Path.of("");

    private static TimeTable csv(TimeOptions o, String... lines) throws IOException {
        byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        try (Table table = Table.csv(new ByteArrayInputStream(text), "x.csv", null)) {
            return TimeReader.read(table, o);
        }
    }

    /** One series with the values 0, 1, 2, … */
    private static TimeSeries stamps(TimeOptions o, String... stamps) throws IOException {
        StringBuilder out = new StringBuilder("ds,v");
        for (int i = 0; i < stamps.length; i++) {
            out.append('\n').append(stamps[i]).append(',').append(i);
        }
        return csv(o, out.toString()).series().getFirst();
    }

    private static TimeOptions zone(String id) {
        return new TimeOptions(null, List.of(), null, List.of(), List.of(), List.of(), ZoneId.of(id), null,
                Duplicates.MEAN,
                Irregular.RESAMPLE, null, null);
    }

    private static void continues(String frequency, List<String> next, String... stamps) throws IOException {
        TimeSeries s = stamps(TimeOptions.FOUND, stamps);
        assertEquals(frequency, s.axis().frequency().toString(), List.of(stamps).toString());
        assertEquals(stamps[0], s.axis().stamp(0));
        assertEquals(stamps[stamps.length - 1], s.axis().stamp(s.length() - 1));
        for (int k = 0; k < next.size(); k++) {
            assertEquals(next.get(k), s.axis().stamp(s.length() + k));
        }
    }

    @Test
    void twoRowsAreEnough() throws IOException {
        continues("D", List.of("2020-01-03"), "2020-01-01", "2020-01-02");
        continues("M", List.of("2020-03-01"), "2020-01-01", "2020-02-01");
        continues("s", List.of("2020-01-01 00:00:02"), "2020-01-01 00:00:00", "2020-01-01 00:00:01");
        continues("30min", List.of("2020-01-01T01:00"), "2020-01-01T00:00", "2020-01-01T00:30");
        continues("Y", List.of("1823"), "1821", "1822");
        continues("step", List.of("3"), "1", "2");
        assertFails(MalformedFileException.class, () -> stamps(TimeOptions.FOUND, "2020-01-01", "2020-01-01"),
                "rows of one time alone", "dataset.freq=D");
        assertFails(MalformedFileException.class, () -> stamps(TimeOptions.FOUND, "2020-01-01"), "one row",
                "dataset.freq");
    }

    @Test
    void spellingsAreContinued() throws IOException {
        continues("M", List.of("1991 Dec", "1992 Jan"), "1991 Oct", "1991 Nov");
        continues("Q", List.of("1970 Q4", "1971 Q1"), "1970 Q2", "1970 Q3");
        continues("Q", List.of("1970Q4"), "1970Q2", "1970Q3");
        continues("M", List.of("1949-03"), "1949-01", "1949-02");
        continues("h", List.of("1/31/2010 23:00", "2/1/2010 0:00"), "1/31/2010 9:00", "1/31/2010 10:00",
                "1/31/2010 11:00", "1/31/2010 12:00", "1/31/2010 13:00", "1/31/2010 14:00", "1/31/2010 15:00",
                "1/31/2010 16:00", "1/31/2010 17:00", "1/31/2010 18:00", "1/31/2010 19:00", "1/31/2010 20:00",
                "1/31/2010 21:00", "1/31/2010 22:00");
        continues("D", List.of("1/2/2011"), "30/1/2011", "31/1/2011");
        continues("D", List.of("1990/1/3"), "1990/1/1", "1990/1/2");
        continues("D", List.of("02.03.2021"), "28.02.2021", "01.03.2021");
        continues("100ms", List.of("2020-01-01T00:00:00.300"), "2020-01-01T00:00:00.100", "2020-01-01T00:00:00.200");
    }

    @Test
    void isoWeeksReachWeek53() throws IOException {
        continues("W", List.of("2020-W53", "2021-W01"), "2020-W51", "2020-W52");
        continues("W", List.of("2021-W52", "2022-W01"), "2021-W50", "2021-W51");
    }

    @Test
    void leapDaysAndMonthEndsAreOfTheCalendar() throws IOException {
        continues("D", List.of("2020-02-29", "2020-03-01"), "2020-02-27", "2020-02-28");
        continues("D", List.of("2021-03-01"), "2021-02-27", "2021-02-28");
        continues("ME", List.of("2020-02-29", "2020-03-31", "2020-04-30"), "2019-12-31", "2020-01-31");
        continues("ME", List.of("2021-04-30"), "2021-01-31", "2021-02-28", "2021-03-31");
        continues("M", List.of("2021-04-30"), "2021-01-30", "2021-02-28", "2021-03-30");
        continues("12ME", List.of("2021-02-28"), "2019-02-28", "2020-02-29");
        continues("3ME", List.of("2020-12-31"), "2020-03-31", "2020-06-30", "2020-09-30");
    }

    @Test
    void businessDaysSkipWeekends() throws IOException {
        continues("B", List.of("2020-01-08", "2020-01-09", "2020-01-10", "2020-01-13"), "2020-01-02", "2020-01-03",
                "2020-01-06", "2020-01-07");
        continues("D", List.of("2020-01-08"), "2020-01-06", "2020-01-07");
        TimeSeries holiday = stamps(TimeOptions.FOUND, "2020-01-02", "2020-01-03", "2020-01-06", "2020-01-08");
        assertArrayEquals(new float[]{0, 1, 2, NONE, 3}, holiday.columns().getFirst());
    }

    @Test
    void clocksThatGoForwardAreNoGap() throws IOException {
        TimeSeries s = stamps(zone("Europe/Berlin"), "2021-03-28 00:00", "2021-03-28 01:00", "2021-03-28 03:00");
        assertArrayEquals(new float[]{0, 1, 2}, s.columns().getFirst());
        assertEquals("2021-03-28 04:00", s.axis().stamp(3));
        TimeSeries written = stamps(TimeOptions.FOUND, "2021-03-28 01:00:00+01:00", "2021-03-28 03:00:00+02:00");
        assertArrayEquals(new float[]{0, 1}, written.columns().getFirst());
        assertEquals("2021-03-28 04:00:00+02:00", written.axis().stamp(2), "without a zone the last offset");
        assertFails(MalformedFileException.class, () -> stamps(zone("Europe/Berlin"), "2021-03-28 01:30",
                "2021-03-28 02:30"), "does not exist in Europe/Berlin");
    }

    @Test
    void clocksThatGoBackAreNoDuplicate() throws IOException {
        TimeSeries s = stamps(zone("Europe/Berlin"), "2021-10-31 01:00", "2021-10-31 02:00", "2021-10-31 02:00",
                "2021-10-31 03:00");
        assertArrayEquals(new float[]{0, 1, 2, 3}, s.columns().getFirst());
        TimeSeries written = stamps(zone("Europe/Berlin"), "2021-10-31T01:00+02:00", "2021-10-31T02:00+02:00");
        assertEquals("2021-10-31T02:00+01:00", written.axis().stamp(2), "the zone's offset changes behind the data");
        TimeSeries days = stamps(zone("Europe/Berlin"), "2021-10-30T00:00+02:00", "2021-10-31T00:00+02:00");
        assertEquals("2021-11-01T00:00+01:00", days.axis().stamp(2), "a day of 25 hours is a day");
    }

    @Test
    void everySeriesKeepsItsOwnZone() throws IOException {
        TimeTable t = csv(TimeOptions.FOUND, "unique_id,ds,y", "a,2021-01-01 00:00:00+00:00,1",
                "b,2021-01-01 00:00:00-05:00,2", "a,2021-01-01 01:00:00+00:00,3", "b,2021-01-01 01:00:00-05:00,4");
        assertEquals("2021-01-01 02:00:00+00:00", t.series().getFirst().axis().stamp(2));
        assertEquals("2021-01-01 02:00:00-05:00", t.series().get(1).axis().stamp(2));
        assertEquals("long", t.form());
        TimeSeries mixed = stamps(TimeOptions.FOUND, "2021-01-01 00:00Z", "2021-01-01 02:00+01:00",
                "2020-12-31 21:00-05:00");
        assertArrayEquals(new float[]{0, 1, 2}, mixed.columns().getFirst(), "the order of one line of time");
    }

    @Test
    void gapsDuplicatesAndDisorderFollowTheirRules() throws IOException {
        String[] rows = {"ds,v", "2020-01-04,4", "2020-01-01,1", "2020-01-02,2", "2020-01-02,6", "2020-01-07,?",
                "2020-01-05,5", "2020-01-06,6"};
        TimeTable mean = csv(TimeOptions.FOUND, rows);
        assertArrayEquals(new float[]{1, 4, NONE, 4, 5, 6, NONE}, mean.series().getFirst().columns().getFirst());
        assertTrue(
                mean.found("the last before").endsWith("2 missing values: the last before; 2 rows out of order: sorted;"
                        + " 1 duplicate stamps: their mean; 1 steps left out: missing values"),
                mean.found("the last before"));
        for (Duplicates d : List.of(Duplicates.FIRST, Duplicates.LAST)) {
            TimeOptions o = new TimeOptions(null, List.of(), null, List.of(), List.of(), List.of(), null, null, d,
                    Irregular.RESAMPLE, null, null);
            assertEquals(d == Duplicates.FIRST ? 2 : 6, csv(o, rows).series().getFirst().columns().getFirst()[1]);
        }
        TimeOptions refuse = new TimeOptions(null, List.of(), null, List.of(), List.of(), List.of(), null, null,
                Duplicates.REFUSE, Irregular.REFUSE, null, null);
        assertFails(MalformedFileException.class, () -> csv(refuse, rows), "two rows at 2020-01-02",
                "dataset.duplicates=mean");
    }

    @Test
    void irregularStampsAreMeansOfEachStep() throws IOException {
        String[] times = {"2020-01-01 00:00:07", "2020-01-01 00:04:58", "2020-01-01 00:10:30", "2020-01-01 00:14:59",
                "2020-01-01 00:20:11"};
        TimeSeries s = stamps(TimeOptions.FOUND, times);
        assertEquals("5min", s.axis().frequency().toString());
        assertArrayEquals(new float[]{0.5f, NONE, 2.5f, NONE, 4}, s.columns().getFirst());
        assertEquals("2020-01-01 00:25:00", s.axis().stamp(5));
        TimeOptions refuse = new TimeOptions(null, List.of(), null, List.of(), List.of(), List.of(), null,
                Frequency.parse("5min"), Duplicates.MEAN, Irregular.REFUSE, null, null);
        assertFails(MalformedFileException.class, () -> stamps(refuse, times), "off the axis", "resample");
    }

    @Test
    void columnsAreFound() throws IOException {
        TimeTable wide = csv(TimeOptions.FOUND, ",Quarter,a,b", "0,1970 Q1,1,2", "1,1970 Q2,3,4");
        assertEquals(List.of("a", "b"), wide.targets(), "no unnamed index, no time");
        assertEquals(List.of("a", "b"), wide.apart().series().stream().map(TimeSeries::id).toList());
        assertArrayEquals(new float[]{2, 4}, wide.apart().series().get(1).columns().getFirst());
        assertEquals("Y", csv(TimeOptions.FOUND, ",0", "1821,269", "1822,321").frequency().toString());
        assertEquals(2, csv(TimeOptions.FOUND, "a,b", "1,2", "3,4").series().getFirst().length(), "no time: positions");
        TimeOptions with = new TimeOptions("t", List.of("y"), null, List.of("p"), List.of("f"), List.of(), null, null,
                Duplicates.MEAN, Irregular.RESAMPLE, null, null);
        TimeTable t = csv(with, "f,t,p,y", "1,2020-01-01,2,3", "4,2020-01-02,5,6");
        assertArrayEquals(new float[]{3, 6}, t.series().getFirst().columns().getFirst());
        assertArrayEquals(new float[]{1, 4}, t.series().getFirst().columns().get(2));
        assertFails(ConfigException.class, () -> csv(with, "f,t,p,z", "1,2020-01-01,2,3"), "dataset.target: got y");
        assertFails(MalformedFileException.class, () -> csv(TimeOptions.FOUND, "ds,v", "soon,1"),
                "x.csv, line 2, column ds",
                "'soon'");
    }

    @Test
    void tsfIsReadAlsoFromAZip() throws IOException {
        String text = """
                # comment
                @relation M1
                @attribute series_name string
                @attribute start_timestamp date
                @frequency quarterly
                @data
                T1:1972-01-01 00-00-00:3600,?,12300
                T2:1974-04-01 00-00-00:1,2
                """;
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(dir.resolve("m.zip")))) {
            zip.putNextEntry(new ZipEntry("m.tsf"));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        TimeTable t = TimeReader.read(dir.resolve("m.zip/m.tsf"), TimeOptions.FOUND);
        assertEquals(List.of("T1", "T2"), t.series().stream().map(TimeSeries::id).toList());
        assertArrayEquals(new float[]{3600, NONE, 12300}, t.series().getFirst().columns().getFirst());
        assertEquals("1974-10-01 00:00:00", t.series().get(1).axis().stamp(2));
        assertEquals(4, t.frequency().season());
        assertFails(MalformedFileException.class,
                () -> TimeReader.read(dir.resolve("m.zip/n.tsf"), TimeOptions.FOUND), "no file n.tsf", "m.tsf");
    }

    @Test
    void seasonsAreThoseOfTheFrequency() {
        assertEquals(List.of(24, 168), Frequency.parse("h").seasons());
        assertEquals(List.of(48, 336), Frequency.parse("30min").seasons());
        assertEquals(7, Frequency.parse("D").season());
        assertEquals(5, Frequency.parse("B").season());
        assertEquals(52, Frequency.parse("W").season());
        assertEquals(12, Frequency.parse("M").season());
        assertEquals(4, Frequency.parse("3ME").season());
        assertEquals(1, Frequency.parse("Y").season());
        assertEquals(60, Frequency.parse("s").season());
        assertFails(ConfigException.class, () -> Frequency.parse("fortnight"), "dataset.freq: got 'fortnight'");
    }

    @Test
    void aFewRowsFarFromEachOtherAreRefusedRatherThanFilled() throws IOException {
        assertFails(MalformedFileException.class,
                () -> stamps(TimeOptions.FOUND, "2024-01-01 00:00", "2024-01-01 01:00",
                        "2924-01-01 02:00"),
                "but 3 rows", "Is a stamp wrong");
        assertEquals(152 * 24 + 14,
                stamps(TimeOptions.FOUND, "2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 02:00",
                        "2024-06-01 13:00").length(),
                "a long gap is none yet");
    }
}
