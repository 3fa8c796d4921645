package s4j.official;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;

/**
 * From a place in a state dict to a place in a model file.
 *
 * @param states where tensors come from
 * @param from prefix of names there
 * @param tensors where they go
 * @param to prefix of names there
 */
record Transfer(StateDict states, String from, Map<String, TensorData> tensors, String to) {
    static Transfer of(StateDict states, String prefix) {
        return new Transfer(states, prefix, new LinkedHashMap<>(), "");
    }

    /** Deeper on both sides. */
    Transfer below(String source, String target) {
        return new Transfer(states, from + source, tensors, to + target);
    }

    boolean has(String name) { return states.has(from + name); }

    boolean hasBelow(String prefix) { return states.hasBelow(from + prefix); }

    long[] shape(String name) throws MalformedFileException { return states.shape(from + name); }

    TensorData read(String name) throws IOException { return states.read(from + name); }

    void ignore(String name) { states.ignore(from + name); }

    /** Moves a tensor as it is. */
    void copy(String source, String target) throws IOException {
        put(target, read(source));
    }

    /** Moves a tensor whose values stay in their order; the new shape has as many. */
    void copy(String source, String target, long... shape) throws IOException {
        TensorData data = read(source);
        if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != data.size()) {
            throw malformed(source, "shape " + Arrays.toString(data.shape()), "shape " + Arrays.toString(shape));
        }
        put(target, TensorData.ofBytes(data.dtype(), data.data(), shape));
    }

    void put(String target, TensorData data) { tensors.put(to + target, StateDict.float32(data)); }

    /**
     * Moves a projection: {@code [out, in]}, or a convolution of width 1 {@code [out, in, 1]}, to the given axes; bias as a
     * row or a column. A weight norm (g, v) is multiplied out.
     *
     * @param axes 2 or 3
     */
    void linear(String source, String target, int axes) throws IOException {
        boolean normed = has(source + ".weight_g");
        long[] shape = shape(source + (normed ? ".weight_v" : ".weight"));
        if (shape.length < 2 || shape.length > 3 || (shape.length == 3 && shape[2] != 1)) {
            throw malformed(source + ".weight", "shape " + Arrays.toString(shape), "[out, in] or [out, in, 1]");
        }
        long[] wanted = axes == 3 ? new long[]{shape[0], shape[1], 1} : new long[]{shape[0], shape[1]};
        if (normed) {
            put(target + ".weight", TensorData.of(weightNorm(source, shape), wanted));
        } else {
            copy(source + ".weight", target + ".weight", wanted);
        }
        if (has(source + ".bias")) {
            copy(source + ".bias", target + ".bias", shape[0]);
        } else {
            put(target + ".bias", TensorData.of(new float[Math.toIntExact(shape[0])], shape[0]));
        }
    }

    /** {@code g v / |v|}, row by row. */
    private double[] weightNorm(String source, long[] shape) throws IOException {
        double[] g = read(source + ".weight_g").toDoubles();
        double[] v = read(source + ".weight_v").toDoubles();
        int rows = Math.toIntExact(shape[0]);
        if (g.length != rows) {
            throw malformed(source + ".weight_g", g.length + " values", String.valueOf(rows));
        }
        int columns = rows == 0 ? 0 : v.length / rows;
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int c = 0; c < columns; c++) {
                sum += v[r * columns + c] * v[r * columns + c];
            }
            for (int c = 0; c < columns; c++) {
                v[r * columns + c] *= g[r] / Math.sqrt(sum);
            }
        }
        return v;
    }

    MalformedFileException malformed(String name, String got, String expected) {
        return new MalformedFileException(
                states.place() + ": " + from + name + ": got " + got + "; expected " + expected);
    }
}
