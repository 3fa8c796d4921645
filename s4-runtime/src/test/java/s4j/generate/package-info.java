@NullMarked
package s4j.generate;

import org.jspecify.annotations.NullMarked;
