package s4j.torch.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.model.S4LayerConfig;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** One layer or network, three ways: convolution of the whole, chunks that pass their state on, steps. */
class FormsTest {
    private static final int SEED = 11;
    private static final int H = 4;
    private static final int[] CHUNKS = {1, 7, 2, 13, 1, 9};
    private static final int L = 33;

    static Stream<S4LayerConfig> layers() {
        return Stream.of(Cases.layer("mode", "nplr"), Cases.layer("mode", "nplr", "n_ssm", 1, "channels", 3),
                Cases.layer("mode", "nplr", "init", "legt", "rank", 2, "dt_tie", false),
                Cases.layer("mode", "nplr", "rank", 3, "bandlimit", 0.3),
                Cases.layer("mode", "nplr", "gate", 2, "bottleneck", 2, "activation", "glu"),
                Cases.layer("mode", "nplr", "init", "dplr-lin", "P_scale", 0.1, "d_state", 2),
                Cases.layer("mode", "diag", "init", "diag-lin"),
                Cases.layer("mode", "diag", "init", "diag-inv", "disc", "bilinear", "channels", 2),
                Cases.layer("mode", "diag", "init", "diag-legs", "dt_tie", false, "bandlimit", 0.5),
                Cases.layer("mode", "diag", "init", "diag-lin", "gate", 1, "bottleneck", 4, "gate_act", "glu",
                        "activation", "glu", "final_act", null),
                Cases.layer("mode", "diag", "init", "diag-real", "d_state", 2, "n_ssm", 2, "final_act", null));
    }

    /** The whole, the chunks and the steps of a block; the last two with their final states. */
    private record Three(double[] whole, double[] chunked, double[] stepped, double[] chunkedState,
            double[] steppedState) {}

