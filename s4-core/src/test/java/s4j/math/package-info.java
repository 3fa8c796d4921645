/** Tests of the package of this name. */
@NullMarked
package s4j.math;

import org.jspecify.annotations.NullMarked;
