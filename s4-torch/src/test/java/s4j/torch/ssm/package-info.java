@NullMarked
package s4j.torch.ssm;

import org.jspecify.annotations.NullMarked;
