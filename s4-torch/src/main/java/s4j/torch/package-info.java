/** Trainable S4 layers and models on libtorch; native types stay inside. */
@NullMarked
package s4j.torch;

import org.jspecify.annotations.NullMarked;
