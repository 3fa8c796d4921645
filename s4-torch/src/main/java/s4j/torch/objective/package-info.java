/**
 * What training makes small: losses of outputs against targets, on tensors. What they mean, and how outputs are read without
 * libtorch, is {@link s4j.model.ObjectiveConfig} and {@link s4j.model.Outputs}.
 */
@NullMarked
package s4j.torch.objective;

import org.jspecify.annotations.NullMarked;
