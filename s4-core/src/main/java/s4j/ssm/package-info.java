/**
 * State space models of one feature: {@code x' = A x + B u, y = C x + D u}, sampled with step dt, in two views that agree:
 * a convolution {@code y = K * u + D u} to train, a recurrence {@code x_k = dA x_(k-1) + dB u_k} to stream.
 *
 * <pre>
 * SsmInit -&gt; Dplr (lambda, P, B)     DtInit, Transform -&gt; dt
 *   DiagonalSsm      S4D   -&gt; kernel: Vandermonde (zoh, bilinear), or DSS          -&gt; DiagonalRecurrence, O(n)
 *   DplrSsm          S4    -&gt; kernel: attune(L), Cauchy, Woodbury, inverse FFT     -&gt; DplrRecurrence, O(r n)
 *   DenseSsm               -&gt; kernel: Krylov                                       -&gt; DenseRecurrence, O(N^2)
 * Convolution: K * u
 * </pre>
 *
 * <p>Arrays hold n = N/2 states, one of each conjugate pair, so outputs are {@code 2 Re(C x)}; the dense form holds all N.
 * All are values: a layer asks a system for a view, the state is an argument and a result.
 *
 * <p>S4 has two forms and the type says which: {@link s4j.ssm.DplrSsm} has the true C and is exact at every length and
 * rate; {@link s4j.ssm.AttunedDplrSsm} has {@code C~ = C (I - dA^L)}, which is what is trained, of one length L, and
 * changes rate as the official code does. {@code attune}, {@code trueC} and {@code doubled} lead from one to the other.
 *
 * <p>The sums are plain oracles behind interfaces ({@link s4j.ssm.VandermondeKernel}, {@link s4j.ssm.CauchyKernel}) that
 * faster ones implement; the test jar has their contracts.
 *
 * <p>Papers: S4 (2111.00396), S4D (2206.11893), DSS (2203.14343). Proven by DiagonalSsmTest, DplrSsmTest and DenseSsmTest:
 * convolutionEqualsRecurrence, dplrKernelEqualsDenseKernel, oLinearStepEqualsDenseStep, lengthDoublingEqualsLongerKernel,
 * zohIsExactForHeldInput, rateMultipliesDt, hippoInItsOwnBasisHasTheSameKernel.
 */
@NullMarked
package s4j.ssm;

import org.jspecify.annotations.NullMarked;
