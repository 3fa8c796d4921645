package s4j.ssm;

import s4j.math.SplitComplex;

/**
 * The sums under S4's kernel: Cauchy matrices over both of each conjugate pair, at the roots of unity that a real FFT needs,
 *
 * <pre>
 * r[m,j] = (2 / (1 + w_j)) sum_n ( v[m,n] / (z_j - a[n]) + conj(v[m,n]) / (z_j - conj(a[n])) ),
 * z_j = 2 (1 - w_j) / (1 + w_j),   w_j = e^(-2 pi i j / L),   j = 0 … L/2
 * </pre>
 *
 * <p>The factor in front belongs in: then {@code (1+w)(z-a) = 2(1-w) - (1+w)a}, and w = -1 is a point like any other.
 *
 * <p>{@link PlainCauchy} is the oracle; faster ones implement this and pass the same contract. Nodes must be made in
 * float64: their differences cancel. Source: S4 (2111.00396), appendix C.3.
 */
public interface CauchyKernel {
    /**
     * The sums in float64.
     *
     * @param v numerators {@code [m * n]}
     * @param a poles {@code dt lambda}, {@code [n]}
     * @param m rows of numerators
     * @param n conjugate pairs
     * @param length L, number of roots of unity
     * @return {@code [m * (L/2 + 1)]}
     */
    SplitComplex resolvents(SplitComplex v, SplitComplex a, int m, int n, int length);
}
