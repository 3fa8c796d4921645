/** Trainable layers: the S4 block, the residual backbone, encoders and decoders, in the official words. */
@NullMarked
package s4j.torch.nn;

import org.jspecify.annotations.NullMarked;
