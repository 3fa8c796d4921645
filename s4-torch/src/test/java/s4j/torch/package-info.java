@NullMarked
package s4j.torch;

import org.jspecify.annotations.NullMarked;
