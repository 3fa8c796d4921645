package s4j.kernel;

/** Which twin of the kernels runs. */
public enum Backend {
    /** Plain Java loops: the oracle, and the fallback where the Vector API is not there. */
    SCALAR,
    /** The Vector API with the widest vectors of the processor. */
    SIMD;

    /** SIMD where the JVM was started with {@code --add-modules jdk.incubator.vector}, else scalar. */
    public static Backend best() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? SIMD : SCALAR;
    }

    /** For people, e.g. {@code SIMD 512-bit}. */
    public String describe() {
        return this == SCALAR ? "scalar" : "SIMD " + 32 * new SimdDiagonalScan().lanes() + "-bit";
    }
}
