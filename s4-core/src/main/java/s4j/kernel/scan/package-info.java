/**
 * The convolution of S4D without its kernel: the recurrence x_t = a x_{t−1} + u_t in chunks, linear in length.
 *
 * <p>{@link s4j.kernel.scan.DiagonalScan} is the facade, of one direction or both. {@code ChunkCoefficients} holds what a
 * chunk of steps does to the state at its border and to its outputs, {@code ScanPass} walks the chunks of a feature,
 * {@code ScanBorders} carries states from chunk to chunk; backward repeats them from checkpoints (docs/decisions/013).
 *
 * <p>Proved by DiagonalScanTest: float64 forward and adjoint, long slow systems, pieces linked by states.
 */
@NullMarked
package s4j.kernel.scan;

import org.jspecify.annotations.NullMarked;
