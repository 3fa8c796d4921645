package s4j.predict;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.TensorData;

/**
 * What raw data goes through before a network sees it: (x - mean) / std for each value of a step, then the steps in another
 * order where the model was trained so ({@code dataset.permute}).
 *
 * @param mean of each value; empty: values stay as they are
 * @param std of each value
 * @param permutation the raw step that stands at each step; null: as it is
 */
public record InputTransform(double[] mean, double[] std, int @Nullable [] permutation) {
    private static final String MEAN = "data.mean";
    private static final String STD = "data.std";
    private static final String PERMUTATION = "data.permutation";

    /** Values stay as they are. */
    public static InputTransform none() {
        return new InputTransform(new double[0], new double[0], null);
    }

    /**
     * What a model file's tensors say; nothing where they say nothing.
     *
     * @param values in a step
     * @throws IllegalArgumentException when they do not fit the values of a step
     */
    public static InputTransform of(Map<String, TensorData> tensors, int values) {
        TensorData order = tensors.get(PERMUTATION);
        boolean scaled = tensors.containsKey(MEAN) || tensors.containsKey(STD);
        return new InputTransform(scaled ? each(tensors, MEAN, values) : new double[0],
                scaled ? each(tensors, STD, values) : new double[0],
                order == null ? null : requirePermutation(order.toInts()));
    }

    /**
     * The same, which must say mean and std.
     *
     * @throws IllegalArgumentException when it does not
     */
    public static InputTransform required(Map<String, TensorData> tensors, int values) {
        return new InputTransform(each(tensors, MEAN, values), each(tensors, STD, values), null);
    }

    private static double[] each(Map<String, TensorData> tensors, String name, int values) {
        TensorData tensor = tensors.get(name);
        if (tensor == null || (tensor.size() != 1 && tensor.size() != values)) {
            throw new IllegalArgumentException(name + " in the model file is " + (tensor == null ? "missing" : tensor)
                    + "; expected one number, or one for each of " + values + " values");
        }
        double[] all = new double[values];
        for (int i = 0; i < values; i++) {
            all[i] = tensor.get(tensor.size() == 1 ? 0 : i);
            if (!Double.isFinite(all[i]) || (name.equals(STD) && all[i] <= 0)) {
                throw new IllegalArgumentException(
                        name + " in the model file holds " + all[i] + "; expected a finite number"
                                + (name.equals(STD) ? " above 0" : ""));
            }
        }
        return all;
    }

    private static int[] requirePermutation(int[] order) {
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] != i) {
                throw new IllegalArgumentException(PERMUTATION + " in the model file is no order of its " + order.length
                        + " steps");
            }
        }
        return order;
    }

    /** One step, in place. */
    public void step(float[] x) {
        for (int i = 0; i < mean.length; i++) {
            x[i] = (float) ((x[i] - mean[i]) / std[i]);
        }
    }

    /**
     * A whole series as the network sees it.
     *
     * @param raw {@code [l, d]}
     * @param d values in a step
     */
    public float[] series(float[] raw, int d) {
        int[] order = permutation;
        if (order != null && order.length * d != raw.length) {
            throw new IllegalArgumentException("a series of " + raw.length / d + " steps; expected " + order.length
                    + ", as the model was trained on one order of so many");
        }
        float[] out = new float[raw.length];
        for (int i = 0; i < out.length; i++) {
            float v = raw[order == null ? i : order[i / d] * d + i % d];
            out[i] = mean.length == 0 ? v : (float) ((v - mean[i % d]) / std[i % d]);
        }
        return out;
    }
}
