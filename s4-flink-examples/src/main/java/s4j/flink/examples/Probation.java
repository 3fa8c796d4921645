package s4j.flink.examples;

import java.io.Serializable;
import java.util.Map;

/**
 * How many measurements a sensor is only looked at. The first two thirds give its scale, and the model may have been trained on them; the last third, which it
 * has not seen, gives the thresholds. No alarm is given before its end.
 *
 * @param sensors those that are known
 * @param others of all others
 */
public record Probation(Map<String, Integer> sensors, int others) implements Serializable {
    /** As the Numenta benchmark has it: 15 % of a series, of 5,000 rows at most. */
    public static final int MOST = 750;

    /** Of a series of so many rows. */
    public static int of(int rows) { return (int) (0.15 * Math.min(rows, 5000)); }

    /** Of a sensor. */
    public int length(String key) { return sensors.getOrDefault(key, others); }

    /** Measurements that give the scale. */
    public int scaling(String key) { return length(key) * 2 / 3; }
}
