/**
 * The kernel of S4: Cauchy sums and the spectrum made of them.
 *
 * <p>s_XY(ω) = Σ_n v_n / (g(ω) − λ_n) at all frequencies of a length is the only costly part of a DPLR kernel: {@link
 * s4j.kernel.cauchy.CauchySums} computes it and its adjoint for all features, frequencies on the lanes. {@link
 * s4j.kernel.cauchy.DplrTerms} makes its numerators from B, P and C̃, and {@link s4j.kernel.cauchy.DplrSpectrum} joins
 * sums, Woodbury's correction and the step into the spectrum whose inverse real transform is K.
 *
 * <p>Proved by CauchySumsTest (its definition in float64, finite differences), DplrSpectrumTest (the reading form of
 * s4j.ssm), DplrTermsTest.
 */
@NullMarked
package s4j.kernel.cauchy;

import org.jspecify.annotations.NullMarked;
