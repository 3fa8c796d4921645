package s4j.ssm;

import s4j.math.SplitComplex;

/**
 * The sum under S4D's kernel, for many rows (channels times features) at once:
 * {@code K[h,l] = 2 Re sum_n w[h,n] z[h,n]^l}.
 *
 * <p>{@link PlainVandermonde} is the oracle; faster ones implement this and pass the same contract.
 *
 * <p>Source: S4D (2206.11893), section 3.2.
 */
public interface VandermondeKernel {
    /**
     * The sum in float64.
     *
     * @param w weights {@code C dB}, {@code [h * n]}
     * @param z nodes {@code dA}, {@code [h * n]}
     * @param h rows
     * @param n conjugate pairs
     * @param l length
     * @return {@code [h * l]}
     */
    double[] kernel(SplitComplex w, SplitComplex z, int h, int n, int l);

    /** The same, rounded to float32 once at the end: nodes are float64, as powers of rounded ones drift. */
    default float[] kernelFloat32(SplitComplex w, SplitComplex z, int h, int n, int l) {
        return Float32.rounded(kernel(w, z, h, n, l));
    }
}
