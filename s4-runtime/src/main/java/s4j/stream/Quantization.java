package s4j.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.DType;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.matrix.PackedMatrix;
import s4j.kernel.matrix.PackedMatrix.Precision;

/**
 * Smaller weights: the matrices of projections in bfloat16, or in int8 with one scale an output, w ≈ scale · q. Everything else,
 * above all the state space models and their states, stays as it is.
 */
public final class Quantization {
    /** Behind an int8 weight's name: one scale an output. */
    static final String SCALE = "_scale";

    private static final String WEIGHT = ".weight";
    private static final int INT8_MOST = 127;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The same model with its matrices in another precision. */
    public static ModelFile of(ModelFile file, Precision precision) {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        file.tensors().forEach((name, tensor) -> {
            if (name.endsWith(WEIGHT + SCALE)) {
                return; // belongs to a weight, which is read with it
            }
            if (isMatrix(name, tensor, file.tensors())) {
                put(name, tensor.shape(), wide(name, tensor, file.tensors()), precision, tensors);
            } else {
                tensors.put(name, tensor);
            }
        });
        Map<String, @Nullable Object> provenance = new LinkedHashMap<>(file.provenance());
        provenance.put("weights", precision.name().toLowerCase(Locale.ROOT));
        return new ModelFile(tensors, file.config(), provenance);
    }

    /** A projection: a matrix with a bias. Tables and norms are none. */
    private static boolean isMatrix(String name, TensorData tensor, Map<String, TensorData> all) {
        return name.endsWith(WEIGHT) && tensor.shape().length >= 2
                && all.containsKey(name.substring(0, name.length() - WEIGHT.length()) + ".bias");
    }

    private static float[] wide(String name, TensorData tensor, Map<String, TensorData> all) {
        float[] w = tensor.toFloats();
        TensorData scale = all.get(name + SCALE);
        if (tensor.dtype() == DType.I8 && scale != null) {
            int width = w.length / Math.toIntExact(scale.size());
            for (int i = 0; i < w.length; i++) {
                w[i] *= (float) scale.get(i / width);
            }
        }
        return w;
    }

    private static void put(String name, long[] shape, float[] w, Precision precision, Map<String, TensorData> to) {
        switch (precision) {
            case FLOAT32 -> to.put(name, TensorData.of(w, shape));
            case BF16 -> {
                byte[] bytes = new byte[2 * w.length];
                MemorySegment memory = MemorySegment.ofArray(bytes);
                for (int i = 0; i < w.length; i++) {
                    memory.setAtIndex(SHORT, i, PackedMatrix.bfloat16(w[i]));
                }
                to.put(name, TensorData.ofBytes(DType.BF16, memory, shape));
            }
            case INT8 -> {
                int outputs = Math.toIntExact(shape[0]);
                byte[] q = new byte[w.length];
                float[] scales = new float[outputs];
                for (int o = 0; o < outputs; o++) {
                    scales[o] = row(w, q, o * (w.length / outputs), w.length / outputs);
                }
                to.put(name, TensorData.ofBytes(DType.I8, MemorySegment.ofArray(q), shape));
                to.put(name + SCALE, TensorData.of(scales, outputs));
            }
        }
    }

    /** Rounds one row and returns its scale. */
    private static float row(float[] w, byte[] q, int at, int width) {
        float most = 0;
        for (int i = at; i < at + width; i++) {
            most = Math.max(most, Math.abs(w[i]));
        }
        float scale = most == 0 ? 1 : most / INT8_MOST;
        for (int i = at; i < at + width; i++) {
            q[i] = (byte) Math.max(-INT8_MOST, Math.min(INT8_MOST, Math.round(w[i] / scale)));
        }
        return scale;
    }

    private Quantization() {}
}
