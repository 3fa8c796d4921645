/**
 * The machine below the fast kernels: which twin runs ({@link s4j.kernel.Backend}), threads ({@link s4j.kernel.Workers} for
 * kernels of a batch, {@link s4j.kernel.Team} for those of a step), and vectors ({@link s4j.kernel.Lanes}, {@link
 * s4j.kernel.VectorMath}).
 *
 * <p>Each kernel is a package below this one: the same mathematics as {@link s4j.ssm} on float32 arrays, with SIMD through the
 * Vector API where the JVM has it and plain Java where not. It has one public facade or a few, an inner interface, and its scalar
 * and SIMD twins, which nobody else sees. Kernels may use this package and each other without cycles; this package uses none.
 *
 * <p>All kernels put features on the lanes: data lies as {@code [b, l, h]} in memory, so a vector load takes one step of
 * neighbouring features, every coefficient is a vector of its own, and nothing is shuffled, broadcast or transposed.
 */
@NullMarked
package s4j.kernel;

import org.jspecify.annotations.NullMarked;
