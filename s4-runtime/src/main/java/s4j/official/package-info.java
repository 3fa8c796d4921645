/**
 * Checkpoints of the official S4 (state-spaces/s4) and of programs made from its example, as models of s4j.
 *
 * <p>{@link s4j.official.OfficialModel#read} finds the state dict in a checkpoint, recognises its {@link
 * s4j.official.Layout}, and moves every tensor to its V4 name, which is s4j's. All names and signs of other layouts stand
 * in this package and nowhere else: {@link s4j.official.KernelFormat} for the SSM's parameters, {@link
 * s4j.official.Block} for what is around them, {@link s4j.official.Isotropic} and {@link s4j.official.Sashimi} for the
 * stacks. What a file does not say is assumed, and every assumption is listed.
 *
 * <p>Conversions are made in float64 and rounded once.
 */
@NullMarked
package s4j.official;

import org.jspecify.annotations.NullMarked;
