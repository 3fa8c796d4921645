@NullMarked
package s4j.pickle;

import org.jspecify.annotations.NullMarked;
