/**
 * The fast kernels: the same mathematics as {@link s4j.ssm} on float32 arrays, with SIMD through the Vector API where the
 * JVM has it and plain Java where not.
 *
 * <p>All kernels put features on the lanes: data lies as {@code [b, l, h]} in memory, so a vector load takes one step of
 * neighbouring features, every coefficient is a vector of its own, and nothing is shuffled, broadcast or transposed.
 */
@NullMarked
package s4j.kernel;

import org.jspecify.annotations.NullMarked;
