package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;

/** Stamps are printed as they are written, and steps of a frequency are found again. */
final class SpellingTest {
    private static final int TRIALS = 400;

    /** Of stamps whose order DayOrder has found: a first number above 12 is a day. */
    private static Spelling of(String... texts) throws MalformedFileException {
        boolean dayFirst = Arrays.stream(texts).anyMatch(t -> t.matches("(1[3-9]|[23]\\d)/.*"));
        return Spelling.of(List.of(texts), dayFirst, "x.csv, column ds");
    }

    /** A time that a spelling can say. */
    private static LocalDateTime some(SplittableRandom random) {
        return LocalDate.of(1600 + random.nextInt(500), 1 + random.nextInt(12), 1 + random.nextInt(28)).atTime(
                random.nextInt(24), random.nextInt(60), random.nextInt(60), 1_000_000 * random.nextInt(1000));
    }

    /** In any spelling, what is printed is read as the same time, and printed again is the same text. */
    @ParameterizedTest
    @ValueSource(strings = {"1821", "1949-01", "1949/01", "1949-1 1949-12", "1949/1 1949/12", "1991 Jul", "1991-Jul",
            "Jul1991", "July 1991", "1991 September", "1970 Q1", "1970Q1", "1970-Q1", "2020-W53", "2020W03",
            "2016-07-01",
            "2016-7-1", "1990/1/1", "1990/01/01", "12/31/2010", "31/12/2010", "1/2/2010", "31.12.2010", "1.2.2010",
            "2016-07-01T10:30", "2016-07-01_10:30:15", "2016-07-01T10:30:15.125",
            "2016-07-01T00:00_2016-07-01T00:00:30",
            "2016-07-01T10:30Z", "2016-07-01_10:30:00+02:00", "2016-07-01T10:30+0200", "31/12/2010_9:05"})
    void printedStampsAreReadAsTheyAre(String texts) throws MalformedFileException {
        // an underscore stands for a blank inside a stamp
        boolean several = (texts.contains(" ") && texts.contains("1949")) || texts.contains("_2016");
        String[] all = several ? texts.split(texts.contains("_2016") ? "_" : " ", -1) : new String[]{texts};
        Spelling spelling = of(Arrays.stream(all).map(t -> t.replace('_', ' ')).toArray(String[]::new));
        SplittableRandom random = new SplittableRandom(texts.hashCode());
        for (int i = 0; i < TRIALS; i++) {
            LocalDateTime t = some(random);
            ZoneOffset offset = spelling.offset().isEmpty() ? null : ZoneOffset.ofHours(random.nextInt(25) - 12);
            String text = spelling.print(t, offset);
            Stamp read = spelling.parse(text, "x");
            assertEquals(text, spelling.print(read.local(), read.offset()), texts);
            if (spelling.clock() == 2 && spelling.fraction() == 3) {
                assertEquals(t, read.local(), text);
            }
            assertFalse(read.local().isAfter(t), "cut, never rounded up: " + text + " of " + t);
        }
    }

    @ParameterizedTest
    @CsvSource({"1949/01,1949/02", "1949-01,1949-02", "1991 July,1991 August", "September 1991,October 1991",
            "Jul 1991,Aug 1991", "Sept 1991,Oct 1991", "1991-Jan,1991-Feb", "2020/1/31,2020/2/29"})
    void theNextMonthIsWrittenAsThoseBefore(String stamp, String next) throws MalformedFileException {
        Spelling spelling = of(stamp);
        Frequency month = Frequency.parse("M");
        assertEquals(next, spelling.print(month.plus(spelling.parse(stamp, "x").local(), 1), null));
    }

    /** Java leaves zero seconds out, spreadsheets the clock of midnight. */
    @Test
    void theFullestStampSaysHowAClockIsWritten() throws MalformedFileException {
        assertEquals(2, of("2020-01-01T00:00", "2020-01-01T00:00:30").clock());
        assertEquals(3, of("2020-01-01T00:00", "2020-01-01T00:00:00.500").fraction());
        Spelling days = of("1/1/2020", "1/1/2020 6:00", "1/1/2020 12:00");
        assertEquals("1/2/2020 0:00", days.print(LocalDateTime.of(2020, 1, 2, 0, 0), null));
        assertEquals(0, of("2020-01-01", "2020-01-02").clock());
    }

