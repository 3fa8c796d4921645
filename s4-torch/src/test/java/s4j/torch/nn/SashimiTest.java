package s4j.torch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.model.NetworkConfig;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.FiniteDifferences;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** SaShiMi: plain and U-Net, S4 and S4D, causal and two-sided. */
class SashimiTest {
    private static final int SEED = 77;
    private static final int L = 13;

    record Case(String name, NetworkConfig config) {
        @Override
        public String toString() { return name; }

        boolean causal() { return !config.model().s4().orElseThrow().bidirectional(); }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (boolean unet : new boolean[]{false, true}) {
            for (boolean twoSided : new boolean[]{false, true}) {
                for (String mode : List.of("nplr", "diag")) {
                    cases.add(sashimi("%s%s%s".formatted(mode, unet ? " unet" : "", twoSided ? " two-sided" : ""),
                            "model.unet", unet, "model.layer.bidirectional", twoSided, "model.layer.mode", mode,
                            "model.layer.init", mode.equals("diag") ? "diag-lin" : "legs"));
                }
            }
        }
        cases.add(sashimi("one resolution", "model.pool", List.of()));
        cases.add(sashimi("no feed-forward, expand 3", "model.ff", 0, "model.expand", 3, "model.unet", true));
        cases.add(sashimi("scalar norms", "model.norm", "scalar_layer"));
        return cases.stream();
    }

