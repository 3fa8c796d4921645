package s4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
        assertEquals(1, three.quantile(new float[]{1, 0, 0}, 0, 0.01), 1e-6, "beyond the outermost");
        assertFails(IllegalArgumentException.class,
                () -> new Outputs(ObjectiveConfig.Mse.DEFAULTS).quantile(new float[]{1}, 0, 0.5), "gives points",
                "task.loss=quantile");
    }
}
