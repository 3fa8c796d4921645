/**
 * Sensors in Apache Flink, live: a forecast of each next value and a score of how unusual it was, from files, a socket or Kafka. {@link
 * s4j.flink.examples.Sensors} is the program, {@link s4j.flink.examples.SensorJob} the job.
 */
@NullMarked
package s4j.flink.examples;

import org.jspecify.annotations.NullMarked;
