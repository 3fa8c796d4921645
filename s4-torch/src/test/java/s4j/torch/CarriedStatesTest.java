package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.model.SequenceBatch.Context;
import s4j.model.Targets;
import s4j.testkit.Comparison;
import s4j.torch.nn.Network;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** Chunks of text whose states are carried from one to the next. */
class CarriedStatesTest {
    private static final int SEED = 12;
    private static final int TOKENS = 11;
    private static final int ROWS = 2;
    private static final int L = 130;
    /** float32 states of a few hundred steps. Measured: 3e-6. */
    private static final double FLOAT32_STATE = 2e-5;

    private static NetworkConfig network(String layer) {
        Object[] common = {"d_input", TOKENS, "d_output", TOKENS, "l_max", L, "encoder._name_", "embedding",
                "decoder.mode", "step", "model.d_model", 8};
        Object[] own = switch (layer) {
            case "s4d" -> new Object[]{"model.layer.mode", "diag", "model.layer.init", "diag-lin"};
            case "s4" -> new Object[]{};
            case "attention" -> new Object[]{"model.layer", Map.of("_name_", "attention", "n_heads", 2)};
            default -> new Object[]{"model.layer", Map.of("_name_", layer)};
        };
        Object[] all = Arrays.copyOf(common, common.length + own.length);
        System.arraycopy(own, 0, all, common.length, own.length);
        return Cases.network(all);
    }

    /** A chunk of rows of random tokens. */
    private static SequenceBatch chunk(int from, int to) {
        int[] text = new SplittableRandom(SEED).ints((long) ROWS * (L + 1), 0, TOKENS).toArray();
        float[] x = new float[ROWS * (to - from)];
        int[] y = new int[x.length];
        for (int r = 0; r < ROWS; r++) {
            for (int t = from; t < to; t++) {
                x[r * (to - from) + t - from] = text[r * (L + 1) + t];
                y[r * (to - from) + t - from] = text[r * (L + 1) + t + 1];
            }
        }
        return SequenceBatch.ofSteps(ROWS, to - from, x, null, y);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s4", "s4d", "lstm", "gru", "attention", "ff"})
    void chunksScoreAsTheWhole(String layer) {
        try (Learner learner = Learner.create(network(layer), Cases.learner(SEED))) {
            double whole = learner.scoreSteps(chunk(0, L)).loss();
            for (int[] cuts : new int[][]{{0, 1, 2, 70, L}, {0, 64, 128, L}, {0, 5, L}}) {
                double sum = 0;
                for (int i = 1; i < cuts.length; i++) {
                    sum += learner.scoreSteps(chunk(cuts[i - 1], cuts[i]).after(new Context.Carried(i > 1))).loss();
                }
                assertEquals(whole, sum, 1e-5 * whole, layer + " " + Arrays.toString(cuts));
            }
            double cold = learner.scoreSteps(chunk(0, 65)).loss() + learner.scoreSteps(chunk(65, L)).loss();
            assertTrue(layer.equals("ff") || Math.abs(cold - whole) > 1e-6 * whole, "the context matters: " + cold);
        }
    }

    @ParameterizedTest
    @CsvSource({"s4, 0.0", "s4d, 0.0", "s4d, 0.3", "lstm, 0.0"})
    void trainingGoesOnFromTheStateAndResumesToTheSameBits(String layer, double dropout) {
        NetworkConfig config = network(layer);
        List<Object> whole = run(config, 9);
        assertEquals(whole, run(config, 2), "another learner takes over in the middle");
    }

    private static List<Object> run(NetworkConfig config, int stop) {
        List<Object> out = new ArrayList<>();
        Learner learner = Learner.create(config, Cases.learner(SEED));
        for (int k = 0; k < 4; k++) {
            if (k == stop) {
                Map<String, TensorData> state = learner.trainingState();
                learner.close();
                learner = Learner.create(config, Cases.learner(SEED + 1));
                learner.restore(state);
                assertEquals(state, learner.trainingState());
            }
            out.add(learner.trainStep(chunk(20 * k, 20 * k + 20).after(new Context.Carried(k > 0)), 1));
            learner.scoreSteps(chunk(0, 7).after(new Context.Carried(false))); // an evaluation between leaves no trace
        }
        out.add(learner.trainingState());
        learner.close();
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"s4", "s4d", "lstm"})
    void readAgainOrCarriedIsTheSameWhileNothingIsLearned(String layer) {
        try (Learner learner = Learner.create(network(layer), Cases.learner(SEED))) {
            learner.trainStep(chunk(0, 40).after(new Context.Carried(false)), 0);
            double carried = learner.trainStep(chunk(40, 80).after(new Context.Carried(true)), 0).loss();
            SequenceBatch both = chunk(0, 80);
            int[] targets = both.classes().clone();
            for (int r = 0; r < ROWS; r++) {
                Arrays.fill(targets, r * 80, r * 80 + 40, Targets.NONE);
            }
            SequenceBatch read = SequenceBatch.ofSteps(ROWS, 80, both.x(), null, targets).after(new Context.Steps(40));
            Learner.StepResult again = learner.trainStep(read, 0);
            assertEquals(2 * 40, again.size());
            assertEquals(carried, again.loss(), 1e-5);
            assertEquals(carried, learner.scoreSteps(read).loss() / again.size(), 1e-5, "and in an evaluation");
        }
    }

