package s4j.torch.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import s4j.io.TensorData;
import s4j.testkit.Refusal;
import s4j.torch.Cases;
import s4j.torch.nn.Network;
import s4j.torch.ssm.Kernels;

class ParameterStoreTest {
    private static final int SEED = 17;

    @Test
    void initialValuesDependOnSeedAndNameAlone() {
        Map<String, TensorData> two = tensors(SEED, 2);
        Map<String, TensorData> three = tensors(SEED, 3);
        two.forEach((name, data) -> assertEquals(data, three.get(name), name));
        assertNotEquals(two, tensors(SEED + 1, 2));
        assertNotEquals(two.get("model.layers.0.layer.layer.D"), two.get("model.layers.1.layer.layer.D"));
    }

    private static Map<String, TensorData> tensors(long seed, int layers) {
        try (ParameterStore store = Cases.store(seed); var _ = NativeScope.open()) {
            var _ = new Network(Cases.network("model.n_layers", layers), store, Kernels.torch());
            return store.data();
        }
    }

    @Test
    void namesAreTheOfficialOnes() {
        assertEquals(List.of("encoder.0.weight", "encoder.0.bias", "model.layers.0.layer.layer.D",
                "model.layers.0.layer.layer.kernel.inv_dt", "model.layers.0.layer.layer.kernel.C",
                "model.layers.0.layer.layer.kernel.B", "model.layers.0.layer.layer.kernel.A_real",
                "model.layers.0.layer.layer.kernel.A_imag", "model.layers.0.layer.layer.kernel.P",
                "model.layers.0.layer.layer.kernel.l_kernel", "model.layers.0.layer.output_linear.0.weight",
                "model.layers.0.layer.output_linear.0.bias", "model.layers.0.norm.norm.weight",
                "model.layers.0.norm.norm.bias", "model.norm.norm.weight", "model.norm.norm.bias",
                "decoder.0.output_transform.weight", "decoder.0.output_transform.bias"),
                List.copyOf(tensors(SEED, 1).keySet()));
    }

    @Test
    void loadingIsAllOrNothing() {
        try (ParameterStore store = Cases.store(SEED)) {
            store.add("a", Parameter.Role.WEIGHT, new double[]{1, 2}, 2);
            store.addCounter("n", 5);
            Map<String, TensorData> before = store.data();
            Map<String, TensorData> other = new LinkedHashMap<>();
            other.put("a", TensorData.of(new double[]{3, 4}, 2));
            assertEquals("tensor n is missing; expected shape []", Refusal.messageOf(() -> store.load(other)));
            other.put("n", TensorData.of(new long[]{7}));
            other.put("m", TensorData.of(new long[]{7}));
            assertEquals("tensor m has no place in this network", Refusal.messageOf(() -> store.load(other)));
            assertEquals(before, store.data());
            other.remove("m");
            store.load(other);
            assertEquals(other, store.data());
            assertEquals("two tensors are named a", Refusal.messageOf(IllegalStateException.class,
                    () -> store.add("a", Parameter.Role.WEIGHT, new double[1], 1)));
        }
    }

    @Test
    void valuesGoThereAndBack() {
        for (TensorData data : List.of(TensorData.of(new double[]{1, -0.0, Double.NaN, 1e300, 5, 6}, 2, 3),
                TensorData.of(new float[]{1.5f, -2}, 2, 1), TensorData.of(new long[]{Long.MIN_VALUE, 3}, 2),
                TensorData.of(new long[]{4}), TensorData.of(new byte[]{1, -1, 7}, 3))) {
            try (var _ = NativeScope.open()) {
                assertEquals(data, Tensors.data(Tensors.of(data, new Device("cpu"))));
            }
        }
        try (var _ = NativeScope.open()) {
            Tensor z = Tensors.complex(Tensor.create(1.0, 2.0), Tensor.create(3.0, 4.0));
            assertEquals(TensorData.of(new double[]{1, 3, 2, 4}, 2, 2), Tensors.data(z));
            assertArrayEquals(new double[]{1, -3, 2, -4}, Tensors.doubles(z.conj()));
            Tensor transposed = Tensor.create(new double[]{1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1);
            assertEquals(TensorData.of(new double[]{1, 4, 2, 5, 3, 6}, 3, 2), Tensors.data(transposed));
            assertEquals("tensor of type F16; expected F64, F32, I64 or U8", Refusal.messageOf(
                    () -> Tensors.of(TensorData.ofBytes(s4j.io.DType.F16, java.lang.foreign.MemorySegment.ofArray(
                            new byte[2]), 1), new Device("cpu"))));
        }
    }
}
