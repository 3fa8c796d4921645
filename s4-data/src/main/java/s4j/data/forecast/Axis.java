package s4j.data.forecast;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The even times of a series.
 *
 * @param frequency from step to step
 * @param spelling that stamps are printed in
 * @param start of step 0: at UTC where the frequency is even and a zone is known, else local
 * @param zone of local times; null: none is known
 */
public record Axis(Frequency frequency, Spelling spelling, LocalDateTime start, @Nullable ZoneId zone) {
    /** Of rows without times: 0, 1, 2, … */
    static Axis positions() {
        return new Axis(new Frequency(Frequency.Unit.STEPS, 1), Spelling.POSITION,
                LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), null);
    }

    /** The stamp of step {@code k}, also behind the last. */
    public String stamp(long k) {
        LocalDateTime t = local(k);
        if (zone == null) {
            return spelling.print(t, null);
        }
        ZonedDateTime at = zoned(k, zone);
        return spelling.print(t, at.getOffset());
    }

    /** Local time of step {@code k}. */
    public LocalDateTime local(long k) {
        return zone != null && frequency.even() ? zoned(k, zone).toLocalDateTime() : frequency.plus(start, k);
    }

    private ZonedDateTime zoned(long k, ZoneId in) {
        LocalDateTime t = frequency.plus(start, k);
        return frequency.even() ? t.atOffset(ZoneOffset.UTC).atZoneSameInstant(in) : t.atZone(in);
    }

    /** The axis of which step 0 is step {@code k} of this. */
    public Axis from(long k) {
        return new Axis(frequency, spelling, frequency.plus(start, k), zone);
    }

    /** The position of a time: local, or at UTC as {@link #start}. */
    long floor(LocalDateTime t) {
        return frequency.floor(start, t);
    }
}
