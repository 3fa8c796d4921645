@NullMarked
package s4j.flink.examples;

import org.jspecify.annotations.NullMarked;
