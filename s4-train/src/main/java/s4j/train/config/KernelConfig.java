package s4j.train.config;

/**
 * What computes the SSM convolutions ({@code kernel.*}).
 *
 * @param backend s4j's own kernels with SIMD or as plain loops, or plain libtorch operations; auto: the fastest there is
 */
public record KernelConfig(Backend backend) {
    public static final KernelConfig DEFAULTS = new KernelConfig(Backend.AUTO);

    /** The twins of every kernel. */
    public enum Backend {
        AUTO, SIMD, SCALAR, TORCH
    }
}
