@NullMarked
package s4j.torch.distributed;

import org.jspecify.annotations.NullMarked;
