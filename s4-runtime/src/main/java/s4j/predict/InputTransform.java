package s4j.predict;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.audio.FrontEnd;
import s4j.audio.SoundInput;
import s4j.io.ModelFile;
import s4j.io.TensorData;

/**
 * What raw data goes through before a network sees it: of sound its {@link SoundInput}, then (x - mean) / std for each value of a
 * step, then the steps in another order where the model was trained so ({@code dataset.permute}).
 *
 * @param mean of each value; empty: values stay as they are
 * @param std of each value
 * @param permutation the raw step that stands at each step; null: as it is
 * @param sound rate, length and features of sound; null: values are no sound
 * @param frontEnd computes the features; null: values are no sound
 */
public record InputTransform(double[] mean, double[] std, int @Nullable [] permutation, @Nullable SoundInput sound,
        @Nullable FrontEnd frontEnd) {
    private static final String MEAN = "data.mean";
    private static final String STD = "data.std";
    private static final String PERMUTATION = "data.permutation";

    /** Without sound. */
    public InputTransform(double[] mean, double[] std, int @Nullable [] permutation) {
        this(mean, std, permutation, null, null);
    }

    /** Of sound. */
    public static InputTransform ofSound(double[] mean, double[] std, SoundInput sound) {
        return new InputTransform(mean, std, null, sound, sound.frontEnd());
    }

    /**
     * What a model file says.
     *
     * @param name of the file, for messages
     * @param values in a step of the network's input
     * @throws IllegalArgumentException when it does not fit the values of a step
     */
    public static InputTransform of(ModelFile file, String name, int values) {
        InputTransform plain = of(file.tensors(), values);
        SoundInput sound = SoundInput.of(file.config(), name);
        if (sound == null) {
            return plain;
        }
        InputTransform out = ofSound(plain.mean, plain.std, sound);
        FrontEnd front = out.frontEnd;
        if (front != null && front.width() != values) {
            throw new IllegalArgumentException("sound.features has %d values a step; the network takes %d"
                    .formatted(front.width(), values));
        }
        return out;
    }

    /** Values of a step of raw data, of which the network takes so many in a step of its own. */
    public int channels(int values) {
        return frontEnd == null ? values : 1;
    }

    /** Steps that the network sees of so many raw ones. */
    public int steps(int raw) {
        return frontEnd == null || sound == null
                ? raw
                : frontEnd.steps(sound.length() == null ? raw : Math.max(raw, sound.length()));
    }

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
     * @param raw {@code [l, d]}; of sound {@code [l]}
     * @param d values in a step of raw data
     */
    public float[] series(float[] raw, int d) {
        return frontEnd == null || sound == null
                ? values(raw, d)
                : values(frontEnd.features(sound.padded(raw)), frontEnd.width());
    }

    private float[] values(float[] raw, int d) {
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
