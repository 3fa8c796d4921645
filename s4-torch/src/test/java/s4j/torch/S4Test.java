package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.config.ConfigException;
import s4j.model.SequenceBatch;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;
import s4j.torch.optim.Optimizer;
import s4j.torch.optim.ParameterGroup;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Tensors;

/** S4 as a layer of a network that is not ours. */
class S4Test {
    private static final int SEED = 41;
    private static final int H = 6;
    private static final int L = 20;

    @TempDir
    Path directory = Path.of("");

    /** A user's network. */
    private static final class Net extends Module {
        private final LinearImpl encoder = register_module("encoder", new LinearImpl(2, H));
        private final List<S4> layers = List.of(register_module("first", S4.of(H, o -> o.dState(8))),
                register_module("second", S4D.of(H, o -> o.dState(4).dropout(0.2).lr(0.002))));
        private final LinearImpl head = register_module("head", new LinearImpl(H, 3));

        Tensor forward(Tensor x) {
            Tensor y = encoder.forward(x);
            for (S4 layer : layers) {
                y = y.add(layer.forward(y));
            }
            return head.forward(y.mean(1));
        }
    }

    private static Tensor input(long... shape) { return Cases.input(SEED, shape).to(ScalarType.Float); }

    private static float[] skip(S4 layer) { return Objects.requireNonNull(layer.tensors().get("layer.D")).toFloats(); }

    static Stream<S4> layers() {
        return Stream.of(S4.of(H), S4D.of(H), S4.of(H, o -> o.dState(8).channels(2).nSsm(2).seed(3)),
                S4D.of(70, o -> o.dState(8).set("gate", 2)),
                S4.of(H, o -> o.init("legt").set("rank", 2).dt(0.01, 0.2)));
    }

    @Test
    void itsParametersAreTheNetworksUnderTheOfficialNames() {
        Net net = new Net();
        TreeSet<String> names = new TreeSet<>();
        StringTensorDict named = net.named_parameters();
        for (long i = 0; i < named.size(); i++) {
            names.add(named.get(i).key().getString());
        }
        assertTrue(names.containsAll(List.of("first.layer.kernel.A_real", "first.layer.kernel.P", "first.layer.D",
                "first.output_linear.0.weight", "second.layer.kernel.C", "head.bias")), names::toString);
        assertFalse(names.contains("second.layer.kernel.P"));
        assertEquals(9 + 8 + 4, names.size(), names::toString);
    }

