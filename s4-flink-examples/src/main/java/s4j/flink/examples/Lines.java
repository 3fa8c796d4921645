package s4j.flink.examples;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Measurements and scores as lines of text. */
final class Lines {
    static final String HEADER = "sensor,time,value,forecast,score,alarm,simple_score,simple_alarm";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Lines() {}

    /**
     * Of {@code sensor,time,value}; the time as {@code 2014-07-01 00:30:00} or in milliseconds, an empty value is none.
     *
     * @throws IllegalArgumentException where it is none
     */
    static Measurement measurement(String line) {
        String[] cells = line.strip().split(",", -1);
        if (cells.length != 3 || cells[0].isBlank()) {
            throw new IllegalArgumentException("got '" + line + "'; expected sensor,time,value");
        }
        try {
            return new Measurement(cells[0], time(cells[1]), cells[2].isBlank()
                    ? Double.NaN
                    : Double.parseDouble(cells[2]));
        } catch (DateTimeException | NumberFormatException e) {
            throw new IllegalArgumentException("got '" + line
                    + "'; expected sensor,time,value with a time like 2014-07-01 00:30:00 and a number", e);
        }
    }

    /** Milliseconds of a stamp, or of a number of them. */
    static long time(String text) {
        return text.matches("-?\\d+")
                ? Long.parseLong(text)
                : LocalDateTime.parse(text.substring(0, Math.min(19, text.length())), STAMP).toInstant(ZoneOffset.UTC)
                        .toEpochMilli();
    }

    static String stamp(long time) {
        return LocalDateTime.ofEpochSecond(Math.floorDiv(time, 1000), 0, ZoneOffset.UTC).format(STAMP);
    }

    static String line(Scored s) {
        return String.format(Locale.ROOT, "%s,%s,%s,%s,%.3f,%d,%.3f,%d", s.key(), stamp(s.time()), (float) s.value(),
                Double.isNaN(s.forecast()) ? "" : String.valueOf((float) s.forecast()), s.score(), s.alarm() ? 1 : 0,
                s.simple(), s.simpleAlarm() ? 1 : 0);
    }
}
