@NullMarked
package s4j.audio;

import org.jspecify.annotations.NullMarked;
