/** Tests of the package of this name. */
@NullMarked
package s4j.hippo;

import org.jspecify.annotations.NullMarked;
