package s4j.kernel;

import java.util.EnumSet;
import java.util.Set;

/**
 * The backends of this JVM. Kernel tests run several times, with vectors as wide as the processor's, with narrower ones, and
 * without the Vector API, where the scalar twin is all there is: see the executions in the module's pom.
 */
public final class Backends {
    /** What this JVM's flags left: {@code 256-bit}, {@code 128-bit}, {@code none}, or {@code all}. */
    public static final String RUN = System.getProperty("s4j.test.vectors", "all");

    /** Tests of SIMD itself. */
    public static final String SIMD = "simd";

    /** SCALAR, and SIMD where it is. */
    public static Set<Backend> present() {
        return EnumSet.of(Backend.SCALAR, Backend.best());
    }

    private Backends() {}
}
