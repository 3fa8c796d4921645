package s4j.data.forecast;

import static java.time.temporal.ChronoUnit.DAYS;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import s4j.data.forecast.Frequency.Unit;

/**
 * The frequency of stamps, ascending and each once. In this order: the same day of each month, or its last, is months; the same
 * time of day is days, without weekends business days; else the clock. The step is the shortest distance, if all are multiples
 * of it and no more steps are left out than given; else the stamps are irregular.
 */
final class Inference {
    private static final long[] USUAL_SECONDS = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800,
            21_600, 43_200, 86_400};

    private Inference() {}

    /**
     * The frequency.
     *
     * @param local as the stamps are written
     * @param utc on one line of time; the same where no offsets are written
     * @param whole whether they are bare numbers
     * @return null: irregular, or fewer than two
     */
    static @Nullable Frequency of(List<LocalDateTime> local, List<LocalDateTime> utc, boolean whole) {
        if (local.size() < 2) {
            return null;
        }
        if (whole) {
            long step = step(differences(utc, t -> t.toEpochSecond(java.time.ZoneOffset.UTC)));
            return step == 0 ? null : new Frequency(Unit.STEPS, step);
        }
        LocalTime clock = local.getFirst().toLocalTime();
        if (local.stream().allMatch(t -> t.toLocalTime().equals(clock))) {
            Frequency calendar = calendar(local);
            if (calendar != null) {
                return calendar;
            }
        }
        long step = step(differences(utc, t -> Duration.between(utc.getFirst(), t).toMillis()));
        return step == 0 ? null : new Frequency(Unit.MILLIS, step);
    }

    private static @Nullable Frequency calendar(List<LocalDateTime> t) {
        boolean ends = t.stream().allMatch(x -> x.getDayOfMonth() == YearMonth.from(x).lengthOfMonth());
        int day = t.stream().mapToInt(LocalDateTime::getDayOfMonth).max().orElse(1);
        boolean same = t.stream().allMatch(x -> x.getDayOfMonth() == Math.min(day, YearMonth.from(x).lengthOfMonth()));
        if (ends || same) {
            long months = step(differences(t, x -> x.getYear() * 12L + x.getMonthValue()));
            if (months > 0) {
                return new Frequency(ends ? Unit.MONTH_ENDS : Unit.MONTHS, months);
            }
        }
        long[] days = differences(t, x -> x.toLocalDate().toEpochDay());
        boolean working = t.stream().noneMatch(Frequency::weekend);
        if (working && Arrays.stream(days).min().orElse(0) == 1
                && DAYS.between(t.getFirst(), t.getLast()) >= 7 - t.getFirst().getDayOfWeek().getValue()) {
            return new Frequency(Unit.BUSINESS_DAYS, 1);
        }
        long step = step(days);
        return step == 0 ? null : new Frequency(Unit.DAYS, step);
    }

    private static long[] differences(List<LocalDateTime> t, ToLongFunction<LocalDateTime> number) {
        long[] out = new long[t.size() - 1];
        for (int i = 0; i < out.length; i++) {
            out[i] = number.applyAsLong(t.get(i + 1)) - number.applyAsLong(t.get(i));
        }
        return out;
    }

    /** The shortest distance, where the rule above holds; or 0. */
    private static long step(long[] differences) {
        long least = Arrays.stream(differences).min().orElse(0);
        if (least <= 0 || Arrays.stream(differences).anyMatch(d -> d % least != 0)) {
            return 0;
        }
        long left = Arrays.stream(differences).map(d -> d / least - 1).sum();
        return left < differences.length || differences.length == 1 ? least : 0;
    }

    /** What irregular stamps are brought to: the usual step nearest to the median distance. */
    static Frequency usual(List<LocalDateTime> utc) {
        long[] d = differences(utc, t -> Duration.between(utc.getFirst(), t).toMillis());
        Arrays.sort(d);
        double median = Math.max(1, d[d.length / 2]) / 1000.0;
        long best = USUAL_SECONDS[0];
        for (long s : USUAL_SECONDS) {
            best = Math.abs(Math.log(s / median)) < Math.abs(Math.log(best / median)) ? s : best;
        }
        return median > 1.5 * 86_400
                ? new Frequency(Unit.DAYS, median > 5 * 86_400 ? median > 18 * 86_400 ? 30 : 7 : 1)
                : best == 86_400 ? new Frequency(Unit.DAYS, 1) : new Frequency(Unit.MILLIS, best * 1000);
    }
}
