@NullMarked
package s4j.torch.optim;

import org.jspecify.annotations.NullMarked;
