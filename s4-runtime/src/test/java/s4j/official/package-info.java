@NullMarked
package s4j.official;

import org.jspecify.annotations.NullMarked;
