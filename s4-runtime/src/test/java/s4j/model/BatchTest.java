package s4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Shapes that do not agree are refused where they are made, with both sizes. */
final class BatchTest {
    private static final float[] SIX = new float[6];

    @Test
    void aBatchHasAsManyValuesAsItsShapeSays() {
        assertFails(IllegalArgumentException.class, () -> new SequenceBatch(2, 2, 2, SIX),
                "batch [2, 2, 2] needs 8 values, got 6");
        for (int[] shape : new int[][]{{0, 3, 2}, {2, 0, 3}, {2, 3, 0}, {-1, -3, 2}}) {
            assertFails(IllegalArgumentException.class, () -> new SequenceBatch(shape[0], shape[1], shape[2], SIX),
                    "batch [" + shape[0]);
        }
        assertFails(ArithmeticException.class, () -> new SequenceBatch(1 << 20, 1 << 20, 1, SIX), "overflow");
    }

    @Test
    void lengthsAreOnePerSequenceAndWithinTheBatch() {
        assertFails(IllegalArgumentException.class, () -> new SequenceBatch(2, 3, 1, SIX, new int[]{3}, new int[2]),
                "batch of 2 has 1 lengths");
        for (int bad : new int[]{0, -1, 4}) {
            assertFails(IllegalArgumentException.class,
                    () -> new SequenceBatch(2, 3, 1, SIX, new int[]{3, bad}, new int[2]),
                    "sequence 1 of the batch has length " + bad + "; expected 1 to 3");
        }
        SequenceBatch b = new SequenceBatch(2, 3, 1, SIX, new int[]{3, 1}, new int[2]);
        assertEquals(List.of(3, 1), List.of(b.stepsOf(0), b.stepsOf(1)));
        assertEquals(4, b.realSteps());
        assertEquals(4, b.predictedSteps());
    }

    @Test
    void targetsAreOfTheBatch() {
        assertFails(IllegalArgumentException.class, () -> new SequenceBatch(2, 3, 1, SIX, new int[3]),
                "batch of 2 has 3 labels");
        assertFails(IllegalArgumentException.class, () -> SequenceBatch.ofSteps(2, 3, SIX, null, new int[5]),
                "batch [2, 3] needs 6 targets, got 5");
        assertFails(IllegalArgumentException.class,
                () -> new SequenceBatch(2, 3, 1, SIX, null, new Targets.Values(2, 1, new float[3])),
                "targets [2, 2, 1] need 4 values, got 3");
        assertFails(IllegalArgumentException.class,
                () -> new SequenceBatch(2, 3, 1, SIX, null, new Targets.Values(1, 2, new float[4], new float[2])),
                "and a mask of 2");
        SequenceBatch steps = SequenceBatch.ofSteps(2, 3, SIX, new int[]{3, 2},
                new int[]{Targets.NONE, 1, 2, 3, Targets.NONE, 5});
        assertEquals(3, steps.predictedSteps(), "neither what is only read nor what is padding");
        assertFails(IllegalArgumentException.class, steps::values, "without numbers to predict");
        assertFails(IllegalArgumentException.class, () -> new SequenceBatch(2, 3, 1, SIX).classes(), "without classes");
    }

    @Test
    void aContextIsShorterThanTheSequence() {
        SequenceBatch b = new SequenceBatch(2, 3, 1, SIX);
        for (int bad : new int[]{0, 3, -1}) {
            assertFails(IllegalArgumentException.class, () -> b.after(new SequenceBatch.Context.Steps(bad)),
                    "context of " + bad + " steps; expected 1 to 2");
        }
        assertEquals(new SequenceBatch.Context.Steps(2), b.after(new SequenceBatch.Context.Steps(2)).context());
    }

    /** What a frame takes away it gives back, number by number, each of its own window and column. */
    @Test
    void framesAreReversible() {
        SplittableRandom random = new SplittableRandom(5);
        int size = 3;
        int steps = 4;
        int features = 2;
        Targets.Frame frame = Targets.Frame.of(size, steps, features);
        for (int i = 0; i < size * features; i++) {
            frame.unit(i, 100 * random.nextGaussian(), 1 + random.nextDouble());
        }
        for (int i = 0; i < size * steps * features; i++) {
            frame.set(i, random.nextGaussian(), 0.5 + random.nextDouble());
            assertEquals(i / (steps * features) * features + i % features, frame.row(i));
        }
        for (int i = 0; i < size * steps * features; i++) {
            double v = random.nextGaussian();
            assertEquals(v, frame.standardised(frame.normalised((float) v, i), i), 1e-5);
            double unit = v * frame.std()[frame.row(i)] + frame.mean()[frame.row(i)];
            assertEquals(unit, frame.restored(frame.normalised((float) v, i), i), 1e-4, "number " + i);
        }
    }

