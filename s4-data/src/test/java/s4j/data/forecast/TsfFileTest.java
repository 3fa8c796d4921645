package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;

/** The Monash archive's files, and tables whose rows come in any order. */
final class TsfFileTest {
    private static final String HEADER = """
            @relation r
            @attribute series_name string
            @attribute state string
            @attribute start_timestamp date
            @frequency daily
            @data
            """;

    @TempDir
    Path dir = Path.of("");

    private TimeTable read(String text, TimeOptions o) throws IOException {
        return TimeReader.read(Files.writeString(dir.resolve("x.tsf"), text), o);
    }

    private static TimeOptions options(List<String> statics, String zone, String frequency) {
        return new TimeOptions(null, List.of(), null, List.of(), List.of(), statics,
                zone.isEmpty() ? null : ZoneId.of(zone), frequency.isEmpty() ? null : Frequency.parse(frequency),
                TimeOptions.Duplicates.FEW, TimeOptions.Irregular.RESAMPLE, null, null);
    }

    @ParameterizedTest
    @CsvSource({"yearly,Y", "quarterly,Q", "monthly,M", "weekly,W", "daily,D", "hourly,h", "half_hourly,30min",
            "minutely,min", "secondly,s", "10_minutes,10min", "4_seconds,4s", "6_hours,6h"})
    void everyFrequencyOfTheArchiveHasItsWord(String word, String frequency) throws IOException {
        TimeTable t = read(HEADER.replace("daily", word) + "T1:NSW:2020-01-01 00-00-00:1,2\n", TimeOptions.FOUND);
        assertEquals(frequency, t.frequency().toString());
        assertEquals(".tsf", t.form());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"hello | line 1: got 'hello'; expected a line that begins with @",
            "@frequency fortnightly | line 1: @frequency fortnightly; expected e.g. monthly",
            "@frequency | line 1: @frequency ; expected",
            "@frequency 99999999999999999999_minutes | line 1: @frequency 9",
            "@data | line 1: no series after @data", "@data\\n1,x | line 2: value 2: got 'x'; expected a number or ?",
            "@attribute a string\\n@data\\n1,2 | line 3: 1 parts between colons; expected 1 attributes and the values",
            "@data\\na:1 | line 2: 2 parts between colons; expected 0 attributes",
            "@attribute start_timestamp date\\n@data\\nsoon:1 | line 3: got 'soon'; expected a point in time"})
    void aBrokenFileIsRefusedWithItsLine(String text, String message) {
        assertFails(MalformedFileException.class, () -> read(text.replace("\\n", "\n"), TimeOptions.FOUND), "x.tsf, "
                + message);
    }

    @Test
    void attributesMayBeStaticColumns() throws IOException {
        TimeTable t = read(HEADER + "# comment\n\nT1:NSW:2020-01-01 00-00-00:1,?\nT2:VIC:2020-02-01 00-00-00:3\n",
                options(List.of("state"), "", ""));
        assertEquals(List.of(List.of("NSW"), List.of("VIC")), t.series().stream().map(TimeSeries::statics).toList());
        assertEquals("2020-02-02 00:00:00", t.series().get(1).axis().stamp(1));
        assertFails(MalformedFileException.class, () -> read(HEADER + "T1:NSW:2020-01-01 00-00-00:1\n",
                options(List.of("city"), "", "")), "no attribute city (dataset.static)", "[series_name, state");
        assertEquals(List.of("T2", "T3"), read("@data\n1,2\n3\n", TimeOptions.FOUND).series().stream().map(
                TimeSeries::id).toList(), "without a name, that of the line");
    }

    @Test
    void aZoneAndAFrequencyMayBeGiven() throws IOException {
        TimeSeries hours = read(HEADER.replace("daily", "hourly") + "T1:NSW:2021-03-28 00-00-00:1,2,3\n",
                options(List.of(), "Europe/Berlin", "")).series().getFirst();
        assertEquals("2021-03-28 03:00:00", hours.axis().stamp(2), "02:00 does not exist on this day");
        TimeSeries days = read(HEADER + "T1:NSW:2021-03-28 00-00-00:1,2\n", options(List.of(), "Europe/Berlin", "2D"))
                .series().getFirst();
        assertEquals("2021-03-30 00:00:00", days.axis().stamp(1));
    }

    @Test
    void damagedCompressionIsRefusedWithTheFilesName() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write((HEADER + "T1:NSW:2020-01-01 00-00-00:1,2\n").getBytes(StandardCharsets.UTF_8));
        }
        byte[] good = out.toByteArray();
        Path file = dir.resolve("x.tsf.gz");
        Files.write(file, good);
        assertEquals(1, TimeReader.read(file, TimeOptions.FOUND).series().size());
        Files.write(file, Arrays.copyOf(good, good.length - 9));
        assertFails(MalformedFileException.class, () -> TimeReader.read(file, TimeOptions.FOUND), "x.tsf.gz",
                "compression is damaged");
        Path zip = Files.writeString(dir.resolve("x.zip"), "no archive");
        assertFails(MalformedFileException.class, () -> TimeReader.read(zip.resolve("a.csv"), TimeOptions.FOUND),
                "compression is damaged");
        assertEquals(true, TimeReader.there(zip.resolve("a.csv")), "the archive is there");
        assertEquals(false, TimeReader.there(dir.resolve("none.csv")));
    }

    private static TimeTable csv(TimeOptions o, String text) throws IOException {
        try (Table table = Table.csv(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "x.csv", null)) {
            return TimeReader.read(table, o);
        }
    }

    /** A table is the same whatever the order of its rows, wide or long. */
    @Test
    void rowsMayComeInAnyOrder() throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        for (int trial = 0; trial < 15; trial++) {
            List<String> rows = new ArrayList<>();
            for (int t = 0; t < 60; t++) {
                for (String id : List.of("a", "b")) {
                    if (t == 0 || t == 59 || random.nextInt(6) > 0) {
                        rows.add("%s,%s,%d".formatted(id, LocalDate.of(2020, 2, 1).plusDays(t), random.nextInt(50)));
                    }
                }
            }
            TimeTable sorted = csv(TimeOptions.FOUND, "unique_id,ds,y\n" + String.join("\n", rows));
            java.util.Collections.shuffle(rows, new Random(trial));
            TimeTable mixed = csv(TimeOptions.FOUND, "unique_id,ds,y\n" + String.join("\n", rows));
            assertEquals(sorted.frequency(), mixed.frequency());
            for (TimeSeries s : sorted.series()) {
                TimeSeries other = mixed.series().stream().filter(o -> o.id().equals(s.id())).findFirst().orElseThrow();
                assertArrayEquals(s.columns().getFirst(), other.columns().getFirst(), "trial " + trial + ", " + s.id());
                assertEquals(s.axis().stamp(0), other.axis().stamp(0));
            }
        }
    }

    @Test
    void aSeriesHasOneTextInEachStaticColumn() throws IOException {
        TimeOptions o = options(List.of("kind"), "", "");
        TimeTable t = csv(o,
                "unique_id,ds,y,kind\na,2020-01-01,1,x\nb,2020-01-01,2,\na,2020-01-02,3,x\nb,2020-01-02,2,\n");
        assertEquals(List.of("x"), t.series().getFirst().statics());
        assertEquals(List.of(""), t.series().get(1).statics(), "nothing is a text too");
        assertFails(MalformedFileException.class,
                () -> csv(o, "unique_id,ds,y,kind\na,2020-01-01,1,x\na,2020-01-02,2,y\n"),
                "x.csv, line 3, columns [kind]",
                "got [y] for series a, which had [x] before", "dataset.past");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"unique_id,ds,y\\n,2020-01-01,1 | line 2, column unique_id: the id is missing",
            "ds,y\\n,1 | line 2, column ds: the time is missing", "ds,y | no rows; expected one a step",
            "ds,y\\n2020-01-01,1\\n2020-01-02,2\\n2020-01-03,x | line 4, column y",
            "ds,note\\n2020-01-01,x\\n2020-01-02,y | no column",
            "ds,y\\n2020-01-01,1\\nlater,2 | line 3, column ds: got 'later'"})
    void aBrokenTableIsRefusedWithItsPlace(String text, String message) {
        assertFails(text.contains("note") ? s4j.config.ConfigException.class : MalformedFileException.class,
                () -> csv(TimeOptions.FOUND, text.replace("\\n", "\n")), message);
    }
}
