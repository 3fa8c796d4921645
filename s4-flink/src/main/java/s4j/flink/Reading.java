package s4j.flink;

import org.jspecify.annotations.Nullable;

/**
 * A step of one key's stream.
 *
 * @param key whose stream; null: a bad reading
 * @param time of the event, milliseconds
 * @param values {@code [d]} in the data's own unit
 */
@SuppressWarnings("ArrayRecordComponent") // filled once, then read
public record Reading(@Nullable String key, long time, float @Nullable [] values) {}
