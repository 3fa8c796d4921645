/**
 * Agreement with the official implementation: golden cases (parameters, inputs and reference results in safetensors)
 * against what s4j computes.
 */
@NullMarked
package s4j.train.parity;

import org.jspecify.annotations.NullMarked;
