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
    /** FouT's true C by two solvers: at few steps I - dA^L is nearly singular. Measured: 5.4e-11 at L = 2. */
    public static final double IDLE_STATE = 1e-9;
    /**
     * Gradients against differences of fourth order in float64, relative to the gradient's norm. Measured: 3.5e-7 for
     * FouT's A_real, whose own gradient is 1e-6 of the value's scale; 2e-7 elsewhere.
     */
    public static final double FINITE_DIFFERENCE = 1e-6;
    /** Blocks and networks in float64 as convolution, in chunks, by steps; with and without padding. Measured: 1e-14. */
    public static final double FORMS = 1e-12;
    /** The same in float32. Measured: 1.8e-7. */
    public static final double FORMS_FLOAT32 = 1e-6;
    /** Twenty optimizer steps in float32 against libtorch's, averages of float32 weights. Measured: 4.6e-8. */
    public static final double OPTIMIZER_FLOAT32 = 5e-7;
    /** A float32 network's scores of one sequence, alone and in a batch. Measured: 0; BLAS may sum in another order. */
    public static final double BATCH_FLOAT32 = 1e-6;
    /** Outputs and gradients of blocks in float32, by s4j's own kernels and by libtorch. Measured: 3.3e-6. */
    public static final double BACKEND_FLOAT32 = 1e-5;
    /** float32 scan, outputs and states, against float64. Measured: 2.6e-7 at L 16,384 with steps dt from 1e-3 up, 4.7e-7 from 1e-4 up. */
    public static final double SCAN_FORWARD = 2e-6;
    /** The same where few features and states leave an output that is small by cancellation. Measured: 2.2e-6. */
    public static final double SCAN_FORWARD_FEW = 4e-6;
    /** Gradients of the float32 scan. Measured for u: 2.7e-7 at L 16,384 with steps dt from 1e-3 up, 6.0e-7 from 1e-4 up. */
    public static final double SCAN_BACKWARD = 1e-5;
    /** float32 convolution against float64. Measured: 6.7e-7 for direct sums of 1,024 terms, 2.3e-7 by transforms. */
    public static final double CONVOLUTION_FORWARD = 2e-6;
    /** Its gradients. Measured: 4.4e-7 for K and 2.4e-7 for u by transforms, 1.5e-6 for d of one feature. */
    public static final double CONVOLUTION_BACKWARD = 1e-5;
    /** float32 kernels with and without SIMD. Measured: 1.8e-7. */
    public static final double TWINS = 1e-6;
    /** Sums over poles near the unit circle, of float64, by a common denominator or as written. Measured: 5.9e-14. */
    public static final double CAUCHY = 1e-12;
    /** Gradients in float64 against central differences. Measured: 1.2e-9. */
    public static final double SLOPE = 1e-7;

    /** Outputs of the runtime in each of its forms against libtorch's in float32, and the official
     * float64 ones. Measured: 2.2e-7. */
    public static final double RUNTIME = 1e-5;
    /**
     * Kernels in float32 of systems drawn from all that can be stored, convolved, against the recurrence in float64. Measured in
     * 16,000 features of each kind: 2.5e-7 of diagonal ones, 2.8e-7 of low-rank ones, dt |lambda| from 1e-14 to 1e9.
     */
    public static final double EVERY_KERNEL = 1e-6;
    /**
     * Steps of such diagonal systems in float32. Measured in 16,000 features each: 7.8e-5 (zoh, seed 851), 9.2e-5
     * (bilinear, seed 407).
     */
    public static final double EVERY_FEATURE = 3e-4;
    /**
     * The same of low-rank systems: l and q of S4's one low-rank term are float32, each 6e-8 off, and where a mode never forgets
     * 300 steps add up. Measured in 16,000 features: 3.5e-4 (seed
     * 852).
     */
    public static final double EVERY_FEATURE_LOW_RANK = 1e-3;
    /**
     * Outputs of a network of such diagonal systems: where features whose outputs differ by many orders go through one norm, errors
     * of the largest, 1e-7 of it, stand beside what is small while the largest crosses zero. Measured in 1,000 draws each: 1.6e-4
     * (float32, seed 644), 3.5e-4 (bfloat16 weights, seed 683), 2.8e-4 (int8, seed 914).
     */
    public static final double EVERY_SYSTEM = 1e-3;
    /** The same of low-rank systems, with and without stiff modes. Measured: 5.0e-4 (seed 679) in 1,000 draws each. */
    public static final double EVERY_SYSTEM_LOW_RANK = 2e-3;
    /** A tiny SaShiMi with bfloat16 weights, of 8 bits each. Measured: 4.2e-3. */
    public static final double BF16 = 2e-2;
    /** The same with int8 weights. Measured: 1.1e-2. */
    public static final double INT8 = 5e-2;
    /** float32 sums of 300 products by a BLAS, over the largest value. Measured: 6.5e-7. */
    public static final double FLOAT32_PRODUCT = 2e-6;

    /** Tones after resampling, relative; images of tones. Measured: below 1e-3 for eight pairs of rates, up to 0.85 of the band. */
    public static final double RESAMPLING = 1e-3;

    private Tolerances() {}
}
