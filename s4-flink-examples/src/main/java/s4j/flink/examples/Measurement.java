package s4j.flink.examples;

/**
 * A value of a sensor.
 *
 * @param key the sensor; empty: unknown
 * @param time milliseconds
 * @param value in its own unit; NaN: none
 */
public record Measurement(String key, long time, double value) {}
