/**
 * Training on a cluster that Spark has: {@link s4j.spark.train.S4Training} starts a worker of {@code s4 train} in each task of a barrier stage, {@link
 * s4j.spark.train.ParquetConfig} reads their data. Needs s4-cli on the executors, which scoring does not.
 */
@NullMarked
package s4j.spark.train;

import org.jspecify.annotations.NullMarked;
