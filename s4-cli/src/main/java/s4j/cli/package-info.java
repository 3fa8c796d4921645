/** The {@code s4} command: train, eval, import, export, parity, bench. The only package that prints. */
@NullMarked
package s4j.cli;

import org.jspecify.annotations.NullMarked;
