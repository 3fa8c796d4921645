/** That every benchmark runs; nothing is timed. */
@NullMarked
package s4j.bench;

import org.jspecify.annotations.NullMarked;
