/**
 * Trained models over DataFrames in Apache Spark: pure Java on the executors, the model broadcast once and loaded once a JVM. The door is
 * {@link s4j.spark.S4Spark}; {@link s4j.spark.S4Transformer} stands in a Pipeline.
 */
@NullMarked
package s4j.spark;

import org.jspecify.annotations.NullMarked;
