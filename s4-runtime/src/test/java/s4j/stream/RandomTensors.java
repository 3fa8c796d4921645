package s4j.stream;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;

/** Named tensors of normal values, the same bytes in every process: what hand-made model files are put together from. */
public final class RandomTensors {
    private final SplittableRandom random;
    private final Map<String, TensorData> tensors = new LinkedHashMap<>();

    /** None yet. */
    public RandomTensors(long seed) { random = new SplittableRandom(seed); }

    /**
     * Sizes of a state space layer.
     *
     * @param h features
     * @param n pairs of states
     * @param systems of which every feature has one ({@code n_ssm})
     * @param channels outputs of a feature: 2 of a two-sided layer
     * @param lKernel length that C belongs to, of S4; null: S4D, which has no P
     */
    public record Sizes(int h, int n, int systems, int channels, @Nullable Long lKernel) {}

    /** A file with these tensors whose configuration is that of the network, with all its defaults. */
    public ModelFile file(Map<String, @Nullable Object> network) {
        NetworkConfig config = Binder.bind(ConfigTree.of(network, new Origin("test")), NetworkConfig.class);
        return new ModelFile(tensors, Map.of("network", Binder.tree(config).toValue()), Map.of());
    }

    /** A block: its norm, its state space layer, what mixes the features. */
    public void s4(String prefix, Sizes s) {
        norm(prefix + "norm", s.h());
        linear(prefix + "layer.output_linear.0", 2 * s.h(), s.h());
        String layer = prefix + "layer.layer.";
        put(layer + "D", 0, 1, 1, s.h());
        String kernel = layer + "kernel.";
        put(kernel + "C", 0, 1, s.channels(), s.h(), s.n(), 2);
        put(kernel + "inv_dt", -3, 0.5, s.h(), 1);
        put(kernel + "B", 0, 1, 1, s.systems(), s.n(), 2);
        put(kernel + "A_real", -0.7, 0.1, s.systems(), s.n());
        put(kernel + "A_imag", 5, 3, s.systems(), s.n());
        Long length = s.lKernel();
        if (length != null) {
            put(kernel + "P", 0, 0.5, 1, s.systems(), s.n(), 2);
            put(kernel + "l_kernel", TensorData.of(new long[]{length}));
        }
    }

    /** Two blocks of a SaShiMi, {@code first} and the one after it: a state space layer, then a feed-forward one. */
    public void pair(String prefix, int first, Sizes s) {
        s4(prefix + first + ".", s);
        String ff = prefix + (first + 1) + ".";
        norm(ff + "norm", s.h());
        linear(ff + "layer.ff.0.0", 2 * s.h(), s.h());
        linear(ff + "layer.ff.2", s.h(), 2 * s.h());
    }

    /** Scale and shift. */
    public void norm(String name, int h) {
        put(name + ".weight", 1, 0.1, h);
        put(name + ".bias", 0, 0.1, h);
    }

    /** Weight and bias. */
    public void linear(String name, int out, int in) {
        put(name + ".weight", 0, 1 / Math.sqrt(in), out, in);
        put(name + ".bias", 0, 0.1, out);
    }

    /** One more, of normal values. */
    public void put(String name, double mean, double scale, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + scale * random.nextGaussian());
        }
        put(name, TensorData.of(values, shape));
    }

    /** One more, of these values. */
    public void put(String name, TensorData values) { tensors.put(name, values); }
}
