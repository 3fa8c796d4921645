/** Claims about what the module shows to others. */
@NullMarked
package s4j.torch;

import org.jspecify.annotations.NullMarked;
