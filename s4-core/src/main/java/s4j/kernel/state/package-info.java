/**
 * One step of the recurrence of all features of a layer: x_t = A x_{t−1} + B u_t, y_t = Re C x_t.
 *
 * <p>{@link s4j.kernel.state.StateTiles} keeps the states of a tile of features beside their coefficients, in the order in
 * which they are read, diagonal or with S4's low-rank term (docs/decisions/010).
 *
 * <p>Proved by StateTilesTest: the recurrences of s4j.ssm, both twins, every number of states.
 */
@NullMarked
package s4j.kernel.state;

import org.jspecify.annotations.NullMarked;
