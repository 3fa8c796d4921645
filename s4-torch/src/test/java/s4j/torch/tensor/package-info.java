@NullMarked
package s4j.torch.tensor;

import org.jspecify.annotations.NullMarked;
