package s4j.flink;

import org.jspecify.annotations.Nullable;

/**
 * A reading that was not stepped.
 *
 * @param key as it came
 * @param time as it came
 * @param values as they came
 * @param reason what is wrong with it
 */
@SuppressWarnings("ArrayRecordComponent") // filled once, then read
public record BadReading(@Nullable String key, long time, float @Nullable [] values, String reason) {
    static BadReading of(Reading r, String reason) { return new BadReading(r.key(), r.time(), r.values(), reason); }
}
