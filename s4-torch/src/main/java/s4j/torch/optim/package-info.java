/**
 * Parameter groups, optimizers, gradient clipping and moving averages. The updates are ours because the optimizer state
 * must go into checkpoints; libtorch's own optimizers are their test oracle.
 */
@NullMarked
package s4j.torch.optim;

import org.jspecify.annotations.NullMarked;
