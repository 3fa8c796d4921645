@NullMarked
package s4j.data;

import org.jspecify.annotations.NullMarked;
