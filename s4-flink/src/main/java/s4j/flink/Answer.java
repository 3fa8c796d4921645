package s4j.flink;

/**
 * What the model says after a reading.
 *
 * @param key whose stream
 * @param time of the reading
 * @param values probabilities of the classes, or numbers in the data's own unit
 */
@SuppressWarnings("ArrayRecordComponent") // filled once, then read
public record Answer(String key, long time, double[] values) {}
