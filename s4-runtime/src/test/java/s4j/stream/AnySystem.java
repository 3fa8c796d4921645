package s4j.stream;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.S4LayerConfig;

/** One layer of systems drawn from all that can be stored, behind a norm. */
final class AnySystem {
    /** Steps of a sequence. */
    static final int LENGTH = 300;
    /** Features. */
    static final int H = 16;
    private static final int N = 4;
    private static final String BLOCK = "model.layers.0.";
    private static final String KERNEL = BLOCK + "layer.layer.kernel.";

    /** dt from 1e-8 to 1e3, Re A from −1e-6 to −1e6, Im A to ±1e6, each as likely at every scale; some at their ends. */
    static ModelFile diagonal(String disc, long seed) {
        return model(
                Map.of("d_state", 2 * N, "mode", "diag", "disc", disc, "dt_transform", "exp", "real_transform", "exp",
                        "imag_transform", "none"),
                seed, tensors -> {});
    }

    /** The same with one low-rank term, as S4 has it, whose C~ belongs to {@link #LENGTH}. */
    static ModelFile lowRank(long seed) {
        return lowRank(seed, Double.POSITIVE_INFINITY);
    }

    /** The same with a shorter dt where dt |lambda| of a feature would be larger than {@code most}. */
    static ModelFile lowRank(long seed, double most) {
        SplittableRandom random = new SplittableRandom(~seed);
        return model(Map.of("d_state", 2 * N, "mode", "nplr", "dt_transform", "exp", "real_transform", "exp",
                "imag_transform", "none"), seed, tensors -> {
                    put(tensors, KERNEL + "P", random, 1, H, N, 2);
                    tensors.put(KERNEL + "l_kernel", TensorData.of(new long[]{LENGTH}));
                    tensors.put(KERNEL + "inv_dt", shortened(tensors, most));
                });
    }

    private static ModelFile model(Map<String, @Nullable Object> layer, long seed,
            Consumer<Map<String, TensorData>> more) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        put(tensors, "encoder.0.weight", random, H, 1);
        put(tensors, "encoder.0.bias", random, H);
        tensors.put(KERNEL + "inv_dt", drawn(random, H, -8, 3, H, 1));
        tensors.put(KERNEL + "A_real", drawn(random, H * N, -6, 6, H, N));
        float[] imag = new float[H * N];
        for (int i = 0; i < imag.length; i++) {
            imag[i] = (float) ((random.nextBoolean() ? 1 : -1) * Math.pow(10, random.nextDouble(-6, 6)));
        }
        tensors.put(KERNEL + "A_imag", TensorData.of(imag, H, N));
        put(tensors, KERNEL + "B", random, 1, H, N, 2);
        put(tensors, KERNEL + "C", random, 1, H, N, 2);
        put(tensors, BLOCK + "layer.layer.D", random, 1, H);
        put(tensors, BLOCK + "layer.output_linear.0.weight", random, 2 * H, H);
        put(tensors, BLOCK + "layer.output_linear.0.bias", random, 2 * H);
        for (String norm : List.of(BLOCK + "norm.norm", "model.norm.norm")) {
            put(tensors, norm + ".weight", random, H);
            put(tensors, norm + ".bias", random, H);
        }
        put(tensors, "decoder.0.output_transform.weight", random, 3, H);
        put(tensors, "decoder.0.output_transform.bias", random, 3);
        more.accept(tensors);
        NetworkConfig config = Binder.bind(ConfigTree.of(Map.of("d_input", 1, "d_output", 3, "l_max", LENGTH, "model",
                Map.of("_name_", "model", "d_model", H, "n_layers", 1, "layer", layer), "decoder",
                Map.of("mode", "step")), new Origin("test")), NetworkConfig.class);
        return new ModelFile(tensors, Map.of("network", Binder.tree(config).toValue()), Map.of());
    }

    /** ln of numbers that are uniform on a scale of decades; every eighth stands at an end. */
    private static TensorData drawn(SplittableRandom random, int n, double least, double most, long... shape) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            double decade = random.nextInt(8) == 0
                    ? random.nextBoolean() ? least : most
                    : random.nextDouble(least, most);
            values[i] = (float) (decade * Math.log(10));
        }
        return TensorData.of(values, shape);
    }

    private static TensorData shortened(Map<String, TensorData> tensors, double most) {
        float[] lnDt = new float[H];
        for (int f = 0; f < H; f++) {
            double excess = Math.log(stiffness(tensors, f) / most);
            lnDt[f] = (float) (value(tensors, "inv_dt", f) - Math.max(0, excess));
        }
        return TensorData.of(lnDt, H, 1);
    }

    private static void put(Map<String, TensorData> to, String name, SplittableRandom random, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        to.put(name, TensorData.of(values, shape));
    }

    /** The layer's system in all its forms. */
    static SsmForms forms(ModelFile file, Machine machine) {
        S4LayerConfig layer = NetworkParts.network(file, "any").model().s4().orElseThrow();
        SsmParameters parameters = new SsmParameters(layer, H, 1,
                new Weights(file.tensors(), "model.layers.0.layer.layer."));
        return layer.mode().diagonal()
                ? new DiagonalForms(parameters, layer.disc(), 1, machine)
                : new LowRankForms(parameters, 1, machine);
    }

    /** Largest dt |lambda| of a feature. */
    static double stiffness(ModelFile file, int f) {
        return stiffness(file.tensors(), f);
    }

    private static double stiffness(Map<String, TensorData> tensors, int f) {
        double most = 0;
        for (int i = f * N; i < (f + 1) * N; i++) {
            most = Math.max(most, Math.hypot(Math.exp(value(tensors, "A_real", i)), value(tensors, "A_imag", i)));
        }
        return most * Math.exp(value(tensors, "inv_dt", f));
    }

    private static double value(Map<String, TensorData> tensors, String name, int at) {
        return Objects.requireNonNull(tensors.get(KERNEL + name)).get(at);
    }

    private AnySystem() {}
}
