package s4j.data.forecast;

import static java.time.temporal.ChronoUnit.DAYS;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import s4j.config.ConfigException;

/**
 * The distance between two steps of an even axis, in a unit of the clock or of the calendar.
 *
 * @param unit milliseconds, days, business days, months, or the ends of months; integers count as seconds
 * @param count of them, 1 or more
 */
public record Frequency(Unit unit, long count) {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long MOST_DAYS = 3_660_000;
    private static final Pattern WORD = Pattern.compile("(\\d{0,18})\\s*(ms|s|min|h|D|B|W|ME|M|Q|Y|step)");

    /** What is counted. */
    public enum Unit {
        MILLIS, DAYS, BUSINESS_DAYS, MONTHS, MONTH_ENDS, STEPS
    }

    /** Checks the count. */
    public Frequency {
        if (count < 1 || (unit == Unit.BUSINESS_DAYS && count != 1)) {
            throw new IllegalArgumentException("frequency of " + count + " " + unit + "; expected 1 or more");
        }
    }

    /**
     * A word as people write it: {@code 30min, h, D, B} (business days){@code , W, M, ME} (ends of months){@code , Q, Y}.
     *
     * @throws ConfigException for others
     */
    public static Frequency parse(String word) {
        Matcher m = WORD.matcher(word);
        long n = !m.matches() ? 0 : m.group(1).isEmpty() ? 1 : Long.parseLong(m.group(1));
        if (n == 0 || n > most(m.group(2)) || (n > 1 && m.group(2).equals("B"))) {
            throw new ConfigException(
                    "dataset.freq: got '%s'; expected one of ms, s, min, h, D, B, W, M, ME, Q, Y with a count before it,"
                            .formatted(word) + " of B none, e.g. 30min, and at most 10,000 years");
        }
        return switch (m.group(2)) {
            case "ms" -> new Frequency(Unit.MILLIS, n);
            case "s" -> new Frequency(Unit.MILLIS, n * SECOND);
            case "min" -> new Frequency(Unit.MILLIS, n * MINUTE);
            case "h" -> new Frequency(Unit.MILLIS, n * HOUR);
            case "D" -> new Frequency(Unit.DAYS, n);
            case "B" -> new Frequency(Unit.BUSINESS_DAYS, 1);
            case "W" -> new Frequency(Unit.DAYS, 7 * n);
            case "M" -> new Frequency(Unit.MONTHS, n);
            case "ME" -> new Frequency(Unit.MONTH_ENDS, n);
            case "Q" -> new Frequency(Unit.MONTHS, 3 * n);
            case "Y" -> new Frequency(Unit.MONTHS, 12 * n);
            default -> new Frequency(Unit.STEPS, n);
        };
    }

    /** How many of a unit make ten thousand years; steps are bare numbers. */
    private static long most(String unit) {
        return switch (unit) {
            case "step" -> Long.MAX_VALUE;
            case "ms" -> MOST_DAYS * DAY;
            case "s" -> MOST_DAYS * DAY / SECOND;
            case "min" -> MOST_DAYS * DAY / MINUTE;
            case "h" -> MOST_DAYS * DAY / HOUR;
            default -> MOST_DAYS / switch (unit) {
                case "D", "B" -> 1;
                case "W" -> 7;
                case "Q" -> 92;
                case "Y" -> 366;
                default -> 31;
            };
        };
    }

    /** The word that {@link #parse} reads. */
    @Override
    public String toString() {
        return switch (unit) {
            case MILLIS -> count % HOUR == 0
                    ? word(count / HOUR, "h")
                    : count % MINUTE == 0
                            ? word(count / MINUTE, "min")
                            : count % SECOND == 0 ? word(count / SECOND, "s") : word(count, "ms");
            case DAYS -> count % 7 == 0 ? word(count / 7, "W") : word(count, "D");
            case BUSINESS_DAYS -> "B";
            case MONTHS -> count % 12 == 0
                    ? word(count / 12, "Y")
                    : count % 3 == 0 ? word(count / 3, "Q") : word(count, "M");
            case MONTH_ENDS -> word(count, "ME");
            case STEPS -> word(count, "step");
        };
    }

