package s4j.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import s4j.testkit.Refusal;

class QuantizationTest {
    @ParameterizedTest
    @EnumSource(Quantization.class)
    void levelsAreInOrderAndHalfOfThemAreSilence(Quantization q) {
        for (int bits : new int[]{2, 4, 8, 12, 16}) {
            assertEquals(0, q.encode(-1, bits));
            assertEquals((1 << bits) - 1, q.encode(1, bits));
            assertEquals(Quantization.zero(bits), q.encode(0, bits));
            assertEquals(0f, q.decode(Quantization.zero(bits), bits));
            assertEquals(-1f, q.decode(0, bits));
            int before = 0;
            for (int i = -1000; i <= 1000; i++) {
                int level = q.encode(i / 1000f, bits);
                assertTrue(level >= before, q + ": levels never fall, at " + i);
                before = level;
            }
        }
    }

    /** A level decodes to the lower end of what encodes to it: one level's width at most is lost, and the hundredth that the edges take. */
    @ParameterizedTest
    @EnumSource(Quantization.class)
    void decodingIsWithinOneLevel(Quantization q) {
        for (int i = -999; i < 1000; i++) {
            float x = i / 1000f;
            int level = q.encode(x, 8);
            float up = level == 255 ? 1 : q.decode(level + 1, 8) * 1.01f + 1e-4f;
            float down = q.decode(Math.max(0, level - 1), 8);
            assertTrue(x >= down && (x <= up || x < 0),
                    q + " of " + x + " is level " + level + ", between " + down + " and " + up);
        }
    }

    /** Worked out by hand from the formulas: 255.99 (f(x) + 1) / 2 + 0.005, cut off. */
    @Test
    void valuesAreTheOfficialOnes() {
        assertEquals(191, Quantization.LINEAR.encode(0.5f, 8)); // 191.9975
        assertEquals(63, Quantization.LINEAR.encode(-0.505f, 8));
        assertEquals(240, Quantization.MU_LAW.encode(0.5f, 8)); // f = ln(128.5) / ln(256) = 0.87569
        assertEquals(157, Quantization.MU_LAW.encode(0.01f, 8)); // f = ln(3.55) / ln(256) = 0.22846
        assertEquals(0.5f, Quantization.LINEAR.decode(192, 8));
        assertEquals(15 / 255f, Quantization.MU_LAW.decode(192, 8), 1e-7f); // (256^0.5 - 1) / 255
    }

    @Test
    void whatIsNoSampleIsClippedAndWhatIsNoLevelIsRefused() {
        assertEquals(255, Quantization.MU_LAW.encode(Float.POSITIVE_INFINITY, 8));
        assertEquals(0, Quantization.LINEAR.encode(-7f, 8));
        assertEquals(128, Quantization.LINEAR.encode(Float.NaN, 8));
        assertEquals("level 256; expected 0 to 255", Refusal.messageOf(() -> Quantization.LINEAR.decode(256, 8)));
        assertEquals("bits 17; expected 1 to 16", Refusal.messageOf(() -> Quantization.levels(17)));
    }
}