    private static Case sashimi(String name, @Nullable Object... options) {
        List<@Nullable Object> all = new ArrayList<>(List.of("model._name_", "sashimi", "model.n_layers", 1,
                "model.pool", List.of(2, 3), "model.expand", 2, "decoder.mode", "step", "l_max", L,
                "model.layer.n_ssm", 1));
        all.addAll(Arrays.asList(options));
        return new Case(name, Cases.network(all.toArray()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientMatchesFiniteDifference(Case c) {
        try (var store = Cases.store(SEED); var _ = NativeScope.open()) {
            Network network = new Network(c.config(), store, Kernels.torch());
            Parameter x = store.add("x", Parameter.Role.WEIGHT, Cases.noise(2 * L * 3, SEED), 2, L, 3);
            Tensor weights = Cases.input(SEED + 1, 2, L, 5);
            Tensor lengths = Tensor.create(new long[]{L, 7});
            FiniteDifferences.requireGradients(c.name(), SEED, store.trained(),
                    () -> network.forward(x.value(), lengths, null, 1, true).y().mul(weights).sum());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void laterInputsNeverChangeACausalOutput(Case c) {
        try (var store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Network network = new Network(c.config(), store, Kernels.torch());
            double[] before = Tensors.doubles(network.forward(input(-1), null, null, 1, false).y());
            for (int changed = 0; changed < L; changed++) {
                double[] after = Tensors.doubles(network.forward(input(changed), null, null, 1, false).y());
                int same = firstDifference(before, after) / 5;
                if (c.causal()) {
                    assertEquals(changed, same, "first output that input " + changed + " changes");
                } else {
                    assertTrue(same < Math.max(changed, 1), "two-sided layers hear input " + changed + " before it");
                }
            }
        }
    }

    /** Noise in which one step is another; −1: none is. */
    private static Tensor input(int changed) {
        double[] values = Cases.noise(L * 3, SEED);
        for (int i = 3 * changed; changed >= 0 && i < 3 * changed + 3; i++) {
            values[i] += 1;
        }
        return Tensor.create(values, 1, L, 3);
    }

    private static int firstDifference(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Math.abs(a[i] - b[i]) > 1e-9) {
                return i;
            }
        }
        return a.length;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void paddingNeverChangesAnOutput(Case c) {
        long[] lengths = {L, 6, 5, 1};
        try (var store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Network network = new Network(c.config(), store, Kernels.torch());
            Tensor x = Cases.input(SEED, lengths.length, L, 3);
            Tensor together = network.forward(x, Tensor.create(lengths), null, 1, false).y();
            for (int i = 0; i < lengths.length; i++) {
                Tensor own = x.narrow(0, i, 1).narrow(1, 0, lengths[i]);
                Comparison.requireClose(c.name() + ", length " + lengths[i], SEED,
                        Tensors.doubles(together.narrow(0, i, 1).narrow(1, 0, lengths[i])),
                        Tensors.doubles(network.forward(own, null, null, 1, false).y()), Tolerances.FORMS);
            }
        }
    }

    @Test
    void causalModelsRunOnBeyondTheLengthTheyWereMadeFor() {
        Case c = sashimi("long", "model.unet", true);
        try (var store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Network network = new Network(c.config(), store, Kernels.torch());
            Tensor x = Cases.input(SEED, 1, 5 * L, 3);
            for (long length : new long[]{1, 2, L, L + 1, 3 * L}) {
                Comparison.requireClose("first " + length, SEED,
                        Tensors.doubles(network.forward(x.narrow(1, 0, length), null, null, 1, false).y()),
                        Tensors.doubles(network.forward(x, null, null, 1, false).y().narrow(1, 0, length)),
                        Tolerances.SAME_KERNEL);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyBackendGivesTheSameOutputsAndGradients(Case c) {
        List<double[]> expected = run(c, Kernels.torch());
        for (String backend : List.of("scalar", "auto")) {
            try (Kernels kernels = Kernels.of(backend, true, 2)) {
                List<double[]> own = run(c, kernels);
                for (int i = 0; i < expected.size(); i++) {
                    Comparison.requireClose(c.name() + " " + backend + " " + i, SEED, own.get(i), expected.get(i),
                            Tolerances.BACKEND_FLOAT32);
                }
            }
        }
    }

    /** Outputs and gradients; those of single numbers, sums that may cancel, together at the end. */
    private static List<double[]> run(Case c, Kernels kernels) {
        try (var store = new ParameterStore(SEED, new Device("cpu"), ScalarType.Float); var _ = NativeScope.open()) {
            Network network = new Network(c.config(), store, kernels);
            Tensor y = network.forward(Cases.input(SEED, 2, L, 3).to(ScalarType.Float), null, null, 1, true).y();
            y.square().sum().backward();
            List<double[]> out = new ArrayList<>(List.of(Tensors.doubles(y)));
            List<double[]> gradients = store.trained().stream().map(p -> Tensors.doubles(p.value().grad())).toList();
            gradients.stream().filter(g -> g.length > 1).forEach(out::add);
            out.add(gradients.stream().filter(g -> g.length == 1).flatMapToDouble(Arrays::stream).toArray());
            return out;
        }
    }

    @Test
    void parametersHaveTheOfficialNamesAndShapes() {
        try (var store = Cases.store(SEED)) {
            new Network(sashimi("names", "model.unet", true).config(), store, Kernels.torch());
            List<String> names = store.all().stream().map(Parameter::name).toList();
            for (String name : List.of("d_layers.0.layer.layer.kernel.C", "d_layers.1.layer.ff.0.0.weight",
                    "d_layers.2.linear.weight", "d_layers.5.linear.bias", "c_layers.0.layer.output_linear.0.weight",
                    "c_layers.1.layer.ff.2.bias", "u_layers.0.0.linear.weight", "u_layers.1.1.layer.layer.D",
                    "u_layers.1.2.norm.weight", "norm.bias")) {
                assertTrue(names.contains("model." + name), () -> name + " in " + names);
            }
            Parameter pool = store.all().stream().filter(p -> p.name().equals("model.d_layers.2.linear.weight"))
                    .findFirst().orElseThrow();
            assertArrayEquals(new long[]{8, 8, 1}, Tensors.shape(pool.value()));
        }
    }

    @Test
    void statesAreRefusedByName() {
        try (var store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Network network = new Network(sashimi("states").config(), store, Kernels.torch());
            assertTrue(Refusal.messageOf(() -> network.forward(input(-1), null, List.of(), 1, false))
                    .startsWith("SaShiMi goes on from a state in s4-runtime alone"));
        }
    }
}
