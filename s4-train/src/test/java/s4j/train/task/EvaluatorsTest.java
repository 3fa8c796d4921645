package s4j.train.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import s4j.model.ObjectiveConfig;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.train.fake.FakeData;
import s4j.train.run.RunException;

/** Evaluations against counts by hand. */
final class EvaluatorsTest {
    private static SequenceBatch batch(int... classes) {
        return new SequenceBatch(classes.length, 1, 1, new float[classes.length], classes);
    }

    private static ClassEvaluator evaluator() {
        return new ClassEvaluator(new FakeData().test(), List.of("a", "b", "c"),
                new Outputs(ObjectiveConfig.CrossEntropy.DEFAULTS));
    }

    @Test
    void confusionCountsTrueByPredicted() {
        ClassEvaluator e = evaluator();
        e.add(batch(0, 1), new float[]{3, 0, 0, 5, 0, 0});
        e.add(batch(2), new float[]{0, 0, 1});
        Classification c = e.result();
        assertArrayEquals(new int[][]{{1, 0, 0}, {1, 0, 0}, {0, 0, 1}}, c.confusion());
        assertEquals(2 / 3.0, c.accuracy(), 1e-15);
        double loss = Math.log(Math.exp(3) + 2) - 3 + Math.log(Math.exp(5) + 2) + Math.log(Math.E + 2) - 1;
        assertEquals(loss / 3, c.loss(), 1e-12);
        assertEquals("2 of 3 test sequences right, loss %.4f".formatted(c.loss()), c.summary());
        assertEquals("test accuracy: 0.6667", c.lastLine());
    }

    @Test
    void theMostConfidentMistakesComeFirst() {
        ClassEvaluator e = evaluator();
        e.add(batch(0, 0, 0), new float[]{0, 1, 0, 0, 9, 0, 0, 0, 4});
        List<Classification.Mistake> mistakes = e.result().mistakes();
        assertEquals(List.of(1, 2, 0), mistakes.stream().map(Classification.Mistake::index).toList());
        assertTrue(mistakes.getFirst().probability() > 0.99);
        assertTrue(e.result().sections().getLast().html().contains("3 of 3; the 3 most confident"));
    }

    @Test
    void scoresOfAnotherWidthAreRefused() {
        assertFails(IllegalArgumentException.class, () -> evaluator().add(batch(0, 1), new float[5]),
                "a batch of 2 with 3 classes has 5 scores");
        assertFails(RunException.class, () -> evaluator().result(), "nothing to evaluate");
    }

    @Test
    void topHitsAreCountedByHigherScores() {
        StepEvaluator e = new StepEvaluator(s4j.model.TargetSpec.StepClasses.of(4),
                List.of("accuracy", "accuracy@3", "bpb", "ppl"));
        // the target's score is the highest, the second, the last; the fourth step is padding
        float[] scores = {4, 3, 2, 1, 4, 3, 2, 1, 4, 3, 2, 1, 0, 0, 0, 0};
        e.add(SequenceBatch.ofSteps(1, 4, new float[4], new int[]{3}, new int[]{0, 1, 3, 99}), scores);
        StepPrediction p = e.result();
        assertEquals(3, p.size());
        Map<String, Double> m = p.metrics();
        assertEquals(List.of("loss", "accuracy", "bpb", "ppl", "accuracy@3"), List.copyOf(m.keySet()));
        assertEquals(1 / 3.0, p.metric("accuracy"), 1e-15);
        assertEquals(2 / 3.0, p.metric("accuracy@3"), 1e-15);
        double sum = Math.log(Math.exp(4) + Math.exp(3) + Math.exp(2) + Math.exp(1));
        double loss = (3 * sum - 4 - 3 - 1) / 3;
        assertEquals(loss, p.loss(), 1e-12);
        assertEquals(Math.exp(loss), p.metric("ppl"), 1e-12);
        assertEquals(loss / Math.log(2), p.metric("bpb"), 1e-12);
    }
}
