package s4j.audio;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import s4j.io.MalformedFileException;
import s4j.testkit.Hostile;

/** Damaged wav files of every coding are read or refused. {@code -Ds4j.mutations=100000} runs a longer campaign. */
final class HostileWavTest {
    private static final int MUTATIONS = Integer.getInteger("s4j.mutations", 40_000);
    private static final long SEED = 88;
    /** Memory that a file may cost, in all and for each of its bytes: samples are floats of at least one byte. */
    private static final long FIXED = 1 << 20;
    private static final long PER_BYTE = 64;
    private static final byte[] CODES = "RIFFRF64WAVEfmt datads64LIST\0\u0001\u0003\u0006\u0007\u0008\u0010\u0018 \u007f"
            .getBytes(StandardCharsets.US_ASCII);

    private static byte[] good(int i) {
        int[][] codings = {{1, 8}, {1, 16}, {1, 24}, {1, 32}, {3, 32}, {3, 64}, {6, 8}, {7, 8}};
        int[] coding = codings[i % codings.length];
        return WavBytes.of(coding[0], coding[1], 1 + i % 2, 8000, i % 3 == 0, 0.5, -0.25, 0.125, 0.75);
    }

    @Test
    @Timeout(900)
    void damagedFilesAreReadOrRefusedAtACostOfTheirSize() {
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            long seed = SEED + i;
            byte[] bytes = Hostile.mutated(good(i), CODES, new SplittableRandom(seed));
            boolean[] was = new boolean[1];
            long cost = Hostile.allocated(() -> was[0] = Hostile.refused(MalformedFileException.class, "seed " + seed,
                    () -> WavFile.fromBytes(bytes, "x")));
            assertTrue(cost <= FIXED + PER_BYTE * bytes.length,
                    "seed " + seed + " costs " + cost + " for " + bytes.length);
            refused += was[0] ? 1 : 0;
        }
        assertTrue(refused > MUTATIONS / 10 && refused < MUTATIONS, refused + " of " + MUTATIONS + " refused");
    }
}
