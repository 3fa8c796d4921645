/** One-file programs that read like the papers, on the JDK alone: {@code java MinimalS4D.java}. */
@NullMarked
package s4j.examples;

import org.jspecify.annotations.NullMarked;
