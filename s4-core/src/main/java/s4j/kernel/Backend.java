package s4j.kernel;

/** Which twin of the kernels runs. */
public enum Backend {
    /** Plain Java loops: the oracle, and the fallback where the Vector API is not there. */
    SCALAR,
    /** The Vector API with the widest vectors of the processor. */
    SIMD;

    private static final String MODULE = "jdk.incubator.vector";

    /** SIMD where the JVM was started with {@code --add-modules jdk.incubator.vector}, else SCALAR. */
    public static Backend best() {
        return ModuleLayer.boot().findModule(MODULE).isPresent() ? SIMD : SCALAR;
    }

    /** This backend if the JVM has it, so that no kernel fails later with a missing class. */
    public Backend required() {
        if (this == SIMD && best() == SCALAR) {
            throw new IllegalArgumentException(
                    "kernel backend: SIMD; expected SCALAR, as this JVM has no module " + MODULE
                            + ". Start it with --add-modules=" + MODULE);
        }
        return this;
    }

    /** For people, e.g. {@code SIMD 512-bit}. */
    public String describe() {
        return this == SCALAR ? "scalar" : "SIMD " + 32 * Lanes.of(SIMD).lanes() + "-bit";
    }
}
