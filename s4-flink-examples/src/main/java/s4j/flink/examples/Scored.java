package s4j.flink.examples;

/**
 * What is known of a measurement when it comes.
 *
 * @param key the sensor
 * @param time milliseconds
 * @param value in its own unit
 * @param forecast of it, made of what was before it; NaN: the first one
 * @param score smoothed error of forecasts, 1 at the threshold; 0 until there is one
 * @param alarm whether the score is above the threshold
 * @param simple the same score of a moving mean
 * @param simpleAlarm the same of that
 */
public record Scored(String key, long time, double value, double forecast, double score, boolean alarm, double simple,
        boolean simpleAlarm) {}
