package s4j.stream;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.DType;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;

/**
 * The tensors of a model below a prefix. A tensor is looked at before anything of its size is made, so a configuration that
 * promises more than the file holds costs nothing.
 */
final class Weights {
    private final Map<String, TensorData> tensors;
    private final String prefix;

    Weights(Map<String, TensorData> tensors, String prefix) {
        this.tensors = tensors;
        this.prefix = prefix;
    }

    /** A network's tensors, with the table of embeddings as the decoder's weights too, where the two are tied. */
    static Weights of(NetworkConfig config, Map<String, TensorData> tensors) {
        TensorData table = tensors.get("encoder.0.weight");
        if (!config.decoder().tied() || table == null) {
            return new Weights(tensors, "");
        }
        Map<String, TensorData> all = new LinkedHashMap<>(tensors);
        all.putIfAbsent("decoder.0.output_transform.weight", table);
        return new Weights(all, "");
    }

    /** The tensors below {@code name}. */
    Weights at(String name) { return new Weights(tensors, prefix + name); }

    /** The whole name of a tensor, for messages. */
    String name(String name) { return prefix + name; }

    boolean has(String name) { return tensors.containsKey(prefix + name); }

    /** A tensor of any of the shapes. */
    TensorData tensor(String name, long[]... shapes) {
        TensorData t = tensors.get(prefix + name);
        if (t == null) {
            throw new IllegalArgumentException("no tensor " + prefix + name + "; the configuration needs one of shape "
                    + Arrays.toString(shapes[0]));
        }
        for (long[] shape : shapes) {
            if (Arrays.equals(t.shape(), shape)) {
                return t;
            }
        }
        throw new IllegalArgumentException("tensor " + prefix + name + " is " + t
                + "; the configuration needs the shape " + Arrays.toString(shapes[0]));
    }

    /** Finite numbers. */
    double[] doubles(String name, long... shape) {
        double[] values = tensor(name, shape).toDoubles();
        for (int i = 0; i < values.length; i++) {
            requireFinite(name, values[i], i);
        }
        return values;
    }

    /** Finite numbers in float32. */
    float[] floats(String name, long... shape) {
        return floats(name, tensor(name, shape));
    }

    float[] floats(String name, TensorData tensor) {
        float[] values = tensor.toFloats();
        for (int i = 0; i < values.length; i++) {
            requireFinite(name, values[i], i);
        }
        return values;
    }

    private void requireFinite(String name, double value, int i) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "tensor " + prefix + name + " holds " + value + " at " + i + "; expected finite numbers");
        }
    }

    /** A whole number ≥ 1. */
    long count(String name) {
        TensorData t = tensor(name, new long[]{}, new long[]{1});
        long value = t.dtype() == DType.I64 || t.dtype() == DType.I32 ? t.toLongs()[0] : -1;
        if (value < 1) {
            throw new IllegalArgumentException("tensor " + prefix + name + " is " + t + " with the value "
                    + t.get(0) + "; expected a whole number of at least 1");
        }
        return value;
    }

    /** The scales of an int8 matrix, null where it is none. */
    float @Nullable [] scales(String name, TensorData weight, int outputs) {
        if (weight.dtype() != DType.I8) {
            return null;
        }
        return floats(name + Quantization.SCALE, outputs);
    }
}
