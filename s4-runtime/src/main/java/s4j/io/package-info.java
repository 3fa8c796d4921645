/** Model files: safetensors with the configuration inside. */
@NullMarked
package s4j.io;

import org.jspecify.annotations.NullMarked;
