/** Trainable S4 layers and models on libtorch; native types stay inside, but for {@link s4j.torch.S4}, a module of libtorch. */
@NullMarked
package s4j.torch;

import org.jspecify.annotations.NullMarked;
