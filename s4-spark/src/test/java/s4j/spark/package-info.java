@NullMarked
package s4j.spark;

import org.jspecify.annotations.NullMarked;
