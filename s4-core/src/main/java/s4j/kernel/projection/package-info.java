/**
 * What follows the convolution of a block: GLU(W GELU(y) + b) in one pass, forward and backward.
 *
 * <p>{@link s4j.kernel.projection.GatedProjection} takes rows of steps through activation, product and gate while they are
 * in the cache, and keeps only what the backward pass reads. {@code PaddedRows} gives it rows of whole vectors.
 *
 * <p>Proved by GatedProjectionTest: forward and backward as written, padded sizes, any number of threads.
 */
@NullMarked
package s4j.kernel.projection;

import org.jspecify.annotations.NullMarked;
