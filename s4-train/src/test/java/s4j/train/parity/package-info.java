@NullMarked
package s4j.train.parity;

import org.jspecify.annotations.NullMarked;
