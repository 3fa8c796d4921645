package s4j.data.forecast;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * How the stamps of a table are written, so that further ones are written alike.
 *
 * @param form of the date
 * @param padded whether days and months have two digits, or months their full names
 * @param joiner between date and clock, or between the parts of a period
 * @param clock 0: none, 1: hours and minutes, 2: seconds too
 * @param fraction digits of a second
 * @param offset how the offset from UTC is written: {@code Z}, {@code +00:00}, {@code +0000} or nothing
 */
public record Spelling(StampForm form, boolean padded, String joiner, int clock, int fraction, String offset) {
    private static final Pattern CLOCK = Pattern.compile(
            "(\\S+?)(?:([T ])(\\d{1,2})([:-])(\\d{2})(?:[:-](\\d{2})(?:\\.(\\d{1,9}))?)?)?\\s?(Z|[+-]\\d{2}:?\\d{2})?");
    /** Four digits within this are a year, others a number. */
    private static final int FIRST_YEAR = 1500;
    private static final int LAST_YEAR = 2200;
    /** Letters of a short name; May is both. */
    private static final int SHORT = 3;
    /** Of a row's position. */
    static final Spelling POSITION = new Spelling(StampForm.INTEGER, false, "", 0, 0, "");

    /** Whether a text is a stamp of any form but a bare number. */
    static boolean stamp(String text) {
        try {
            return form(text) != StampForm.INTEGER && parsed(text, possible(text)) != null;
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    /**
     * Refuses what is no stamp of any form.
     *
     * @param where for messages
     */
    static void check(String text, String where) throws MalformedFileException {
        try {
            parsed(text, possible(text));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw refused(text, where, e);
        }
    }

    /** Whether a stamp has an offset from UTC. */
    static boolean zoned(String text) {
        Matcher m = CLOCK.matcher(text);
        return m.matches() && m.group(8) != null && form(text).dated();
    }

    /**
     * The one spelling of all stamps of a table.
     *
     * @param dayFirst whether the day stands before the month in {@code 1/2/2010}
     * @param where for messages
     */
    static Spelling of(Collection<String> texts, boolean dayFirst, String where) throws MalformedFileException {
        String first = texts.iterator().next();
        try {
            StampForm form = form(first);
            if (form == StampForm.MONTH_FIRST && dayFirst) {
                form = StampForm.DAY_FIRST;
            }
            if (form == StampForm.YEAR && texts.stream().anyMatch(t -> !year(t))) {
                form = StampForm.INTEGER;
            }
            boolean named = form == StampForm.MONTH_NAME || form == StampForm.NAME_YEAR;
            boolean padded = named
                    ? texts.stream().anyMatch(Spelling::wholeName)
                    : texts.stream().map(t -> t.replaceFirst("[T ].*", ""))
                            .noneMatch(t -> t.matches("(.*[/.-])?\\d[/.-].*|.*[/.-]\\d( .*)?"));
            if (!form.dated()) {
                Matcher m = form.matcher(first);
                boolean parted = named || form == StampForm.MONTH || form == StampForm.QUARTER
                        || form == StampForm.WEEK;
                return new Spelling(form, padded, m.matches() && parted ? m.group(2) : "", 0, 0, "");
            }
            Matcher m = fullest(texts);
            int clock = m.group(3) == null ? 0 : m.group(6) == null ? 1 : 2;
            return new Spelling(form, padded, m.group(2) == null ? " " : m.group(2), clock,
                    m.group(7) == null ? 0 : m.group(7).length(), offset(m.group(8)));
        } catch (IllegalArgumentException e) {
            throw refused(first, where, e);
        }
    }

    /** The first stamp with the most parts of a clock: some programs leave a minute's zero seconds out. */
    private static Matcher fullest(Collection<String> texts) {
        return texts.stream().map(CLOCK::matcher).filter(Matcher::matches)
                .max(Comparator.comparingInt(Spelling::parts)).orElseThrow(IllegalArgumentException::new);
    }

    private static int parts(Matcher m) {
        return m.group(3) == null ? 0 : m.group(6) == null ? 1 : m.group(7) == null ? 2 : 2 + m.group(7).length();
    }

    private static boolean wholeName(String text) {
        String name = text.replaceAll("[^A-Za-z]", "");
        return name.length() > SHORT && Arrays.stream(Month.values()).anyMatch(m -> m.name().equalsIgnoreCase(name));
    }

    private static String offset(@Nullable String text) {
        return text == null ? "" : text.equals("Z") ? "Z" : text.length() == 6 ? "+00:00" : "+0000";
    }

    private static boolean year(String text) {
        return text.matches("\\d{4}") && Integer.parseInt(text) >= FIRST_YEAR && Integer.parseInt(text) <= LAST_YEAR;
    }

    private static StampForm form(String text) {
        if (year(text)) {
            return StampForm.YEAR;
        }
        Matcher m = CLOCK.matcher(text);
        String date = m.matches() ? m.group(1) : text;
        for (StampForm f : StampForm.values()) {
            if (f != StampForm.YEAR && f.matcher(f.dated() ? date : text).matches()) {
                return f;
            }
        }
        throw new IllegalArgumentException(text);
    }

    /** Its form alone: 31/12/2010 is written like 12/31/2010. */
    private static StampForm possible(String text) {
        StampForm form = form(text);
        return form == StampForm.MONTH_FIRST && text.matches("(1[3-9]|[2-9]\\d)/.*") ? StampForm.DAY_FIRST : form;
    }

    private static MalformedFileException refused(String text, String where, Throwable cause) {
        return new MalformedFileException(
                "%s: got '%s'; expected a point in time, e.g. 2021-05-01, 2021-05-01 13:30:00, 1991 Jul, 1970 Q1 or a whole"
                        .formatted(where, text) + " number. Name the column of time: dataset.time=COLUMN",
                cause);
    }

    /** The time that a text says. */
    Stamp parse(String text, String where) throws MalformedFileException {
        return parse(text, form, where);
    }

    /** The same of a form. */
    static Stamp parse(String text, StampForm form, String where) throws MalformedFileException {
        try {
            return parsed(text, form);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw refused(text, where, e);
        }
    }

    private static Stamp parsed(String text, StampForm form) {
        Matcher m = form.dated() ? CLOCK.matcher(text) : form.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(text);
        }
        if (!form.dated()) {
            return new Stamp(period(m, form), null);
        }
        Matcher d = form.matcher(m.group(1));
        if (!d.matches()) {
            throw new IllegalArgumentException(text);
        }
        int[] n = {number(d, 1), number(d, 2), number(d, 3)};
        LocalDate date = switch (form) {
            case ISO, YEAR_FIRST -> LocalDate.of(n[0], n[1], n[2]);
            case MONTH_FIRST -> LocalDate.of(n[2], n[0], n[1]);
            default -> LocalDate.of(n[2], n[1], n[0]);
        };
        LocalDateTime local = m.group(3) == null
                ? date.atStartOfDay()
                : date.atTime(number(m, 3), number(m, 5), m.group(6) == null ? 0 : number(m, 6),
                        m.group(7) == null ? 0 : Integer.parseInt((m.group(7) + "00000000").substring(0, 9)));
        return new Stamp(local, m.group(8) == null ? null : ZoneOffset.of(m.group(8)));
    }

    private static LocalDateTime period(Matcher m, StampForm form) {
        return switch (form) {
            case INTEGER -> LocalDateTime.ofEpochSecond(Long.parseLong(m.group(1)), 0, ZoneOffset.UTC);
            case YEAR -> LocalDate.of(number(m, 1), 1, 1).atStartOfDay();
            case MONTH -> LocalDate.of(number(m, 1), number(m, 3), 1).atStartOfDay();
            case MONTH_NAME -> LocalDate.of(number(m, 1), month(m.group(3)), 1).atStartOfDay();
            case NAME_YEAR -> LocalDate.of(number(m, 3), month(m.group(1)), 1).atStartOfDay();
            case QUARTER -> LocalDate.of(number(m, 1), 3 * number(m, 3) - 2, 1).atStartOfDay();
            case WEEK -> week(number(m, 1), number(m, 3));
            default -> throw new IllegalArgumentException(form.name());
        };
    }

    /** Its Monday; most years have no week 53, which would be the next year's first. */
    private static LocalDateTime week(int year, int week) {
        LocalDate first = LocalDate.of(year, 1, 4); // always in week 1
        return first.with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, first.range(IsoFields.WEEK_OF_WEEK_BASED_YEAR)
                .checkValidValue(week, IsoFields.WEEK_OF_WEEK_BASED_YEAR)).with(java.time.DayOfWeek.MONDAY)
                .atStartOfDay();
    }

