/**
 * The door to libtorch's memory: scopes, and Java arrays to tensors and back. Tensors made in a {@link
 * s4j.torch.tensor.NativeScope} die with it; what leaves it is a Java value or is kept by name.
 */
@NullMarked
package s4j.torch.tensor;

import org.jspecify.annotations.NullMarked;
