/**
 * HiPPO: state matrices under which the state x(t) of {@code x' = A x + B u} holds the history of u as coefficients of an
 * orthogonal basis.
 *
 * <p>The idea: weigh the past by a measure, expand it in the measure's orthogonal polynomials (or in sines and cosines), and
 * differentiate the coefficients by t. What comes out is linear in the coefficients and in u(t): (A, B). A model that
 * starts from such an A remembers before it has learned anything.
 *
 * <p>The chain: a {@link s4j.hippo.Measure} has a {@link s4j.hippo.HippoMatrix} (A, B); where a {@link s4j.hippo.LowRank}
 * term makes A normal, {@link s4j.hippo.Nplr} is its form in the eigenbasis of the normal part, from which S4 and S4D
 * start. {@link s4j.hippo.Projection} and {@link s4j.hippo.ScaledMemory} are the definition that A and B come from: they
 * are here to prove them.
 *
 * <p>Papers: HiPPO (Gu, Dao, Ermon, Rudra, Ré, 2008.07669); S4 (Gu, Goel, Ré, 2111.00396), appendix C.1 for the low-rank
 * terms; How to train your HiPPO (2206.12037) for the Fourier family.
 *
 * <p>Proven by ProjectionTest: a polynomial of degree below N comes back to 1e-12; LegS' coefficients satisfy
 * {@code t c' = A c + B f}, LegT's and FouT's {@code c' = A c + B f}, to 1e-10, so it is these A and B; the bilinear
 * recurrence converges to them at order 2. By NplrTest: the form rebuilds A and B for every measure that has one, N to 256.
 */
@NullMarked
package s4j.hippo;

import org.jspecify.annotations.NullMarked;
