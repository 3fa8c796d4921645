package s4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Targets, and how outputs are read. */
final class OutputsTest {
    @Test
    void probabilitiesDoNotOverflow() {
        double[] p = Outputs.probabilities(new float[]{-1, 1000, 999, -1e30f}, 0, 4);
        assertEquals(1, p[0] + p[1] + p[2] + p[3], 1e-12);
        assertEquals(Math.E, p[1] / p[2], 1e-9);
        assertArrayEquals(new double[]{0.5, 0.5}, Outputs.probabilities(new float[]{9, 2, 2}, 1, 2), 1e-15);
    }

    @Test
    void aMedianBetweenTwoLevelsIsBetweenTheirValues() {
        ObjectiveConfig q = new ObjectiveConfig.Quantile("quantile", List.of(0.25, 0.75));
        double high = 1 + Outputs.softplus(3);
        assertEquals((1 + high) / 2, new Outputs(q).points(new float[]{1, 3})[0], 1e-6);
        ObjectiveConfig low = new ObjectiveConfig.Quantile("quantile", List.of(0.1, 0.2));
        assertEquals(1 + Outputs.softplus(0), new Outputs(low).points(new float[]{1, 0})[0], 1e-6, "the outermost");
    }

    @Test
    void softplusIsItsDefinitionEverywhere() {
        for (double x : new double[]{-800, -20, -1, 0, 1, 29.9, 30.1, 700}) {
            double expected = x > 600 ? x : Math.log1p(Math.exp(x));
            assertEquals(expected, Outputs.softplus(x), 1e-12 * Math.max(1, Math.abs(x)), "at " + x);
        }
    }

    @Test
    void pointsAreMeansAndLocations() {
        assertArrayEquals(new float[]{1, 3},
                new Outputs(ObjectiveConfig.Gaussian.DEFAULTS).points(new float[]{1, 2, 3, 4}));
        assertArrayEquals(new float[]{1, 4},
                new Outputs(ObjectiveConfig.StudentT.DEFAULTS).points(new float[]{1, 2, 3, 4, 5, 6}));
        assertArrayEquals(new float[]{0.5f},
                new Outputs(ObjectiveConfig.BinaryCrossEntropy.DEFAULTS).points(new float[1]));
        float[] same = {1, 2};
        assertTrue(new Outputs(ObjectiveConfig.CrossEntropy.DEFAULTS).scores(same) == same, "no copy");
    }

    @Test
    void widthsFollowTargetsAndLosses() {
        TargetSpec.Values v = TargetSpec.Values.of(3, List.of("a", "b"), List.of(0.0, 0.0), List.of(1.0, 1.0));
        assertEquals(6, ObjectiveConfig.Mse.DEFAULTS.outputs(v));
        assertEquals(12, ObjectiveConfig.Gaussian.DEFAULTS.outputs(v));
        assertEquals(18, ObjectiveConfig.StudentT.DEFAULTS.outputs(v));
        assertEquals(54, ObjectiveConfig.Quantile.DEFAULTS.outputs(v));
        assertEquals(6, ObjectiveConfig.BinaryCrossEntropy.DEFAULTS.outputs(v));
        assertEquals(1, ObjectiveConfig.BinaryCrossEntropy.DEFAULTS.outputs(TargetSpec.Classes.of(List.of("a", "b"))));
        assertEquals(256, ObjectiveConfig.CrossEntropy.DEFAULTS.outputs(TargetSpec.StepClasses.of(256)));
        assertFails(IllegalArgumentException.class,
                () -> new ObjectiveConfig.CrossEntropy("cross_entropy", 0, List.of(1.0), true), "balanced");
        assertFails(IllegalArgumentException.class,
                () -> TargetSpec.Values.of(1, List.of("a"), List.of(), List.of(1.0)),
                "mean 0");
    }

    @Test
    void batchesRefuseTargetsOfOtherSizes() {
        float[] x = new float[6];
        assertFails(IllegalArgumentException.class, () -> new SequenceBatch(2, 3, 1, x, new int[]{1}),
                "batch of 2 has 1 labels");
        assertFails(IllegalArgumentException.class, () -> SequenceBatch.ofSteps(2, 3, x, new int[]{3, 2}, new int[5]),
                "needs 6 targets, got 5");
        Targets three = new Targets.Values(1, 1, new float[3]);
        assertFails(IllegalArgumentException.class, () -> new SequenceBatch(2, 3, 1, x, new int[]{3, 3}, three),
                "need 2 values, got 3");
        SequenceBatch unknown = new SequenceBatch(2, 3, 1, x);
        assertFails(IllegalArgumentException.class, unknown::classes, "a batch without classes");
        assertFails(IllegalArgumentException.class, unknown::values, "a batch without numbers");
        SequenceBatch padded = new SequenceBatch(2, 3, 1, x, new int[]{3, 1}, new int[2]);
        assertEquals(4, padded.realSteps());
        assertEquals(1, padded.stepsOf(1));
    }
}