    private static Three three(S4LayerConfig config, ScalarType type, double rate, Kernels kernels) {
        try (ParameterStore store = new ParameterStore(SEED, new Device("cpu"), type);
                var _ = NativeScope.withoutGradients()) {
            S4Block block = new S4Block(config, H, 64, 0.5, "", store, kernels); // dropout is off in evaluation
            Tensor x = Cases.input(SEED, 2, L, H).to(type);
            Tensor whole = block.forward(x, null, rate, null, false).y();
            Tensor state = block.zeroState(2);
            TensorVector chunks = new TensorVector();
            int at = 0;
            for (int chunk : CHUNKS) {
                Layer.Output out = block.forward(x.narrow(1, at, chunk), state, rate, null, false);
                chunks.push_back(out.y());
                state = Objects.requireNonNull(out.state());
                at += chunk;
            }
            Tensor stepState = block.zeroState(2);
            Layer.Stepper stepper = block.stepper(rate);
            TensorVector steps = new TensorVector();
            for (int t = 0; t < L; t++) {
                Layer.Output out = stepper.step(x.select(1, t), stepState);
                steps.push_back(out.y());
                stepState = Objects.requireNonNull(out.state());
            }
            return new Three(Tensors.doubles(whole), Tensors.doubles(torch.cat(chunks, 1)),
                    Tensors.doubles(torch.stack(steps, 1)), Tensors.doubles(state), Tensors.doubles(stepState));
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void convolutionEqualsChunksEqualsRecurrence(S4LayerConfig config) {
        Three three = three(config, ScalarType.Double, 1, Kernels.torch());
        String what = config.mode() + " " + config.init();
        Comparison.requireClose(what + " chunks", SEED, three.chunked(), three.whole(), Tolerances.FORMS);
        Comparison.requireClose(what + " steps", SEED, three.stepped(), three.whole(), Tolerances.FORMS);
        Comparison.requireClose(what + " state", SEED, three.chunkedState(), three.steppedState(), Tolerances.FORMS);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void formsAgreeInFloat32(S4LayerConfig config) {
        for (String word : new String[]{"torch", "scalar", "auto"}) {
            try (Kernels kernels = Kernels.of(word, true, 2)) {
                Three three = three(config, ScalarType.Float, 1, kernels);
                String what = config.mode() + " " + config.init() + " " + word;
                Comparison.requireClose(what + " chunks", SEED, three.chunked(), three.whole(),
                        Tolerances.FORMS_FLOAT32);
                Comparison.requireClose(what + " steps", SEED, three.stepped(), three.whole(),
                        Tolerances.FORMS_FLOAT32);
                Comparison.requireClose(what + " state", SEED, three.chunkedState(), three.steppedState(),
                        Tolerances.FORMS_FLOAT32);
            }
        }
    }

    @Test
    void diagonalFormsAgreeAtOtherRates() {
        for (double rate : new double[]{0.5, 1.5}) { // 64 / 1.5 steps still hold the sequence
            Three three = three(Cases.layer("mode", "diag", "init", "diag-inv"), ScalarType.Double, rate,
                    Kernels.torch());
            Comparison.requireClose("chunks at rate " + rate, SEED, three.chunked(), three.whole(), Tolerances.FORMS);
            Comparison.requireClose("steps at rate " + rate, SEED, three.stepped(), three.whole(), Tolerances.FORMS);
        }
    }

    @Test
    void networksForwardTheirStates() {
        for (Object[] options : new Object[][]{{}, {"model.prenorm", false}, {"model.norm", "batch"},
                {"model.norm", "none", "model.layer.mode", "diag", "model.layer.init", "diag-lin"},
                {"encoder._name_", "embedding", "d_input", 7, "model.n_repeat", 2},
                {"model.layer.mode", "diag", "model.layer.init", "diag-inv", "model.residual", "none"}}) {
            Object[] all = Stream.concat(Stream.of(options), Stream.of("decoder.mode", "step", "l_max", 64)).toArray();
            requireNetwork(all);
        }
    }

    private static void requireNetwork(Object[] options) {
        var config = Cases.network(options);
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Network network = new Network(config, store, Kernels.torch());
            boolean tokens = config.encoder().name() == s4j.model.EncoderConfig.Kind.EMBEDDING;
            Tensor x = tokens
                    ? Tensor.create(new double[]{0, 6, 3, 3, 1, 2, 5, 4, 0, 0, 1, 1, 2, 3, 5, 6}, 2, 8, 1)
                    : Cases.input(SEED, 2, 8, config.dInput());
            double[] whole = Tensors.doubles(network.forward(x, null, null, 1, false).y());
            List<Tensor> states = network.layers().stream().map(layer -> layer.zeroState(2)).toList();
            Network.Output first = network.forward(x.narrow(1, 0, 3), null, states, 1, false);
            Network.Output rest = network.forward(x.narrow(1, 3, 5), null, first.states(), 1, false);
            String what = String.join(" ", Stream.of(options).map(String::valueOf).toList());
            Comparison.requireClose(what + " chunks", SEED, Tensors.doubles(Tensors.cat(1, first.y(), rest.y())), whole,
                    Tolerances.FORMS);
            List<Layer.Stepper> steppers = network.layers().stream().map(layer -> layer.stepper(1))
                    .toList();
            TensorVector steps = new TensorVector();
            List<Tensor> stepStates = states;
            for (int t = 0; t < 8; t++) {
                Network.Output out = network.step(x.select(1, t), stepStates, steppers);
                steps.push_back(out.y());
                stepStates = Objects.requireNonNull(out.states());
            }
            Comparison.requireClose(what + " steps", SEED, Tensors.doubles(torch.stack(steps, 1)), whole,
                    Tolerances.FORMS);
            List<double[]> a = new ArrayList<>();
            for (Tensor s : Objects.requireNonNull(rest.states())) {
                a.add(Tensors.doubles(s));
            }
            for (int i = 0; i < a.size(); i++) {
                Comparison.requireClose(what + " state " + i, SEED, a.get(i), Tensors.doubles(stepStates.get(i)),
                        Tolerances.FORMS);
            }
        }
    }

    @Test
    void modelsWithoutAStateRefuseOneByName() {
        S4LayerConfig twoSided = Cases.layer("mode", "diag", "init", "diag-lin", "bidirectional", true);
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            S4Block block = new S4Block(twoSided, H, L, 0, "", store, Kernels.torch());
            Tensor x = Cases.input(SEED, 1, 5, H);
            assertTrue(Refusal.messageOf(() -> block.forward(x, block.zeroState(1), 1, null, false))
                    .startsWith("a bidirectional layer has no state"));
            assertTrue(Refusal.messageOf(() -> block.stepper(1)).startsWith("a bidirectional layer has no state"));
        }
        S4LayerConfig dss = Cases.layer("mode", "diag", "init", "diag-lin", "disc", "dss");
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            S4Block block = new S4Block(dss, H, L, 0, "", store, Kernels.torch());
            assertTrue(Refusal.messageOf(() -> block.stepper(1)).startsWith("disc dss has no recurrence"));
        }
        for (Object[] options : new Object[][]{{"model.norm", "instance"}, {"model.pool._name_", "average"}}) {
            try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
                Network network = new Network(Cases.network(options), store, Kernels.torch());
                List<Tensor> states = network.layers().stream().map(layer -> layer.zeroState(1)).toList();
                assertTrue(Refusal.messageOf(() -> network.forward(Cases.input(SEED, 1, 5, 3), null, states, 1, false))
                        .startsWith("a model with pooling or instance norm cannot go on from a state"));
                assertTrue(Refusal.messageOf(() -> network.step(Cases.input(SEED, 1, 3), states,
                        network.layers().stream().map(layer -> layer.stepper(1)).toList()))
                        .startsWith("one step at a time needs a model without pooling and instance norm"));
            }
        }
    }
}
