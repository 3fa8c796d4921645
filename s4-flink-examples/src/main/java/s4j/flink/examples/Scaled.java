package s4j.flink.examples;

/**
 * A measurement as the model sees it.
 *
 * @param key the sensor
 * @param time milliseconds
 * @param value in its own unit
 * @param mean of the sensor's first values
 * @param std their standard deviation
 * @param index of the sensor's measurements, from 0
 */
public record Scaled(String key, long time, double value, double mean, double std, long index) {
    /** In standard deviations from the mean. */
    public double z() { return (value - mean) / std; }
}
