package s4j.torch.ssm;

import org.bytedeco.pytorch.Tensor;

/**
 * The state space model of a layer: H features, n = N/2 stored states each, C output channels. Everything is computed
 * in complex float64 from the parameters and rounded once by the caller. States are real tensors {@code [b, h, n, 2]}
 * (the last axis is re, im) that hold one of each conjugate pair.
 */
public sealed interface SsmKernel permits DiagonalKernel, DplrKernel {
    /**
     * The convolution kernel K {@code [c, h, l]}, K_l = Re C dA^l dB over all N states. At rates below 1 S4's may be one or
     * two steps shorter than asked, where rounding leaves fewer nodes than steps.
     *
     * @param kernels what computes the sums inside
     * @param length l ≥ 1
     * @param rate relative sampling rate: multiplies dt
     */
    Tensor kernel(Kernels kernels, long length, double rate);

    /** What x_0 {@code [b, h, n, 2]} adds to the outputs, Re C dA^(l+1) x_0: {@code [b, c, h, l]}. */
    Tensor stateOutput(Tensor state, long length, double rate);

    /** x_L = dA^L x_0 + Σ dA^(L−1−s) dB u_s from inputs u {@code [b, h, l]}: {@code [b, h, n, 2]}. */
    Tensor nextState(Tensor u, Tensor state, double rate);

    /** {@link #stateOutput} to float32's precision, where that is faster. */
    default Tensor heldOutput(Kernels kernels, Tensor state, long length, double rate) {
        return stateOutput(state, length, rate);
    }

    /** {@link #nextState} to float32's precision, where that is faster. */
    default Tensor lastState(Tensor u, Tensor state, double rate) {
        return nextState(u, state, rate);
    }

    /** The recurrent view x' = dA x + dB u, y = Re C x', at one sampling rate. */
    Recurrence recurrence(double rate);

    /** One step of all features; its tensors belong to the scope that made it. */
    interface Recurrence {
        /** x' = dA x + dB u from u {@code [b, h]} and x {@code [b, h, n, 2]}. */
        Tensor nextState(Tensor u, Tensor state);

        /** y {@code [b, c, h]} from x' {@code [b, h, n, 2]}. */
        Tensor output(Tensor state);

        /** The discretised system (dA, dB, C), complex: of the n stored states (diagonal) or of all N (DPLR). */
        Tensor[] system();
    }
}
