/**
 * Trained models in plain Java: whole sequences, chunks, single steps.
 *
 * <pre>
 * S4Model.load(file) -> forward(batch)                     convolution, all steps at once
 *                    -> forwardChunk(state, chunk)         the recurrence over a piece; any size
 *                    -> step(state, x), Session.step(x)    the recurrence, constant time and memory a step
 * StreamState: what a stream remembers, a value: copy, snapshot to bytes, restore elsewhere
 * Verification: the three forms against each other
 * </pre>
 *
 * <p>A network is encoder -> body -> decoder; the body is a chain of residual blocks, of SaShiMi at several resolutions. Each
 * part has two methods: {@code whole} takes sequences, {@code stream} takes the next rows of some streams with their states.
 * Rows of activations are padded with zeros to multiples of 64 features, so that kernels have no remainders.
 *
 * <p>Chunks give the same bits as single steps, and a stream the same bits alone as among others: every sum has one order.
 */
@NullMarked
package s4j.stream;

import org.jspecify.annotations.NullMarked;
