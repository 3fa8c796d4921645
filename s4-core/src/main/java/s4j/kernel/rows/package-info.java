/**
 * Functions of rows of activations between the products: GELU, GLU, sigmoid, normalisation.
 *
 * <p>Rows are padded to whole panels, so no loop has a rest; what lies beyond the features stays zero.
 *
 * <p>Proved by RowFunctionsTest: values as written, limits at infinity, mean zero and variance one.
 */
@NullMarked
package s4j.kernel.rows;

import org.jspecify.annotations.NullMarked;
