/**
 * Several processes that train one network: who they are ({@link s4j.torch.distributed.World}), what they tell each other
 * ({@link s4j.torch.distributed.Group}) and the sum of their gradients ({@link s4j.torch.distributed.GradientSum}). Each process (worker)
 * has the whole network and a share of each batch; the sums of gradients, losses and counts over all workers are those of the
 * whole batch, so that every worker makes the same step. Source: Li et al., PyTorch Distributed (2020), sections 3.2 and 3.3.
 */
@NullMarked
package s4j.torch.distributed;

import org.jspecify.annotations.NullMarked;
