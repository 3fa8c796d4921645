/** The claims of the fast kernels, each against float64 sums as written. */
@NullMarked
package s4j.kernel;

import org.jspecify.annotations.NullMarked;
