package s4j.torch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.model.FeedForwardConfig;
import s4j.model.LayerConfig;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.FiniteDifferences;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** What every kind of layer promises. A new kind adds its configurations to {@link #layers}. */
class LayerContractTest {
    private static final int SEED = 31;
    private static final int H = 4;
    private static final int L = 13;
    private static final int[] CHUNKS = {1, 5, 4, 3};

    record Case(String name, LayerConfig config, boolean streams) {
        @Override
        public String toString() { return name; }

        Layer create(double dropout, ParameterStore store) {
            return Layer.create(config, H, 2 * L, dropout, "layer.", store, Kernels.torch());
        }
    }

    private static Case ff(@Nullable Object... options) { return layer("ff", true, options); }

    private static Case layer(String kind, boolean streams, @Nullable Object... options) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put(String.valueOf(options[i]), options[i + 1]);
        }
        map.put("_name_", kind);
        return new Case(kind + " " + map, Binder.bind(ConfigTree.of(map, new Origin("test")), LayerConfig.class,
                FeedForwardConfig.DEFAULTS), streams);
    }

    static Stream<Case> layers() {
        return Stream.of(new Case("s4", Cases.layer(), true),
                new Case("s4d", Cases.layer("mode", "diag", "init", "diag-lin"), true),
                new Case("s4 gated", Cases.layer("gate", 2, "bottleneck", 2), true),
                new Case("s4 bidirectional", Cases.layer("bidirectional", true), false), ff(),
                ff("expand", 3, "activation", "glu"), ff("activation", null), ff("activation", "tanh", "expand", 1),
                layer("linear", true), layer("linear", true, "activation", "tanh"), layer("lstm", true),
                layer("gru", true), layer("attention", true, "n_heads", 2),
                layer("attention", true, "n_heads", 1, "window", 4),
                layer("attention", true, "n_heads", 4, "positions", "learned"),
                layer("attention", true, "n_heads", 4, "positions", "none", "window", 1),
                layer("attention", false, "n_heads", 2, "causal", false),
                layer("attention", false, "n_heads", 2, "causal", false, "positions", "learned"),
                layer("tcn", true, "activation", "tanh", "dilations", List.of(1, 3), "kernel_size", 3),
                layer("tcn", true, "activation", "elu", "dilations", List.of(5)),
                layer("tcn", true, "activation", "gelu", "kernel_size", 1));
    }

    static Stream<Case> streaming() { return layers().filter(Case::streams); }

    @Test
    void everyKindOfLayerIsHere() {
        Set<Class<?>> tested = layers().map(c -> c.config().getClass()).collect(Collectors.toSet());
        assertEquals(Set.of(LayerConfig.class.getPermittedSubclasses()), tested);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void gradientMatchesFiniteDifference(Case c) {
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.open()) {
            Layer layer = c.create(0, store);
            Parameter x = store.add("x", Parameter.Role.WEIGHT, Cases.noise(2 * L * H, SEED), 2, L, H);
            Tensor weights = Cases.input(SEED + 1, 2, L, layer.dOutput());
            FiniteDifferences.requireGradients(c.name(), SEED, store.trained(),
                    () -> layer.forward(x.value(), null, 1, null, true).y().mul(weights).sum());
        }
    }

    @ParameterizedTest
    @MethodSource("streaming")
    void wholeEqualsChunksEqualsSteps(Case c) {
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Layer layer = c.create(0.5, store); // dropout is off in evaluation
            Tensor x = Cases.input(SEED, 2, L, H);
            double[] whole = Tensors.doubles(layer.forward(x, null, 1, null, false).y());
            assertArrayEquals(whole, Tensors.doubles(layer.forwardWhole(x, 1, null, false)));
            TensorVector chunks = new TensorVector();
            Tensor state = layer.zeroState(2);
            int at = 0;
            for (int count : CHUNKS) {
                Layer.Output out = layer.forward(x.narrow(1, at, count), state, 1, null, false);
                chunks.push_back(out.y());
                state = Objects.requireNonNull(out.state());
                at += count;
            }
            TensorVector steps = new TensorVector();
            Tensor stepState = layer.zeroState(2);
            Layer.Stepper stepper = layer.stepper(1);
            for (int t = 0; t < L; t++) {
                Layer.Output out = stepper.step(x.select(1, t), stepState);
                steps.push_back(out.y());
                stepState = Objects.requireNonNull(out.state());
            }
            Comparison.requireClose(c + " chunks", SEED, Tensors.doubles(torch.cat(chunks, 1)), whole,
                    Tolerances.FORMS);
            Comparison.requireClose(c + " steps", SEED, Tensors.doubles(torch.stack(steps, 1)), whole,
                    Tolerances.FORMS);
            Comparison.requireClose(c + " state", SEED, Tensors.doubles(state), Tensors.doubles(stepState),
                    Tolerances.FORMS);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void paddingChangesNothing(Case c) {
        long[] lengths = {L, 3, 8};
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Layer layer = c.create(0, store);
            Tensor x = Cases.input(SEED, lengths.length, L, H);
            double[] mask = new double[lengths.length * L];
            for (int i = 0; i < lengths.length; i++) {
                Arrays.fill(mask, i * L, i * L + (int) lengths[i], 1);
            }
            Tensor together = layer.forward(x, null, 1, Tensor.create(mask, lengths.length, L, 1), false).y();
            for (int i = 0; i < lengths.length; i++) {
                Tensor own = x.narrow(0, i, 1).narrow(1, 0, lengths[i]);
                Comparison.requireClose(c + ", length " + lengths[i], SEED,
                        Tensors.doubles(together.narrow(0, i, 1).narrow(1, 0, lengths[i])),
                        Tensors.doubles(layer.forward(own, null, 1, null, false).y()), Tolerances.FORMS);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void savedTensorsMakeTheSameLayer(Case c) {
        try (ParameterStore store = Cases.store(SEED);
                ParameterStore other = Cases.store(SEED + 1);
                var _ = NativeScope.withoutGradients()) {
            Layer layer = c.create(0, store);
            Layer loaded = c.create(0, other);
            Tensor x = Cases.input(SEED, 2, L, H);
            double[] expected = Tensors.doubles(layer.forward(x, null, 1, null, false).y());
            assertFalse(Arrays.equals(expected, Tensors.doubles(loaded.forward(x, null, 1, null, false).y())));
            other.load(store.data());
            assertArrayEquals(expected, Tensors.doubles(loaded.forward(x, null, 1, null, false).y()));
            assertTrue(store.data().keySet().stream().allMatch(name -> name.startsWith("layer.")));
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void dropoutIsOfTrainingAlone(Case c) {
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            Layer layer = c.create(0.5, store);
            Tensor x = Cases.input(SEED, 2, L, H);
            double[] expected = Tensors.doubles(layer.forward(x, null, 1, null, false).y());
            assertFalse(Arrays.equals(expected, Tensors.doubles(layer.forward(x, null, 1, null, true).y())));
            assertArrayEquals(expected, Tensors.doubles(layer.forward(x, null, 1, null, false).y()));
        }
    }
}
