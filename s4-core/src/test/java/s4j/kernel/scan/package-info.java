/** The claims of this kernel, each against float64 sums as written. */
@NullMarked
package s4j.kernel.scan;

import org.jspecify.annotations.NullMarked;
