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
 * @param anchor time of a step: at UTC where the frequency is even and a zone is known, else local. Of months it has the day that
 *     all have, though shorter ones end before it: 28 February alone does not tell whether 30 March or 28 March follows
 * @param zone of local times; null: none is known
 * @param first step 0, counted from the anchor
 */
public record Axis(Frequency frequency, Spelling spelling, LocalDateTime anchor, @Nullable ZoneId zone, long first) {
    /** One whose step 0 is its anchor. */
    public Axis(Frequency frequency, Spelling spelling, LocalDateTime start, @Nullable ZoneId zone) {
        this(frequency, spelling, start, zone, 0);
    }

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
        return zone != null && frequency.even() ? zoned(k, zone).toLocalDateTime() : at(k);
    }

    private ZonedDateTime zoned(long k, ZoneId in) {
        LocalDateTime t = at(k);
        return frequency.even() ? t.atOffset(ZoneOffset.UTC).atZoneSameInstant(in) : t.atZone(in);
    }

    /** The axis of which step 0 is step {@code k} of this. */
    public Axis from(long k) {
        return new Axis(frequency, spelling, anchor, zone, Math.addExact(first, k));
    }

    private LocalDateTime at(long k) { return frequency.plus(anchor, Math.addExact(first, k)); }

    /** The position of a time: local, or at UTC as {@link #anchor}. */
    long floor(LocalDateTime t) {
        return frequency.floor(anchor, t) - first;
    }
}
