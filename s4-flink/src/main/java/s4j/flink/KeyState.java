package s4j.flink;

/**
 * What a key's stream remembers, as it stands in checkpoints.
 *
 * @param time of the last reading
 * @param last reading's values, as they came
 * @param stream {@link s4j.stream.StreamState#snapshot}
 */
@SuppressWarnings("ArrayRecordComponent") // filled once, then read
record KeyState(long time, float[] last, byte[] stream) {
    static final KeyState NONE = new KeyState(Long.MIN_VALUE, new float[0], new byte[0]);
}
