/** Complex numbers, small dense linear algebra and transforms: only what the SSM mathematics needs. */
@NullMarked
package s4j.math;

import org.jspecify.annotations.NullMarked;
