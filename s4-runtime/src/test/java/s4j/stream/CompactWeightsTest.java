package s4j.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import s4j.io.DType;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** Weights of projections in fewer bits. */
class CompactWeightsTest {
    private static final int SEED = 17;

    @Test
    void compactWeightsCostLittle() {
        ModelFile file = TinyModels.sashimi(true);
        float[] x = TinyModels.noise(2 * 60, SEED);
        S4Model exact = TinyModels.model(file, Backend.best());
        float[] expected = exact.forwardChunk(exact.newState(), x);
        S4Model bf16 = TinyModels.model(Quantization.of(file, Precision.BF16), Backend.best());
        Comparison.requireClose("bf16", SEED, bf16.forwardChunk(bf16.newState(), x), expected, Tolerances.BF16);
        S4Model int8 = TinyModels.model(Quantization.of(file, Precision.INT8), Backend.best());
        Comparison.requireClose("int8", SEED, int8.forwardChunk(int8.newState(), x), expected, Tolerances.INT8);
        ModelFile back = Quantization.of(Quantization.of(file, Precision.INT8), Precision.FLOAT32);
        S4Model widened = TinyModels.model(back, Backend.best());
        Comparison.requireClose("int8 as float32", SEED, widened.forwardChunk(widened.newState(), x),
                int8.forwardChunk(int8.newState(), x), Tolerances.TWINS);
    }

    @Test
    void eachInt8WeightIsWithinHalfAScale() {
        ModelFile file = TinyModels.sashimi(true);
        ModelFile small = Quantization.of(file, Precision.INT8);
        int matrices = 0;
        for (String name : small.tensors().keySet()) {
            TensorData scale = small.tensors().get(name + Quantization.SCALE);
            if (scale != null) {
                matrices++;
                double[] exact = tensor(file, name).toDoubles();
                double[] q = tensor(small, name).toDoubles();
                int width = q.length / Math.toIntExact(scale.size());
                for (int i = 0; i < q.length; i++) {
                    double s = scale.get(i / width);
                    assertEquals(exact[i], s * q[i], s * (0.5 + 1e-4), name + " at " + i);
                }
            }
        }
        assertEquals(15, matrices, "projections of the tiny SaShiMi");
        assertTrue(small.tensors().keySet().stream().noneMatch(n -> n.endsWith("kernel.C" + Quantization.SCALE)));
        assertEquals(DType.F32, tensor(small, "model.norm.weight").dtype());
    }

    private static TensorData tensor(ModelFile file, String name) {
        TensorData tensor = file.tensors().get(name);
        if (tensor == null) {
            throw new AssertionError("no tensor " + name);
        }
        return tensor;
    }
}
