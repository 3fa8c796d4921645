/**
 * The kernel of S4D: K_l = 2 Re Σ_n c_n z_n^l, a Vandermonde product, and its adjoint.
 *
 * <p>Steps go by blocks: z^l = z^{l_0} z^j with one table of z^j a feature, so that a long kernel is a matrix product of
 * two multiply-adds for each state and step, and nothing of size [h, n, l] is kept.
 *
 * <p>Proved by VandermondeSumsTest: the sum as written up to length 16384, finite differences, both twins, any number of
 * threads.
 */
@NullMarked
package s4j.kernel.vandermonde;

import org.jspecify.annotations.NullMarked;
