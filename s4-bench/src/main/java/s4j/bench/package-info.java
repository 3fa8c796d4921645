/**
 * JMH benchmarks: one class for each kernel of s4-core, forward and backward, and one for whole training steps. A kernel
 * that is new in {@code s4j.kernel} gets its class here; the test runs whatever JMH finds, at the smallest size. Comparisons
 * with other software are not here but in {@code s4 bench}.
 */
@NullMarked
package s4j.bench;

import org.jspecify.annotations.NullMarked;