    @Test
    void everyTokenIsInOneClusterAndHasOnePlace() {
        Clusters c = new Clusters(1000, List.of(10, 100), 2, 64);
        assertEquals(3, c.count());
        assertEquals(List.of(10, 90, 900), List.of(c.size(0), c.size(1), c.size(2)));
        assertEquals(List.of(64, 32, 16), List.of(c.width(0), c.width(1), c.width(2)));
        for (int token = 0; token < 1000; token++) {
            int own = c.of(token);
            assertTrue(token >= c.first(own) && token < c.first(own + 1), "token " + token);
        }
        assertEquals(List.of(11, 10), List.of(c.headPlace(1), c.headPlace(2)), "the last cluster first");
        for (List<Integer> bad : List.of(List.of(0), List.of(5, 5), List.of(9, 3), List.of(1000))) {
            assertFails(IllegalArgumentException.class, () -> new Clusters(1000, bad, 1, 8),
                    "encoder.cutoffs: got " + bad,
                    "below the 1000 tokens");
        }
        assertFails(IllegalArgumentException.class, () -> new Clusters(1000, List.of(10, 100), 4, 8),
                "encoder.div_val: got 4; the last of 3 clusters would be narrower than 1 at d_model 8");
        assertEquals(1000, new Clusters(1000, List.of(), 1, 8).size(0));
    }

    @Test
    void numbersToPredictHaveAMeanAndAStdEach() {
        assertFails(IllegalArgumentException.class, () -> TargetSpec.Values.of(1, List.of(), List.of(), List.of()),
                "names: got 0");
        assertFails(IllegalArgumentException.class,
                () -> TargetSpec.Values.of(1, List.of("a", "b"), List.of(1.0, 2.0), List.of(1.0)),
                "names: got 2, mean 2, std 1; expected one of each");
        TargetSpec.Values v = TargetSpec.Values.of(3, List.of("a", "b"), List.of(10.0, 20.0), List.of(2.0, 4.0));
        assertArrayEquals(new double[]{11, 18}, new double[]{v.restored(0.5, 0), v.restored(-0.5, 1)});
    }

    /** The distribution function of Student's t at its own quantile, by integration, is the level. */
    @Test
    void quantilesOfStudentsTInvertItsDistribution() {
        for (double nu : new double[]{1, 2, 5, 30}) {
            double last = Double.NEGATIVE_INFINITY;
            for (double level : new double[]{0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99}) {
                double q = StudentQuantile.of(level, nu);
                assertTrue(q > last, "they rise");
                last = q;
                assertEquals(-StudentQuantile.of(1 - level, nu), q, 1e-6 * (1 + Math.abs(q)), "symmetric");
            }
        }
        assertEquals(Math.tan(Math.PI * (0.9 - 0.5)), StudentQuantile.of(0.9, 1), 1e-4, "of Cauchy's");
        double two = StudentQuantile.of(0.9, 2);
        assertEquals(0.8 * Math.sqrt(2 / (1 - 0.8 * 0.8)), two, 1e-4, "of two degrees in closed form");
        assertEquals(1.2815515655, Outputs.normalQuantile(0.9), 1e-4);
    }

    @Test
    void softplusIsInvertedOverItsWholeRange() {
        for (double y = 1e-3; y < 1e3; y *= 1.7) {
            assertEquals(y, Outputs.softplus(Outputs.inverseSoftplus(y)), 1e-9 * y, "of " + y);
        }
        assertEquals(1000, Outputs.softplus(1000));
        assertEquals(0, Outputs.softplus(-1000));
        double[] p = Outputs.probabilities(new float[]{9, 1000, 1000, -1000}, 1, 3);
        assertArrayEquals(new double[]{0.5, 0.5, 0}, p, 1e-12, "no overflow");
    }
}
