@NullMarked
package s4j.io;

import org.jspecify.annotations.NullMarked;
