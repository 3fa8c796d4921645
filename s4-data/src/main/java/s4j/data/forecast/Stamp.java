package s4j.data.forecast;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A point in time as it was written.
 *
 * @param local date and time of day
 * @param offset from UTC; null: none was written
 */
record Stamp(LocalDateTime local, @Nullable ZoneOffset offset) {
    /** At UTC; as it is where no offset was written. */
    LocalDateTime utc() {
        return offset == null ? local : local.minusSeconds(offset.getTotalSeconds());
    }
}
