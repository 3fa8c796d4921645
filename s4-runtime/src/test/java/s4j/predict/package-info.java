@NullMarked
package s4j.predict;

import org.jspecify.annotations.NullMarked;
