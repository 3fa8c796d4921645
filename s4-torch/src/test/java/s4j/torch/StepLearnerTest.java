package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;
import s4j.torch.Learner.StepScores;

/** Targets of each step: what is trained, what is summed. */
class StepLearnerTest {
    private static final int SEED = 31;
    private static final int TOKENS = 12;
    private static final int L = 20;

    static Stream<NetworkConfig> networks() {
        return Stream.of(network("model._name_", "sashimi", "model.pool", List.of(2, 2), "model.n_layers", 1,
                "model.dropout", 0.1),
                network("model._name_", "sashimi", "model.pool", List.of(4), "model.n_layers", 1, "model.unet", true,
                        "model.layer.mode", "diag", "model.layer.init", "diag-lin"),
                network("model.dropout", 0.1));
    }

    private static NetworkConfig network(Object... options) {
        List<Object> all = new ArrayList<>(List.of("d_input", TOKENS, "d_output", TOKENS, "l_max", L,
                "encoder._name_", "embedding", "decoder.mode", "step"));
        all.addAll(List.of(options));
        return Cases.network(all.toArray());
    }

    /** Tokens that count up by one or two; the target is the next one. */
    private static SequenceBatch batch(long seed, boolean padded) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] lengths = {L, 13, 7, 1};
        float[] x = new float[4 * L];
        int[] targets = new int[4 * L];
        for (int b = 0; b < 4; b++) {
            int token = random.nextInt(TOKENS);
            for (int t = 0; t < L; t++) {
                x[b * L + t] = token;
                token = (token + random.nextInt(1, 3)) % TOKENS;
                targets[b * L + t] = padded && t >= lengths[b] ? -100 : token;
            }
        }
        return SequenceBatch.ofSteps(4, L, x, padded ? lengths : null, targets);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void sumsAreThoseOfTheScoresOfRealSteps(NetworkConfig config) {
        for (boolean padded : new boolean[]{false, true}) {
            SequenceBatch batch = batch(SEED, padded);
            try (Learner learner = Learner.create(config, Cases.learner(SEED))) {
                StepScores sums = learner.scoreSteps(batch);
                float[] logits = learner.predict(batch);
                StepScores expected = StepScores.NOTHING;
                int[] targets = batch.classes();
                for (int i = 0; i < targets.length; i++) {
                    if (targets[i] >= 0) {
                        expected = expected.plus(scores(Arrays.copyOfRange(logits, i * TOKENS, (i + 1) * TOKENS),
                                targets[i]));
                    }
                }
                assertEquals(batch.realSteps(), sums.steps());
                assertEquals(expected.loss(), sums.loss(), Tolerances.BATCH_FLOAT32 * expected.loss());
                assertArrayEquals(new long[]{expected.top1(), expected.top3(), expected.top5(), expected.top10()},
                        new long[]{sums.top1(), sums.top3(), sums.top5(), sums.top10()});
            }
        }
    }

    private static StepScores scores(float[] logits, int target) {
        double sum = 0;
        int above = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
            above += logit > logits[target] ? 1 : 0;
        }
        return new StepScores(1, Math.log(sum) - logits[target], above < 1 ? 1 : 0, above < 3 ? 1 : 0,
                above < 5 ? 1 : 0, above < 10 ? 1 : 0);
    }

    @Test
    void theTrainingLossIsTheMeanOverRealSteps() {
        SequenceBatch batch = batch(SEED, true);
        try (Learner learner = Learner.create(network(), Cases.learner(SEED))) {
            StepScores before = learner.scoreSteps(batch);
            Learner.StepResult step = learner.trainStep(batch, 1);
            assertEquals(before.loss() / before.steps(), step.loss(), Tolerances.BATCH_FLOAT32 * step.loss());
            assertEquals(before.steps(), step.size());
            assertEquals(before.top1(), step.correct());
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void trainingLearnsToCount(NetworkConfig config) {
        try (Learner learner = Learner.create(config, Cases.learner(SEED))) {
            for (int k = 0; k < 150; k++) {
                learner.trainStep(batch(k, true), 1);
            }
            StepScores unseen = learner.scoreSteps(batch(9999, true));
            double bits = unseen.loss() / unseen.steps() / Math.log(2);
            assertTrue(bits < 2.2, "bits per step " + bits + "; at best 1, log2(12) = 3.6 by chance");
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void restoredTrainingContinuesToTheSameBits(NetworkConfig config) {
        List<Object> uninterrupted = run(config, -1);
        assertEquals(uninterrupted, run(config, 2));
    }

    private static List<Object> run(NetworkConfig config, int stop) {
        List<Object> results = new ArrayList<>();
        Learner learner = Learner.create(config, Cases.learner(SEED));
        for (int k = 0; k < 5; k++) {
            if (k == stop) {
                Map<String, TensorData> state = learner.trainingState();
                learner.close();
                learner = Learner.create(config, Cases.learner(SEED + 1));
                learner.trainStep(batch(50, false), 1);
                learner.restore(state);
            }
            results.add(learner.trainStep(batch(k, k % 2 == 0), 1));
        }
        results.add(learner.scoreSteps(batch(60, true)));
        results.add(learner.trainingState());
        learner.close();
        return results;
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Learner learner = Learner.create(network(), Cases.learner(SEED))) {
            int[] targets = new int[2 * L];
            targets[L + 3] = TOKENS;
            assertEquals("target 12 of sequence 1, step 3 in a batch; expected 0 to 11", Refusal.messageOf(
                    () -> learner.trainStep(SequenceBatch.ofSteps(2, L, new float[2 * L], null, targets), 1)));
            assertEquals("batch [2, 20] needs 40 targets, got 3", Refusal.messageOf(
                    () -> SequenceBatch.ofSteps(2, L, new float[2 * L], null, new int[3])));
        }
        try (Learner learner = Learner.create(network("decoder.mode", "pool"), Cases.learner(SEED))) {
            assertTrue(Refusal.messageOf(() -> learner.trainStep(batch(1, false), 1))
                    .startsWith("targets of each step need an output of each step"));
        }
    }
}
