package s4j.flink;

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

/** An S4D with random weights, for measurements: one value a step, one output. */
final class Weights {
    private static final int LAYERS = 2;

    private final SplittableRandom random = new SplittableRandom(7);
    private final Map<String, TensorData> tensors = new LinkedHashMap<>();

    private Weights() {}

    /**
     * Bytes of its file.
     *
     * @param h d_model
     * @param n pairs of states of each feature
     */
    static byte[] s4d(int h, int n) {
        Weights w = new Weights();
        w.linear("encoder.0", h, 1);
        w.linear("decoder.0.output_transform", 1, h);
        for (int i = 0; i < LAYERS; i++) {
            w.layer("model.layers." + i + ".", h, n);
        }
        w.norm("model.norm.norm", h);
        Map<String, @Nullable Object> network = Map.of("d_input", 1, "d_output", 1, "l_max", 1024, "model", Map.of(
                "_name_", "model", "d_model", h, "n_layers", LAYERS, "layer",
                Map.of("d_state", 2 * n, "mode", "diag", "n_ssm", 1)), "decoder", Map.of("mode", "step"));
        NetworkConfig config = Binder.bind(ConfigTree.of(network, new Origin("test")), NetworkConfig.class);
        return new ModelFile(w.tensors, Map.of("network", Binder.tree(config).toValue()), Map.of()).toSafeTensors()
                .toBytes();
    }

    private void layer(String prefix, int h, int n) {
        norm(prefix + "norm", h);
        linear(prefix + "layer.output_linear.0", 2 * h, h);
        put(prefix + "layer.layer.D", 0, 1, 1, h);
        String kernel = prefix + "layer.layer.kernel.";
        put(kernel + "C", 0, 1, 1, h, n, 2);
        put(kernel + "inv_dt", -3, 0.5, h, 1);
        put(kernel + "B", 0, 1, 1, 1, n, 2);
        put(kernel + "A_real", -0.7, 0.1, 1, n);
        put(kernel + "A_imag", 5, 3, 1, n);
    }

    private void norm(String name, int h) {
        put(name + ".weight", 1, 0.1, h);
        put(name + ".bias", 0, 0.1, h);
    }

    private void linear(String name, int out, int in) {
        put(name + ".weight", 0, 1 / Math.sqrt(in), out, in);
        put(name + ".bias", 0, 0.1, out);
    }

    private void put(String name, double mean, double scale, long... shape) {
        int size = 1;
        for (long s : shape) {
            size *= (int) s;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + scale * random.nextGaussian());
        }
        tensors.put(name, TensorData.of(values, shape));
    }
}