    @Test
    void layersDifferAndASeedRepeatsThem() {
        assertFalse(S4.of(H).tensors().equals(S4.of(H).tensors()));
        float[] first = skip(S4.of(H, o -> o.seed(5)));
        assertArrayEquals(first, skip(S4.of(H, o -> o.seed(5))));
        torch.manual_seed(9);
        float[] drawn = skip(S4.of(H));
        torch.manual_seed(9);
        assertArrayEquals(drawn, skip(S4.of(H)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void stepsAndTheStreamingRuntimeGiveWhatForwardGives(S4 layer) throws IOException {
        layer.eval();
        int h = layer.features();
        layer.export(directory.resolve("layer.safetensors"));
        try (var _ = NativeScope.withoutGradients(); S4State state = layer.newState(1)) {
            Tensor x = input(1, L, h);
            double[] whole = Tensors.doubles(layer.forward(x));
            float[] u = Tensors.floats(x);
            S4Model model = S4Model.load(directory.resolve("layer.safetensors"));
            Session session = layer.streaming().newSession();
            double[] stepped = new double[L * h];
            double[] streamed = new double[L * h];
            for (int t = 0; t < L; t++) {
                double[] y = Tensors.doubles(layer.step(x.select(1, t), state));
                float[] z = session.step(Arrays.copyOfRange(u, t * h, (t + 1) * h));
                for (int i = 0; i < h; i++) {
                    stepped[t * h + i] = y[i];
                    streamed[t * h + i] = z[i];
                }
            }
            Comparison.requireClose("steps", SEED, stepped, whole, Tolerances.FORMS_FLOAT32);
            Comparison.requireClose("runtime, steps", SEED, streamed, whole, Tolerances.RUNTIME);
            Comparison.requireClose("runtime, whole", SEED, model.forward(new SequenceBatch(1, L, h, u, new int[1])),
                    Tensors.floats(layer.forward(x)), Tolerances.RUNTIME);
        }
    }

    @Test
    void aStateOutlivesTheScopesAroundIt() {
        S4 layer = S4.of(H, o -> o.dState(8));
        double[][] y = new double[2][];
        for (int run = 0; run < 2; run++) {
            S4State state;
            try (var _ = new PointerScope()) {
                state = layer.newState(1);
            }
            for (int t = 0; t < 50; t++) {
                try (var _ = new PointerScope()) {
                    y[run] = Tensors.doubles(layer.step(input(1, H), state));
                }
            }
            state.close();
        }
        assertArrayEquals(y[0], y[1]);
    }

    @Test
    void paddingChangesNothing() {
        S4 layer = S4.of(H, o -> o.bidirectional(true));
        try (var _ = NativeScope.withoutGradients()) {
            Tensor x = input(2, L, H);
            Tensor mask = torch.ones(2, L, 1);
            mask.select(0, 1).narrow(0, 7, L - 7).zero_();
            Tensor own = layer.forward(x.narrow(0, 1, 1).narrow(1, 0, 7));
            Comparison.requireClose("padded", SEED,
                    Tensors.doubles(layer.forward(x, mask).select(0, 1).narrow(0, 0, 7)),
                    Tensors.doubles(own), Tolerances.FORMS_FLOAT32);
        }
    }

    @Test
    void librariesOptimizersAndOursTrainItAlike() {
        List<List<Double>> losses = new ArrayList<>();
        for (boolean ours : new boolean[]{false, true}) {
            torch.manual_seed(SEED);
            Net net = new Net();
            net.eval(); // no dropout
            Tensor x = input(12, L, 2);
            Tensor classes = Tensor.create(new long[]{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2});
            AdamW library = S4Optimizers.adamW(net, net.layers, 0.01, 0.1);
            List<ParameterGroup> groups = S4Optimizers.groups(net, net.layers, 0.01, 0.1);
            List<Double> of = new ArrayList<>();
            try (Optimizer own = new Optimizer(OptimizerConfig.DEFAULTS, groups)) {
                for (int k = 0; k < 15; k++) {
                    try (var _ = new PointerScope()) {
                        net.zero_grad(true);
                        Tensor loss = torch.cross_entropy_loss(net.forward(x), classes);
                        loss.backward();
                        if (ours) {
                            own.step(1);
                        } else {
                            library.step();
                        }
                        of.add(loss.item().toDouble());
                    }
                    System.gc(); // native code holds nothing that only Java kept
                }
            }
            assertTrue(of.getLast() < of.getFirst() - 0.02, of::toString);
            losses.add(of);
        }
        Comparison.requireClose("losses", SEED, losses.getFirst().stream().mapToDouble(d -> d).toArray(),
                losses.getLast().stream().mapToDouble(d -> d).toArray(), 1e-3);
    }

    @Test
    void groupsHaveTheRatesAndDecayThatS4Wants() {
        Net net = new Net();
        List<ParameterGroup> groups = S4Optimizers.groups(net, net.layers, 0.01, 0.1);
        for (ParameterGroup group : groups) {
            group.parameters().forEach(p -> {
                boolean ssm = p.name().matches(".*kernel\\.(A_real|A_imag|B|P|inv_dt)");
                boolean vector = p.value().dim() == 1;
                assertEquals(ssm || vector ? 0 : 0.1, group.weightDecay(), p.name());
                assertTrue(ssm ? group.lr() == 0.001 || group.lr() == 0.002 : group.lr() == 0.01, p.name());
            });
        }
        assertEquals(net.parameters().size(), groups.stream().mapToInt(g -> g.parameters().size()).sum());
        assertFails(IllegalArgumentException.class,
                () -> S4Optimizers.groups(net, List.of(S4.of(H)), 0.01, 0.1), "is not among the network's",
                "register_module(name, layer)");
    }

    @Test
    void savedNetworksAndLayersComeBackWithTheSameBits() {
        Net net = new Net();
        net.eval();
        String file = directory.resolve("net.pt").toString();
        try (var _ = NativeScope.withoutGradients()) {
            Tensor x = input(2, L, 2);
            float[] expected = Tensors.floats(net.forward(x));
            OutputArchive out = new OutputArchive();
            net.save(out);
            out.save_to(file);
            Net other = new Net();
            other.eval();
            assertFalse(Arrays.equals(expected, Tensors.floats(other.forward(x))));
            InputArchive in = new InputArchive();
            in.load_from(file);
            other.load(in);
            assertArrayEquals(expected, Tensors.floats(other.forward(x)));
            S4 alone = S4.of(H, o -> o.dState(8));
            alone.load(net.layers.getFirst().tensors());
            assertEquals(net.layers.getFirst().tensors(), alone.tensors());
        }
    }

    @Test
    void dropoutFollowsTrainAndEval() {
        Net net = new Net();
        try (var _ = NativeScope.withoutGradients()) {
            Tensor x = input(2, L, 2);
            assertFalse(Arrays.equals(Tensors.floats(net.forward(x)), Tensors.floats(net.forward(x))));
            net.eval();
            assertArrayEquals(Tensors.floats(net.forward(x)), Tensors.floats(net.forward(x)));
            net.train(true);
            assertFalse(Arrays.equals(Tensors.floats(net.forward(x)), Tensors.floats(net.forward(x))));
        }
    }

    @Test
    void whatCannotBeIsSaid() {
        S4 layer = S4.of(H);
        assertFails(IllegalArgumentException.class, () -> layer.forward(input(2, L, H + 1)),
                "x: got Float [2, 20, 7]; expected Float [b, l, 6]");
        assertFails(IllegalArgumentException.class, () -> layer.forward(Cases.input(SEED, 2, L, H)), "got Double");
        assertFails(IllegalStateException.class, () -> layer.forward(input(1, L, H)),
                "outside of a PointerScope; expected one around each training step");
        assertFails(ConfigException.class, () -> S4.of(H, o -> o.set("d_sate", 4)),
                "unknown key d_sate (options of S4); did you mean d_state?");
        assertFails(ConfigException.class, () -> S4.of(H, o -> o.dState(3)), "d_state must be even");
        assertFails(IllegalArgumentException.class, () -> S4.of(H, o -> o.bidirectional(true)).newState(1),
                "a bidirectional layer has no state");
    }
}
