package s4j.testkit;

/** The tolerances of all tests: relative errors in float64 unless said otherwise, each with what was measured. */
public final class Tolerances {
    /** Values from closed forms, short identities. Measured: 4e-15 (powers of a complex matrix). */
    public static final double CLOSED_FORM = 1e-13;
    /** Transforms of any length against their definition and inverse. Measured: 1.3e-15 at length 1025. */
    public static final double FFT = 1e-14;
    /** Residual and orthogonality of the Hermitian eigen-decomposition. Measured: 8e-15 at N = 256. */
    public static final double EIGEN = 1e-13;
    /** HiPPO matrices rebuilt from their NPLR form. Measured: 1.2e-14 at N = 256. */
    public static final double NPLR = 1e-13;
    /**
     * Two ways to one kernel or output: convolution, recurrence, dense, structured. Measured: 2e-15 for most, 1.4e-12
     * for FouT, whose idle state of decay 1e-4 makes I - dA^L nearly singular.
     */
    public static final double SAME_KERNEL = 1e-11;
    /** The true C from C~, divided by I - dA^L. Measured: 5e-13 for FouT. */
    public static final double TRUE_C = 1e-11;
    /** A polynomial through projection and reconstruction. Measured: 7e-14 at N = 64. */
    public static final double RECONSTRUCTION = 1e-12;
    /** {@code t c' = A c + B f} of HiPPO coefficients, relative to the terms. Measured: 2.5e-13 at N = 64. */
    public static final double HIPPO_ODE = 1e-10;
    /** The DSS kernel against its definition: its guarded reciprocal is off by 1e-7 / |x|^2. Measured: 6.3e-4. */
    public static final double DSS_GUARD = 1e-3;
    /** float32 results of a rounded kernel against results rounded once. Measured: 7.5e-8; half an ulp is 6e-8. */
    public static final double FLOAT32 = 2e-7;

    /** float32 sums of 300 products by a BLAS, over the largest value. Measured: 6.5e-7. */
    public static final double FLOAT32_PRODUCT = 2e-6;

    private Tolerances() {}
}
