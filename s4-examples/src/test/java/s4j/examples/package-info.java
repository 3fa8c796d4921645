/** Tests of the examples: run as a reader runs them. */
@NullMarked
package s4j.examples;

import org.jspecify.annotations.NullMarked;