    private static String word(long n, String unit) { return n == 1 ? unit : n + unit; }

    /** Whether its steps are equally long, also where clocks are changed. */
    public boolean even() {
        return unit == Unit.MILLIS;
    }

    /** The time {@code k} steps on. Of months the day is that of {@code from}, or the last of a shorter month. */
    LocalDateTime plus(LocalDateTime from, long k) {
        long n = Math.multiplyExact(k, count);
        return switch (unit) {
            case MILLIS -> from.plus(Duration.ofMillis(n));
            case STEPS -> from.plusSeconds(n);
            case DAYS -> from.plusDays(n);
            case BUSINESS_DAYS -> business(businessDay(from.toLocalDate()) + k).atTime(from.toLocalTime());
            case MONTHS -> from.plusMonths(n);
            case MONTH_ENDS -> YearMonth.from(from).plusMonths(n).atEndOfMonth().atTime(from.toLocalTime());
        };
    }

    /** The step of {@code from}'s axis in which a time lies: the last that is not after it. */
    long floor(LocalDateTime from, LocalDateTime t) {
        long k = switch (unit) {
            case MILLIS -> Math.floorDiv(Duration.between(from, t).toMillis(), count);
            case STEPS -> Math.floorDiv(Duration.between(from, t).toSeconds(), count);
            case DAYS -> Math.floorDiv(DAYS.between(from.toLocalDate(), t.toLocalDate()), count);
            case BUSINESS_DAYS -> businessDay(t.toLocalDate()) - businessDay(from.toLocalDate());
            case MONTHS, MONTH_ENDS -> Math.floorDiv(months(t) - months(from), count);
        };
        while (plus(from, k).isAfter(t)) {
            k--;
        }
        while (!plus(from, k + 1).isAfter(t)) {
            k++;
        }
        return k;
    }

    /** Whether a time lies on {@code from}'s axis. */
    boolean on(LocalDateTime from, LocalDateTime t) {
        return plus(from, floor(from, t)).equals(t);
    }

    /** The time that the others are counted from: the first; of months one with the latest day, which shorter months lack. */
    LocalDateTime anchor(List<LocalDateTime> times) {
        LocalDateTime out = times.getFirst();
        for (LocalDateTime t : unit == Unit.MONTHS ? times : List.<LocalDateTime>of()) {
            out = t.getDayOfMonth() > out.getDayOfMonth() ? t : out;
        }
        return out;
    }

    private static long months(LocalDateTime t) { return t.getYear() * 12L + t.getMonthValue() - 1; }

    /** Business days since Monday 5 January 1970; a weekend counts as its Friday. */
    private static long businessDay(LocalDate day) {
        long days = day.toEpochDay() - 4;
        return Math.floorDiv(days, 7) * 5 + Math.min(4, Math.floorMod(days, 7));
    }

    private static LocalDate business(long n) {
        return LocalDate.ofEpochDay(Math.floorDiv(n, 5) * 7 + Math.floorMod(n, 5) + 4);
    }

    static boolean weekend(LocalDateTime t) {
        return t.getDayOfWeek() == DayOfWeek.SATURDAY || t.getDayOfWeek() == DayOfWeek.SUNDAY;
    }

    /** Steps of the seasons that such data usually has, the shortest first: of hours a day and a week; 1 alone: none. */
    public List<Integer> seasons() {
        return switch (unit) {
            case MILLIS -> count >= MINUTE && DAY % count == 0 && DAY > count
                    ? List.of((int) (DAY / count), (int) (7 * DAY / count))
                    : count < MINUTE && MINUTE % count == 0 ? List.of((int) (MINUTE / count)) : List.of(1);
            case DAYS -> count == 1 ? List.of(7) : count == 7 ? List.of(52) : List.of(1);
            case BUSINESS_DAYS -> List.of(5);
            case MONTHS, MONTH_ENDS -> 12 % count == 0 && count < 12 ? List.of((int) (12 / count)) : List.of(1);
            case STEPS -> List.of(1);
        };
    }

    /** The shortest of {@link #seasons}: 24 of hours, 7 of days, 52 of weeks, 12 of months, 4 of quarters, 1 of years. */
    public int season() {
        return seasons().getFirst();
    }
}
