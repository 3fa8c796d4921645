package s4j.data.series;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import s4j.data.table.Cells;
import s4j.io.MalformedFileException;

/** Points in time, as numbers: a number as it is, a date as seconds since 1970. */
final class Times {
    /**
     * A number, or a date of ISO 8601 ({@code 2021-05-01}, with or without a time of day and an offset, T or a blank between).
     *
     * @param where for messages
     */
    static double parse(@Nullable String text, String where) throws MalformedFileException {
        if (text == null) {
            throw new MalformedFileException(where + ": the time is missing; expected a number or a date");
        }
        Double number = Cells.number(text, false);
        if (number != null && Double.isFinite(number)) {
            return number;
        }
        String iso = text.length() > 10 && text.charAt(10) == ' '
                ? text.substring(0, 10) + "T" + text.substring(11)
                : text;
        try {
            if (iso.length() <= 10) {
                return LocalDate.parse(iso).toEpochDay() * 86_400.0;
            }
            boolean offset = iso.endsWith("Z") || iso.indexOf('+', 10) > 0 || iso.indexOf('-', 10) > 0;
            Instant instant = offset
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
            return instant.getEpochSecond() + instant.getNano() * 1e-9;
        } catch (DateTimeException e) {
            throw new MalformedFileException(
                    "%s: got '%s'; expected a number or a date such as 2021-05-01 or 2021-05-01T13:30:00".formatted(
                            where,
                            text),
                    e);
        }
    }

    /** For messages: without a needless fraction. */
    static String print(double time) {
        return time == Math.rint(time) && Math.abs(time) < 1e15 ? Long.toString((long) time) : Double.toString(time);
    }

    private Times() {}
}
