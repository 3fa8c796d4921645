/** Claims about the side-by-side benchmark; nothing here is timed, and the peers are a shell script. */
@NullMarked
package s4j.cli.bench;

import org.jspecify.annotations.NullMarked;
