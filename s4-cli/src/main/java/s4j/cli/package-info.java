/** The {@code s4} command: train, eval, parity, bench. The only package that prints. */
@NullMarked
package s4j.cli;

import org.jspecify.annotations.NullMarked;
