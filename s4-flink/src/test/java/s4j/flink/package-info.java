@NullMarked
package s4j.flink;

import org.jspecify.annotations.NullMarked;
