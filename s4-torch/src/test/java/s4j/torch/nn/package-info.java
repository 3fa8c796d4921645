@NullMarked
package s4j.torch.nn;

import org.jspecify.annotations.NullMarked;