    private static Month month(String name) {
        for (Month m : Month.values()) {
            if (name.regionMatches(true, 0, m.name(), 0, name.length())) {
                return m;
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static int number(Matcher m, int group) { return Integer.parseInt(m.group(group)); }

    /** A local time in this spelling; {@code at} is its offset, which is written only where offsets are. */
    String print(LocalDateTime t, @Nullable ZoneOffset at) {
        String two = padded ? "%02d" : "%d";
        String date = switch (form) {
            case INTEGER -> Long.toString(t.toEpochSecond(ZoneOffset.UTC));
            case YEAR -> Integer.toString(t.getYear());
            case MONTH -> String.format(Locale.ROOT, "%04d%s" + two, t.getYear(), joiner, t.getMonthValue());
            case MONTH_NAME -> t.getYear() + joiner + name(t.getMonth());
            case NAME_YEAR -> name(t.getMonth()) + joiner + t.getYear();
            case QUARTER -> t.getYear() + joiner + "Q" + (t.getMonthValue() + 2) / 3;
            case WEEK -> String.format(Locale.ROOT, "%04d%sW%02d", t.get(IsoFields.WEEK_BASED_YEAR), joiner,
                    t.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case ISO -> String.format(Locale.ROOT, "%04d-" + two + "-" + two, t.getYear(), t.getMonthValue(),
                    t.getDayOfMonth());
            case YEAR_FIRST -> String.format(Locale.ROOT, "%04d/" + two + "/" + two, t.getYear(), t.getMonthValue(),
                    t.getDayOfMonth());
            case MONTH_FIRST -> String.format(Locale.ROOT, two + "/" + two + "/%04d", t.getMonthValue(),
                    t.getDayOfMonth(), t.getYear());
            case DAY_FIRST -> String.format(Locale.ROOT, two + "/" + two + "/%04d", t.getDayOfMonth(),
                    t.getMonthValue(), t.getYear());
            case DOTS -> String.format(Locale.ROOT, two + "." + two + ".%04d", t.getDayOfMonth(), t.getMonthValue(),
                    t.getYear());
        };
        return form.dated() ? date + clock(t) + (at == null ? "" : offset(at)) : date;
    }

    private String name(Month month) {
        return month.getDisplayName(padded ? TextStyle.FULL : TextStyle.SHORT, Locale.US);
    }

    private String clock(LocalDateTime t) {
        if (clock == 0) {
            return "";
        }
        String seconds = clock == 1 ? "" : String.format(Locale.ROOT, ":%02d", t.getSecond());
        String part = fraction == 0 ? "" : "." + String.format(Locale.ROOT, "%09d", t.getNano()).substring(0, fraction);
        return joiner + String.format(Locale.ROOT, padded ? "%02d:%02d" : "%d:%02d", t.getHour(), t.getMinute())
                + seconds + part;
    }

    private String offset(ZoneOffset at) {
        String id = at.getTotalSeconds() == 0 ? "+00:00" : at.getId();
        return switch (offset) {
            case "" -> "";
            case "Z" -> at.getTotalSeconds() == 0 ? "Z" : id;
            case "+0000" -> id.replace(":", "");
            default -> id;
        };
    }
}
