/**
 * Trainable state space kernels as plain libtorch operations: the published equations in float64, the oracle of every
 * faster version and the path on other devices.
 *
 * <p>{@link s4j.torch.ssm.SsmKernel} holds the trained parameters and gives K {@code [c, h, l]} and the recurrence;
 * {@link s4j.torch.ssm.DiagonalKernel} is S4D, {@link s4j.torch.ssm.DplrKernel} S4; {@link
 * s4j.torch.ssm.FftConvolution} applies K.
 */
@NullMarked
package s4j.torch.ssm;

import org.jspecify.annotations.NullMarked;
