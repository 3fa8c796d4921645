package s4j.torch.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.model.DecoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** What stands behind a sequence's own length never changes its output. */
class PaddingTest {
    private static final int SEED = 5;
    private static final int L = 16;
    private static final long[] LENGTHS = {16, 7, 4, 13, 5};

    record Case(String name, NetworkConfig config) {
        @Override
        public String toString() { return name; }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String decoder : List.of("pool", "last", "first", "sum", "ragged", "step")) {
            for (Object[] options : new Object[][]{{}, {"model.layer.bidirectional", true},
                    {"model.layer.bidirectional", true, "model.layer.bottleneck", 2, "model.layer.gate", 2},
                    {"model.norm", "instance", "model.layer.bidirectional", true}, {"model.norm", "instance",
                            "model.prenorm", false},
                    {"model.norm", "batch"}, {"model.pool._name_", "average"}, {"model.pool._name_", "sample"},
                    {"model.pool._name_", "linear", "model.pool.expand", 2, "model.layer.bidirectional", true}}) {
                List<Object> all = new ArrayList<>(List.of("decoder.mode", decoder, "model.layer.mode", "diag",
                        "model.layer.init", "diag-inv"));
                all.addAll(List.of(options));
                cases.add(new Case(decoder + " " + List.of(options), Cases.network(all.toArray())));
            }
            cases.add(new Case(decoder + " nplr", Cases.network("decoder.mode", decoder)));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void paddingNeverChangesAnOutput(Case c) {
        boolean steps = c.config().decoder().mode() == DecoderConfig.Mode.STEP;
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Network network = new Network(c.config(), store, Kernels.torch());
            Tensor x = Cases.input(SEED, LENGTHS.length, L, 3);
            Tensor padded = network.forward(x, Tensor.create(LENGTHS), null, 1, false).y();
            for (int i = 0; i < LENGTHS.length; i++) {
                Tensor own = x.narrow(0, i, 1).narrow(1, 0, LENGTHS[i]);
                Tensor alone = network.forward(own, Tensor.create(new long[]{LENGTHS[i]}), null, 1, false).y();
                Tensor together = padded.narrow(0, i, 1);
                Comparison.requireClose(c.name() + ", length " + LENGTHS[i], SEED,
                        Tensors.doubles(steps ? together.narrow(1, 0, alone.size(1)) : together),
                        Tensors.doubles(alone), Tolerances.FORMS);
            }
        }
    }

    @Test
    void lengthsOfWholeSequencesChangeNothing() {
        for (String decoder : List.of("pool", "last", "first", "sum")) {
            try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
                Network network = new Network(Cases.network("decoder.mode", decoder), store, Kernels.torch());
                Tensor x = Cases.input(SEED, 2, L, 3);
                Comparison.requireClose(decoder, SEED,
                        Tensors.doubles(network.forward(x, Tensor.create(new long[]{L, L}), null, 1, false).y()),
                        Tensors.doubles(network.forward(x, null, null, 1, false).y()), Tolerances.FORMS);
            }
        }
    }

    @Test
    void badLengthsAreRefused() {
        assertTrue(Refusal.messageOf(() -> new SequenceBatch(1, 3, 1, new float[3], new int[]{4}, new int[1]))
                .equals("sequence 0 of the batch has length 4; expected 1 to 3"));
        assertTrue(Refusal.messageOf(() -> new SequenceBatch(2, 3, 1, new float[6], new int[]{1, 0}, new int[2]))
                .equals("sequence 1 of the batch has length 0; expected 1 to 3"));
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Network network = new Network(Cases.network("model.pool._name_", "average"), store, Kernels.torch());
            Tensor x = Cases.input(SEED, 2, L, 3);
            assertTrue(Refusal.messageOf(
                    () -> network.forward(x, Tensor.create(new long[]{L, 3}), null, 1, false))
                    .startsWith("pooling leaves nothing of the shortest sequence"));
            assertTrue(Refusal.messageOf(() -> network.forward(x.narrow(1, 0, 1), null, null, 1, false))
                    .startsWith("pooling by 2 leaves nothing of a sequence of 1 steps"));
        }
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Network network = new Network(Cases.network("decoder.mode", "ragged"), store, Kernels.torch());
            assertTrue(Refusal.messageOf(() -> network.forward(Cases.input(SEED, 2, L, 3), null, null, 1, false))
                    .startsWith("decoder.mode=ragged needs the length of each sequence"));
        }
    }
}
