package s4j.train.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.List;
import org.junit.jupiter.api.Test;
import s4j.model.TargetSpec;
import s4j.model.Targets;

/** Errors against sums by hand, in the data's own unit. */
final class ErrorsTest {
    private static final TargetSpec.Values TWO = TargetSpec.Values.of(1, List.of("a", "b"), List.of(10.0, 0.0),
            List.of(2.0, 5.0));

    @Test
    void errorsAreOfTheRestoredNumbers() {
        Errors e = new Errors(TWO);
        // targets a: 10, 12; b: 5, -5. Predictions a: 12, 12; b: 0, -10
        e.add(new Targets.Values(1, 2, new float[]{0, 1, 1, -1}), new float[]{1, 0, 1, -2});
        assertEquals(4, e.size());
        assertEquals((2 + 5 + 0 + 5) / 4.0, e.mae(), 1e-12);
        assertEquals(Math.sqrt((4 + 25 + 0 + 25) / 4.0), e.rmse(), 1e-12);
        // each number's own mean: 11 and 0, squared distances 1 + 1 + 25 + 25
        assertEquals(1 - 54.0 / 52, e.r2(), 1e-12);
    }

    @Test
    void whatIsNotKnownDoesNotCount() {
        Errors e = new Errors(TWO);
        e.add(new Targets.Values(1, 2, new float[]{0, Float.NaN}, new float[]{1, 0}), new float[]{0.5f, 7});
        assertEquals(1, e.size());
        assertEquals(1, e.rmse(), 1e-12);
        assertTrue(Double.isNaN(e.r2()), "one number has no spread");
    }

    @Test
    void severalBatchesAreOne() {
        Errors whole = new Errors(TWO);
        Errors parts = new Errors(TWO);
        whole.add(new Targets.Values(1, 2, new float[]{0, 1, 2, 3}), new float[]{1, 1, 1, 1});
        parts.add(new Targets.Values(1, 2, new float[]{0, 1}), new float[]{1, 1});
        parts.add(new Targets.Values(1, 2, new float[]{2, 3}), new float[]{1, 1});
        assertEquals(whole.rmse(), parts.rmse());
        assertEquals(whole.r2(), parts.r2());
        assertFails(IllegalArgumentException.class,
                () -> parts.add(new Targets.Values(1, 2, new float[]{2, 3}), new float[1]),
                "2 numbers have 1 predictions");
    }

    @Test
    void predictionsOfTheMeanExplainNothing() {
        Errors e = new Errors(TargetSpec.Values.of(1, List.of("a"), List.of(0.0), List.of(1.0)));
        e.add(new Targets.Values(1, 1, new float[]{1, 2, 3}), new float[]{2, 2, 2});
        assertEquals(0, e.r2(), 1e-12);
    }
}
