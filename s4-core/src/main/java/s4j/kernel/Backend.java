package s4j.kernel;

/** Which twin of the kernels runs. */
public enum Backend {
    /** Plain Java loops: the oracle, and the fallback where the Vector API is not there. */
    SCALAR,
    /** The Vector API with the widest vectors of the processor. */
    SIMD
}
