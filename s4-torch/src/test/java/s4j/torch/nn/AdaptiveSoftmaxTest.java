package s4j.torch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.kernel.Backend;
import s4j.model.Clusters;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.Learner;
import s4j.torch.objective.Goals;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** Embedding and softmax over clusters of tokens. */
class AdaptiveSoftmaxTest {
    private static final int SEED = 31;
    private static final int TOKENS = 29;
    private static final int D = 8;

    private static Clusters clusters(Integer... cutoffs) { return new Clusters(TOKENS, List.of(cutoffs), 2, D); }

    private static SequenceBatch text(int b, int l) {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] x = new float[b * l];
        int[] y = new int[b * l];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(TOKENS);
            y[i] = random.nextInt(TOKENS);
        }
        return SequenceBatch.ofSteps(b, l, x, null, y);
    }

    @Test
    void oneClusterIsAPlainSoftmax() {
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            AdaptiveTables tables = new AdaptiveTables(clusters(), store);
            AdaptiveSoftmax softmax = new AdaptiveSoftmax(tables, D, store);
            Tensor x = Cases.input(SEED, 5, D);
            Tensor r = store.all().stream().filter(p -> p.name().equals("decoder.0.out_proj")).findFirst()
                    .orElseThrow().value();
            Tensor bias = store.all().stream().filter(p -> p.name().equals("decoder.0.out_biases.0")).findFirst()
                    .orElseThrow().value();
            Tensor logits = x.matmul(r).matmul(tables.table(0).t()).add(bias);
            Comparison.requireClose("softmax", SEED, Tensors.doubles(softmax.logProbabilities(x)),
                    Tensors.doubles(torch.log_softmax(logits, 1)), Tolerances.CLOSED_FORM);
            Goals goals = Goals.of(text(1, 5), TOKENS, new Device("cpu"));
            assertEquals(torch.cross_entropy_loss(logits, goals.values()).item().toDouble(),
                    softmax.loss(x, goals).mean().item().toDouble(), 1e-12);
        }
    }

    @Test
    void lossIsThatOfTheWholeDistributionWhichSumsToOne() {
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.open()) {
            AdaptiveTables tables = new AdaptiveTables(clusters(7, 12, 13), store);
            AdaptiveSoftmax softmax = new AdaptiveSoftmax(tables, D, store);
            Tensor x = Cases.input(SEED, 60, D);
            Goals goals = Goals.of(text(3, 20), TOKENS, new Device("cpu"));
            Tensor p = softmax.logProbabilities(x);
            for (double sum : Tensors.doubles(p.exp().sum(1))) {
                assertEquals(1, sum, 1e-12);
            }
            Tensor whole = p.gather(1, goals.values().unsqueeze(1)).mean().neg();
            Tensor loss = softmax.loss(x, goals).mean();
            assertEquals(whole.item().toDouble(), loss.item().toDouble(), 1e-12);
            whole.backward();
            List<double[]> expected = gradients(store);
            store.trained().stream().filter(q -> q.value().grad().defined())
                    .forEach(q -> q.value().mutable_grad().zero_());
            loss.backward();
            List<double[]> actual = gradients(store);
            for (int i = 0; i < expected.size(); i++) {
                Comparison.requireClose("gradient " + i, SEED, actual.get(i), expected.get(i), 1e-11);
            }
        }
    }

    private static List<double[]> gradients(ParameterStore store) {
        return store.trained().stream().filter(p -> p.value().grad().defined())
                .map(p -> Tensors.doubles(p.value().grad()).clone()).toList();
    }

    /** Of three words, one a cluster: by hand, with cluster 1's score behind that of cluster 2. */
    @Test
    void clustersStandInReverseOrder() {
        Clusters three = new Clusters(3, List.of(1, 2), 1, D);
        assertEquals(List.of(2, 1), List.of(three.headPlace(1), three.headPlace(2)));
        assertEquals(List.of(0, 1, 2), List.of(three.of(0), three.of(1), three.of(2)));
        assertEquals(List.of(1024, 256, 64, 16), Arrays.stream(new int[]{0, 1, 2, 3})
                .map(new Clusters(267_735, List.of(19_997, 39_997, 199_997), 4, 1024)::width).boxed().toList());
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            AdaptiveSoftmax softmax = new AdaptiveSoftmax(new AdaptiveTables(three, store), D, store);
            Tensor bias = store.all().stream().filter(p -> p.name().equals("decoder.0.cluster_bias")).findFirst()
                    .orElseThrow().value();
            bias.copy_(Tensor.create(new double[]{50, 0}, 2));
            double[] p = Tensors.doubles(softmax.logProbabilities(Cases.input(SEED, 1, D)));
            assertTrue(p[2] > -1e-9, "the first cluster score is that of the last cluster: " + Arrays.toString(p));
        }
    }

    @ParameterizedTest
    @CsvSource({"'7, 12', 2", "'20', 4", "'', 1"})
    void trainedModelsScoreAlikeInTheRuntime(String cutoffs, int divVal) {
        List<Integer> cuts = Arrays.stream(cutoffs.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty())
                .map(Integer::valueOf).toList();
        NetworkConfig config = Cases.network("d_input", TOKENS, "d_output", TOKENS, "encoder._name_", "adaptive",
                "encoder.cutoffs", cuts, "encoder.div_val", divVal, "decoder._name_", "adaptive", "decoder.mode",
                "step", "model.d_model", D);
        SequenceBatch batch = text(2, 16);
        try (Learner learner = Learner.create(config, Cases.learner(SEED))) {
            double first = learner.trainStep(batch, 1).loss();
            double last = first;
            for (int k = 0; k < 60; k++) {
                last = learner.trainStep(batch, 1).loss();
            }
            assertTrue(last < 0.7 * first, first + " became " + last);
            float[] torch = learner.predict(batch);
            double loss = learner.scoreSteps(batch).loss() / 32;
            assertEquals(loss, learner.trainStep(batch, 0).loss(), 1e-5, "steps are scored by the same distribution");
            S4Model model = new S4Model(config, learner.modelTensors(), new ModelOptions(Backend.best(), 1, 1));
            Comparison.requireClose("runtime", SEED, model.forward(batch), torch, Tolerances.BACKEND_FLOAT32);
        }
    }

    @Test
    void cutsOutsideTheVocabularyAreRefused() {
        assertFails(IllegalArgumentException.class, () -> clusters(5, 5), "encoder.cutoffs: got [5, 5]");
        assertFails(IllegalArgumentException.class, () -> clusters(29), "below the 29 tokens");
        assertFails(IllegalArgumentException.class, () -> clusters(1, 2, 3, 4), "narrower than 1");
    }
}
