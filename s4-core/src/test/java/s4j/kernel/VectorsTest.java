package s4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import s4j.kernel.cauchy.CauchySums;
import s4j.kernel.convolution.ToeplitzConvolution;
import s4j.kernel.projection.GatedProjection;
import s4j.kernel.scan.DiagonalScan;
import s4j.kernel.vandermonde.VandermondeSums;
import s4j.testkit.Refusal;

/** The kernel tests of this JVM run on the vectors that its execution in the pom names. */
class VectorsTest {
    @Test
    void theBestBackendIsWhatTheFlagsLeave() {
        assertEquals(Backends.RUN.equals("none") ? Backend.SCALAR : Backend.SIMD, Backend.best(), Backends.RUN);
    }

    @Test
    void theScalarTwinSaysSoAndHasOneLane() {
        assertEquals("scalar", Backend.SCALAR.describe());
        assertEquals(1, Lanes.of(Backend.SCALAR).lanes());
    }

    @Test
    @Tag(Backends.SIMD)
    void vectorsAreNoWiderThanTheFlagsAllow() {
        int bits = Float.SIZE * Lanes.of(Backend.SIMD).lanes();
        assertEquals("SIMD " + bits + "-bit", Backend.SIMD.describe());
        int most = switch (Backends.RUN) {
            case "128-bit" -> 128;
            case "256-bit" -> 256;
            default -> Integer.MAX_VALUE;
        };
        assertTrue(bits >= 64 && bits <= most, Backends.RUN + ": " + Backend.SIMD.describe());
        // flags for x86 leave other processors as they are
        if (System.getProperty("os.arch", "").equals("amd64") && Backends.RUN.equals("128-bit")) {
            assertEquals(128, bits);
        }
    }

    @Test
    @Tag("scalar")
    void simdWithoutItsModuleIsRefusedByEveryKernel() {
        try (Workers workers = new Workers(1)) {
            requireRefusal(() -> Lanes.of(Backend.SIMD));
            requireRefusal(() -> new DiagonalScan(Backend.SIMD, workers, 1, 1, 1, new double[2], new double[2], null,
                    false));
            requireRefusal(() -> new CauchySums(Backend.SIMD, workers, 1, 1, 1, 1, new double[2], new double[2]));
            requireRefusal(() -> new VandermondeSums(Backend.SIMD, workers, 1, 1, 1, 1, new double[2], new double[2]));
            requireRefusal(() -> new ToeplitzConvolution(Backend.SIMD, workers, 1, 1, 1, 1, new float[1], null, null));
            requireRefusal(() -> new GatedProjection(Backend.SIMD, workers, 1, 1, new float[2], new float[2]));
        }
    }

    private static void requireRefusal(Executable kernel) {
        String message = Refusal.messageOf(kernel);
        assertTrue(message.contains("--add-modules=jdk.incubator.vector"), message);
    }
}
