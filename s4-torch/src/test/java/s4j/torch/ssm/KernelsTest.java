package s4j.torch.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import s4j.testkit.Refusal;

/** What {@code kernel.backend} chooses; runs with and without the Vector API. */
class KernelsTest {
    private static final boolean WITHOUT_VECTORS = System.getProperty("s4j.test.vectors", "all").equals("none");

    private static String said(String word, boolean cpu) {
        try (Kernels kernels = Kernels.of(word, cpu, 2)) {
            return kernels.describe();
        }
    }

    @Test
    void autoIsTheFastestThatThisJvmHasAndSaysSo() {
        String said = said("auto", true);
        if (WITHOUT_VECTORS) {
            assertEquals("kernels: scalar, 2 threads", said);
        } else {
            assertTrue(said.matches("kernels: SIMD \\d+-bit, 2 threads"), said);
        }
        assertEquals("kernels: libtorch", said("auto", false));
        assertEquals("kernels: scalar, 2 threads", said("scalar", true));
        assertEquals("kernels: libtorch", said("torch", true));
    }

    @Test
    void whatCannotRunIsRefused() {
        assertTrue(
                Refusal.messageOf(() -> Kernels.of("fast", true, 1)).contains("expected auto, simd, scalar or torch"));
        assertTrue(Refusal.messageOf(() -> Kernels.of("simd", false, 1)).contains("runs on the CPU only"));
    }
}
