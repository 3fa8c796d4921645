/**
 * Long causal convolution with the kernels K (and R in the other direction), with the D skip inside.
 *
 * <p>{@link s4j.kernel.convolution.ToeplitzConvolution} chooses by length: sums as written for short kernels, products of
 * spectra for long ones. The transforms ({@code RightAngleTransform} on {@code TransformLanes}) keep features on the lanes
 * and have sizes at most a quarter above what is needed (docs/decisions/009).
 *
 * <p>Proved by ToeplitzConvolutionTest: float64 as written, adjoint, length 16384, both methods and twins.
 */
@NullMarked
package s4j.kernel.convolution;

import org.jspecify.annotations.NullMarked;
