package s4j.ssm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class TransformTest {
    @Test
    void inverseIsUndoneByApply() {
        for (double value : new double[]{1e-4, 0.001, 0.1, 0.5, 0.999}) {
            for (Transform t : Transform.values()) {
                double expected = t == Transform.RELU ? value + 1e-4 : value;
                assertEquals(expected, t.apply(t.inverse(value)), Tolerances.CLOSED_FORM * 10, t + " of " + value);
            }
        }
        for (Transform t : new Transform[]{Transform.NONE, Transform.EXP, Transform.SOFTPLUS}) {
            assertEquals(700, t.apply(t.inverse(700)), 1e-10, t.toString());
        }
    }

    @Test
    void valuesBelowTheFloorAreRaisedToIt() {
        for (Transform t : Transform.values()) {
            assertEquals(t.inverse(1e-4), t.inverse(0), t.toString());
            assertEquals(t.inverse(1e-4), t.inverse(-3), t.toString());
        }
    }

    @Test
    void valuesAreThoseOfTheirFormulas() {
        assertEquals(-2, Transform.NONE.apply(-2));
        assertEquals(Math.exp(-2), Transform.EXP.apply(-2));
        assertEquals(1e-4, Transform.RELU.apply(-2));
        assertEquals(2.0001, Transform.RELU.apply(2));
        assertEquals(0.5, Transform.SIGMOID.apply(0));
        assertEquals(Math.log(2), Transform.SOFTPLUS.apply(0));
        assertEquals(1000, Transform.SOFTPLUS.apply(1000));
        assertTrue(Transform.SOFTPLUS.apply(-700) > 0);
    }

    @Test
    void inverseSigmoidOfOneIsRefused() {
        assertEquals("inverse sigmoid: value 1.0; expected below 1. Use exp or softplus for values that may be larger",
                Refusal.messageOf(() -> Transform.SIGMOID.inverse(1)));
    }

    @Test
    void stepsAreLogUniformInTheirRange() {
        for (Transform t : Transform.values()) {
            double[] stored = DtInit.draw(500, 4, 0.001, 0.1, t, new SplittableRandom(1));
            assertEquals(2000, stored.length);
            double floor = t == Transform.RELU ? 1e-4 : 0;
            double meanLog = 0;
            for (double s : stored) {
                double dt = t.apply(s) - floor;
                assertTrue(dt > 0.001 - 1e-12 && dt < 0.1 + 1e-12, t + ": " + dt);
                meanLog += Math.log10(dt) / stored.length;
            }
            // uniform on [-3, -1]: the mean of 2000 has a standard deviation of 0.013
            assertEquals(-2, meanLog, 0.05, t.toString());
        }
    }

    @Test
    void stepsDependOnTheSeedAlone() {
        double[] once = DtInit.draw(8, 1, 0.001, 0.1, Transform.SOFTPLUS, new SplittableRandom(4));
        double[] again = DtInit.draw(8, 1, 0.001, 0.1, Transform.SOFTPLUS, new SplittableRandom(4));
        assertArrayEquals(once, again);
    }

    @Test
    void stepRangesAreChecked() {
        assertEquals("dt initialisation: dt_min 0.2, dt_max 0.1; expected 0 < dt_min <= dt_max",
                Refusal.messageOf(() -> DtInit.draw(1, 1, 0.2, 0.1, Transform.EXP, new SplittableRandom(1))));
        assertEquals("dt initialisation: 0 features, 1 steps each; expected at least 1",
                Refusal.messageOf(() -> DtInit.draw(0, 1, 0.1, 0.2, Transform.EXP, new SplittableRandom(1))));
    }
}
