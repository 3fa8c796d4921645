package s4j.torch.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.model.NetworkConfig;
import s4j.model.S4LayerConfig;
import s4j.torch.Cases;
import s4j.torch.FiniteDifferences;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;

/** Every trained parameter, and the input, of whole blocks and networks. */
class BlockGradientTest {
    private static final int L = 11;
    private static final int H = 4;
    private static final double KINKED = 1e-6;

    record Block(String name, S4LayerConfig config) {
        @Override
        public String toString() { return name; }
    }

    private static Block block(String name, @Nullable Object... options) {
        return new Block(name, Cases.layer(options));
    }

    static Stream<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (String mode : List.of("nplr", "diag")) {
            String init = mode.equals("nplr") ? "legs" : "diag-lin";
            blocks.add(block(mode, "mode", mode, "init", init));
            blocks.add(block(mode + " GSS", "mode", mode, "init", init, "gate", 2, "bottleneck", 2, "gate_act", "gelu",
                    "mult_act", "gelu"));
            blocks.add(block(mode + " gate glu", "mode", mode, "init", init, "gate", 1, "gate_act", "glu"));
            blocks.add(block(mode + " bottleneck", "mode", mode, "init", init, "bottleneck", 4, "final_act", "id"));
            blocks.add(
                    block(mode + " bidirectional", "mode", mode, "init", init, "bidirectional", true, "channels", 2));
            blocks.add(block(mode + " short kernel", "mode", mode, "init", init, "l_max", 7));
        }
        for (String activation : new String[]{"id", "gelu", "relu", "elu", "tanh", "sigmoid", "silu", "swish",
                "softplus", "glu", null}) {
            blocks.add(block("activation " + activation, "mode", "diag", "init", "diag-inv", "activation", activation));
            blocks.add(block("final_act " + activation, "mode", "diag", "init", "diag-inv", "final_act", activation));
        }
        return blocks.stream();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void gradientMatchesFiniteDifference(Block c) {
        long seed = c.name().hashCode();
        try (var store = Cases.store(seed); var _ = NativeScope.open()) {
            S4Block block = new S4Block(c.config(), H, L, 0, "", store, Kernels.torch());
            Parameter u = store.add("u", Parameter.Role.WEIGHT, Cases.noise(2 * L * H, seed), 2, L, H);
            Tensor weights = Cases.input(seed + 1, 2, L, H);
            FiniteDifferences.requireGradients(c.name(), seed, c.name().contains("elu") ? KINKED : 1e-3,
                    store.trained(), () -> block.forward(u.value(), null, 1, null, true).y().mul(weights).sum());
        }
    }

    record Whole(String name, NetworkConfig config) {
        @Override
        public String toString() { return name; }
    }

    private static Whole whole(String name, @Nullable Object... options) {
        return new Whole(name, Cases.network(options));
    }

    static Stream<Whole> networks() {
        List<Whole> networks = new ArrayList<>();
        for (boolean prenorm : new boolean[]{true, false}) {
            for (String norm : new String[]{"layer", "batch", "instance", "none", null}) {
                networks.add(whole("norm " + norm + (prenorm ? " before" : " after"), "model.prenorm", prenorm,
                        "model.norm", norm));
            }
        }
        networks.add(whole("no final norm", "model.final_norm", false));
        networks.add(whole("no residual", "model.residual", null));
        for (String pool : List.of("sample", "average", "linear")) {
            for (int expand : new int[]{1, 2}) {
                networks.add(whole("pool " + pool + " " + expand, "model.pool._name_", pool, "model.pool.stride", 2,
                        "model.pool.expand", expand, "model.layer.mode", "diag", "model.layer.init", "diag-lin"));
            }
        }
        for (String mode : List.of("pool", "last", "first", "sum", "step", "ragged")) {
            networks.add(whole("decoder " + mode, "decoder.mode", mode));
        }
        networks.add(whole("decoder id", "decoder._name_", "id"));
        networks.add(whole("encoder id", "encoder._name_", "id", "d_input", 4));
        return networks.stream();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void gradientOfNetworkMatchesFiniteDifference(Whole c) {
        for (boolean padded : new boolean[]{false, true}) {
            if (padded || !c.name().equals("decoder ragged")) {
                requireNetwork(c, padded);
            }
        }
    }

    private static void requireNetwork(Whole c, boolean padded) {
        long seed = c.name().hashCode();
        try (ParameterStore store = Cases.store(seed); var _ = NativeScope.open()) {
            Network network = new Network(c.config(), store, Kernels.torch());
            Parameter x = store.add("x", Parameter.Role.WEIGHT, Cases.noise(3 * L * c.config().dInput(), seed), 3, L,
                    c.config().dInput());
            Tensor lengths = padded ? Tensor.create(new long[]{L, 4, 7}) : null;
            Tensor y = network.forward(x.value(), lengths, null, 1, true).y();
            Tensor weights = Cases.input(seed + 1, s4j.torch.tensor.Tensors.shape(y));
            // norms of features that hardly vary are sharp
            FiniteDifferences.requireGradients(c.name() + (padded ? ", padded" : ""), seed, 2e-4, store.trained(),
                    () -> network.forward(x.value(), lengths, null, 1, true).y().mul(weights).sum());
        }
    }
}