    @Test
    void anotherNumberOfRowsIsRefused() {
        try (Learner learner = Learner.create(network("s4d"), Cases.learner(SEED))) {
            learner.trainStep(chunk(0, 9).after(new Context.Carried(false)), 1);
            SequenceBatch one = SequenceBatch.ofSteps(1, 1, new float[1], null, new int[1]);
            assertFails(IllegalArgumentException.class,
                    () -> learner.trainStep(one.after(new Context.Carried(true)), 1),
                    "a batch of 1 rows goes on from one of 2");
        }
    }

    /** The float32 form of a state's outputs, and its gradients, against the one in float64; and of the state after it. */
    @ParameterizedTest
    @CsvSource({"s4, 1", "s4, 33", "s4, 100", "s4d, 1", "s4d, 64", "s4d, 100", "s4d, 130"})
    void heldStatesAreThoseOfTheExactForm(String layer, int length) {
        List<double[]> exact = held(layer, length, false);
        List<double[]> fast = held(layer, length, true);
        for (int i = 0; i < exact.size(); i++) {
            Comparison.requireClose(layer + " " + length + ", result " + i, SEED, fast.get(i), exact.get(i),
                    FLOAT32_STATE);
        }
    }

    private static List<double[]> held(String layer, int length, boolean fast) {
        List<double[]> out = new ArrayList<>();
        try (var store = new ParameterStore(SEED, new org.bytedeco.pytorch.Device("cpu"),
                org.bytedeco.pytorch.global.torch.ScalarType.Float); var _ = NativeScope.open()) {
            Network network = new Network(network(layer), store,
                    fast ? Cases.KERNELS : s4j.torch.ssm.Kernels.torch());
            var block = network.s4Layers().getFirst();
            Tensor state = Cases.input(SEED, ROWS, 8, 4, 2);
            Tensor x = Cases.input(SEED + 1, ROWS, length, 8)
                    .to(org.bytedeco.pytorch.global.torch.ScalarType.Float);
            var y = block.forward(x, state, 1, null, true);
            y.y().mul(y.y()).sum().backward();
            out.add(Tensors.doubles(y.y()));
            out.add(Tensors.doubles(java.util.Objects.requireNonNull(y.state())));
            store.trained().stream().filter(p -> p.value().grad().defined())
                    .forEach(p -> out.add(Tensors.doubles(p.value().grad())));
        }
        return out;
    }
}