    @Test
    void aFirstNumberAboveTwelveIsADay() throws MalformedFileException {
        assertEquals(StampForm.MONTH_FIRST, of("1/2/2010", "12/2/2010").form());
        assertEquals(StampForm.DAY_FIRST, of("1/2/2010", "13/2/2010").form());
        assertEquals(StampForm.YEAR, of("1500", "2200").form());
        assertEquals(StampForm.INTEGER, of("1500", "2201").form());
        assertEquals(StampForm.INTEGER, of("1499").form());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "2020-13-01", "2020-02-30", "2021-02-29", "2020-1", "1991 Foo", "1970 Q5",
            "32/1/2010", "2020-01-01T24:00", "2020-01-01T10:60", "99999999999999999999", "2021-W53", "2021-W00",
            "2020-01-01+99:00"})
    void whatIsNoStampIsRefusedByName(String text) {
        assertFails(MalformedFileException.class, () -> {
            Spelling spelling = text.equals("2020-1") ? of("2020-01-01") : of(text);
            spelling.parse(text, "x.csv, column ds");
        }, "x.csv, column ds: got '" + text + "'", "dataset.time=COLUMN");
        assertFalse(Spelling.stamp(text) && !text.equals("2020-1"), text);
    }

    @Test
    void bareNumbersAreNoStampsOfTheirOwn() {
        assertFalse(Spelling.stamp("7"));
        assertTrue(Spelling.stamp("1999"), "a year is one");
        assertTrue(Spelling.stamp("2020-01-01"));
    }

    private static final List<String> WORDS = List.of("ms", "250ms", "s", "15s", "min", "5min", "30min", "h", "6h",
            "36h",
            "D", "3D", "B", "W", "2W", "M", "5M", "ME", "3ME", "Q", "Y", "10Y", "step", "7step");

    /** From any time, k steps on is the k-th step, and the moment before it belongs to the step before. */
    @Test
    void stepsOfEveryFrequencyAreFoundAgain() {
        SplittableRandom random = new SplittableRandom(5);
        for (String word : WORDS) {
            Frequency f = Frequency.parse(word);
            assertEquals(word, f.toString());
            for (int i = 0; i < TRIALS; i++) {
                LocalDateTime from = some(random);
                if (word.equals("B") && Frequency.weekend(from)) {
                    continue;
                }
                if (f.unit() == Frequency.Unit.MONTH_ENDS) {
                    from = java.time.YearMonth.from(from).atEndOfMonth().atTime(from.toLocalTime());
                }
                long k = random.nextLong(2000) - 1000;
                LocalDateTime t = f.plus(from, k);
                String what = word + ", " + k + " steps from " + from;
                assertEquals(k, f.floor(from, t), what);
                assertTrue(f.on(from, t), what);
                assertEquals(k - 1, f.floor(from, t.minusNanos(1)), what + ", a moment before");
                assertTrue(f.plus(from, k + 1).isAfter(t), what + ": time goes on");
            }
        }
    }

    @Test
    void stepsAddUp() {
        SplittableRandom random = new SplittableRandom(6);
        for (String word : List.of("ms", "15s", "h", "D", "B", "2W", "ME", "step")) {
            Frequency f = Frequency.parse(word);
            for (int i = 0; i < TRIALS; i++) {
                LocalDateTime from = f.plus(LocalDateTime.of(2000, 1, 31, 0, 0), random.nextInt(100));
                int a = random.nextInt(500);
                int b = random.nextInt(500);
                assertEquals(f.plus(from, (long) a + b), f.plus(f.plus(from, a), b), word + " from " + from);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2B", "5B", "", "h2", "1.5h", "hour", "-1h", "0step", "1 000h", "MM"})
    void wordsThatNameNoFrequencyAreRefused(String word) {
        assertFails(ConfigException.class, () -> Frequency.parse(word), "dataset.freq: got '" + word + "'", "30min");
    }

    @Test
    void aFrequencyCountsAtLeastOne() {
        assertFails(IllegalArgumentException.class, () -> new Frequency(Frequency.Unit.DAYS, 0), "frequency of 0 DAYS");
        assertFails(IllegalArgumentException.class, () -> new Frequency(Frequency.Unit.BUSINESS_DAYS, 2),
                "frequency of 2 BUSINESS_DAYS");
        assertEquals(Frequency.parse("1B"), Frequency.parse("B"));
        assertEquals(Frequency.parse("7D"), Frequency.parse("W"));
        assertEquals(Frequency.parse("12M"), Frequency.parse("Y"));
    }

    @ParameterizedTest
    @CsvSource({"ms,60000", "s,60", "7s,1", "15s,4", "min,1440", "7min,1", "h,24", "5h,1", "24h,1", "D,7", "2D,1",
            "W,52",
            "2W,1", "B,5", "M,12", "5M,1", "Q,4", "Y,1", "ME,12", "6ME,2", "step,1"})
    void aSeasonIsAWholeNumberOfSteps(String word, int season) { assertEquals(season, Frequency.parse(word).season()); }

    /** A feature says where in its range a step lies, and no frequency has one that never changes. */
    @Test
    void calendarFeaturesAreCentredAndChange() {
        for (String word : WORDS) {
            Frequency f = Frequency.parse(word);
            for (Calendar c : Calendar.of(f)) {
                List<Float> seen = new ArrayList<>();
                for (int k = 0; k < 3000; k++) {
                    float v = c.feature(f.plus(LocalDateTime.of(2001, 1, 1, 0, 0), 997L * k));
                    assertTrue(v >= -0.5f && v <= 0.5f, c + " of " + word + " is " + v);
                    seen.add(v);
                }
                boolean still = word.equals("ms") || word.equals("250ms");
                assertTrue(still || seen.stream().distinct().count() > 1, c + " of " + word + " never changes");
            }
        }
        assertEquals(-0.5f, Calendar.MONTH.feature(LocalDateTime.of(2001, 1, 1, 0, 0)));
        assertEquals(0.5f, Calendar.MONTH.feature(LocalDateTime.of(2001, 12, 1, 0, 0)));
        assertEquals(0.5f, Calendar.WEEKDAY.feature(LocalDateTime.of(2001, 12, 2, 0, 0)), "a Sunday");
    }
}
