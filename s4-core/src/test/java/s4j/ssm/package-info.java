/** Tests of the package of this name. */
@NullMarked
package s4j.ssm;

import org.jspecify.annotations.NullMarked;
