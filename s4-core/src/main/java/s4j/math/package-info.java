/**
 * Complex numbers, small dense linear algebra and transforms: only what the SSM mathematics needs, in float64, on the JDK
 * alone.
 *
 * <p>The plain kernels and the initialisers are written with {@link s4j.math.Complex}, so that they read like the papers;
 * fast kernels use split arrays ({@link s4j.math.SplitComplex}). Matrices are values: an operation returns a new one.
 *
 * <ul>
 * <li>{@link s4j.math.RealMatrix}, {@link s4j.math.ComplexMatrix}: products, elimination with row pivoting, powers,
 * exponential
 * <li>{@link s4j.math.HermitianEigen}: Householder and implicit QL; residual near 1e-14 at N = 256, which NPLR rests on
 * <li>{@link s4j.math.Fft}: any length, radix 2 and Bluestein; the oracle of every faster transform
 * <li>{@link s4j.math.GaussLegendre}: quadrature and Legendre polynomials for HiPPO's projections
 * </ul>
 *
 * <p>Proven by MatrixTest (solutions, decompositions, exponential against closed forms), FftTest (definition and inverse at
 * all sizes), ComplexTest (expm1 near 0, overflow).
 */
@NullMarked
package s4j.math;

import org.jspecify.annotations.NullMarked;
