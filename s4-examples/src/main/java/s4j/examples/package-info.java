/**
 * One-file programs that end by checking a number. {@code Minimal…} read like the papers, on the JDK alone: {@code java
 * MinimalS4D.java}. The others use a trained model in plain Java, with s4-runtime and what it needs.
 */
@NullMarked
package s4j.examples;

import org.jspecify.annotations.NullMarked;
