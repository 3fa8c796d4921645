@NullMarked
package s4j.train.compare;

import org.jspecify.annotations.NullMarked;
