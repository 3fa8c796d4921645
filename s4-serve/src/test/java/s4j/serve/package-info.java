@NullMarked
package s4j.serve;

import org.jspecify.annotations.NullMarked;
