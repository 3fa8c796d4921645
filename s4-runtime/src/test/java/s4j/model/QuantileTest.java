package s4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Quantiles of outputs against tables of the distributions. */
final class QuantileTest {
    /** softplus(0). */
    private static final double SCALE = Math.log(2) + Outputs.LEAST_SCALE;

    @Test
    void quantilesOfStudentsTAreThoseOfItsTable() {
        assertEquals(2.920, StudentQuantile.of(0.95, 2), 1e-3);
        assertEquals(-2.015, StudentQuantile.of(0.05, 5), 1e-3);
        assertEquals(3.169, StudentQuantile.of(0.995, 10), 1e-3);
        assertEquals(0, StudentQuantile.of(0.5, 3));
        assertEquals(1.95996, StudentQuantile.of(0.975, Double.POSITIVE_INFINITY), 1e-3);
    }

    @Test
    void outputsAreReadByTheirObjective() {
        Outputs gaussian = new Outputs(ObjectiveConfig.Gaussian.DEFAULTS);
        assertEquals(3 + SCALE * 1.2816, gaussian.quantile(new float[]{3, 0}, 0, 0.9), 1e-3);
        Outputs student = new Outputs(ObjectiveConfig.StudentT.DEFAULTS);
        assertEquals(3, student.quantile(new float[]{9, 9, 9, 3, 0, 0}, 3, 0.5), 1e-9);
        Outputs three = new Outputs(new ObjectiveConfig.Quantile("quantile", List.of(0.1, 0.5, 0.9)));
        assertEquals(1 + Math.log(2), three.quantile(new float[]{1, 0, 0}, 0, 0.5), 1e-6);
        assertEquals(1 + Math.log(2) / 2, three.quantile(new float[]{1, 0, 0}, 0, 0.3), 1e-6, "between levels");
        assertFails(IllegalArgumentException.class,
                () -> new Outputs(ObjectiveConfig.Mse.DEFAULTS).quantile(new float[]{1}, 0, 0.5), "gives points",
                "task.loss=quantile");
    }

    @Test
    void beyondTheTrainedQuantilesTheTailsAreNormal() {
        Outputs q = new Outputs(new ObjectiveConfig.Quantile("quantile", List.of(0.1, 0.5, 0.9)));
        float[] y = {1, 0, 2}; // 10, 50 and 90 %: 1, 1 + ln 2, 1 + ln 2 + ln(1 + e²)
        double median = q.quantile(y, 0, 0.5);
        double below = median - q.quantile(y, 0, 0.1);
        double above = q.quantile(y, 0, 0.9) - median;
        assertEquals(median - below * 1.95996 / 1.28155, q.quantile(y, 0, 0.025), 1e-4, "not the 10 % quantile again");
        assertEquals(median + above * 2.32635 / 1.28155, q.quantile(y, 0, 0.99), 1e-4, "each side has its own width");
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 1; i < 1000; i++) {
            double now = q.quantile(y, 0, i / 1000.0);
            assertTrue(now > before, "quantiles cross at " + i / 1000.0);
            before = now;
        }
        Outputs upper = new Outputs(new ObjectiveConfig.Quantile("quantile", List.of(0.8, 0.9)));
        assertEquals(1, upper.quantile(new float[]{1, 0}, 0, 0.1), 1e-6,
                "without a median there is no scale for a tail");
    }
}
