/**
 * The matrix-vector product of a streaming step, weights packed once in float32, bfloat16 or int8.
 *
 * <p>A step reads every weight once, so its cost is memory: {@link s4j.kernel.matrix.PackedMatrix} lays rows in panels as
 * wide as a vector, and {@code SimdCompactRows} widens smaller numbers in registers.
 *
 * <p>Proved by PackedMatrixTest: what is written in each precision, the same bits alone and in a batch.
 */
@NullMarked
package s4j.kernel.matrix;

import org.jspecify.annotations.NullMarked;
