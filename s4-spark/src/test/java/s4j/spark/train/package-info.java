@NullMarked
package s4j.spark.train;

import org.jspecify.annotations.NullMarked;
