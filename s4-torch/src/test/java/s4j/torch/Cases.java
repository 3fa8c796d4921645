package s4j.torch;

import s4j.torch.ssm.Kernels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.model.NetworkConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SequenceBatch;
import s4j.torch.tensor.ParameterStore;

/** Configurations in the words of the files, stores and seeded inputs. */
public final class Cases {
    /** What trains: s4j's own kernels where they can, on two threads. */
    public static final Kernels KERNELS = Kernels.of("auto", true, 2);

    /** A layer from {@code key, value, …}; what is not named keeps its default, d_state 8. */
    public static S4LayerConfig layer(@Nullable Object... options) {
        return Binder.bind(tree(options, "d_state", 8), S4LayerConfig.class);
    }

    /**
     * A network of width 4, two layers and sequences of 16 steps from dotted {@code key, value, …}, e.g.
     * {@code model.layer.mode, diag}.
     */
    public static NetworkConfig network(@Nullable Object... options) {
        return Binder.bind(tree(options, "d_input", 3, "d_output", 5, "l_max", 16, "model.d_model", 4,
                "model.n_layers", 2, "model.layer.d_state", 8), NetworkConfig.class);
    }

    /** Options of a learner on one thread without decay of biases: AdamW, lr 0.01. */
    public static LearnerOptions learner(long seed) {
        return new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, OptimizerConfig.DEFAULTS, false, false, 1.0, 0,
                "cpu", "auto", 1, seed);
    }

    private static ConfigTree tree(@Nullable Object[] options, Object... defaults) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        put(root, defaults);
        put(root, options);
        return ConfigTree.of(root, new Origin("test"));
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, @Nullable Object> root, @Nullable Object[] options) {
        for (int i = 0; i < options.length; i += 2) {
            String[] path = String.valueOf(options[i]).split("\\.", -1);
            Map<String, @Nullable Object> map = root;
            for (int k = 0; k < path.length - 1; k++) {
                map = (Map<String, @Nullable Object>) map.computeIfAbsent(path[k],
                        key -> new LinkedHashMap<String, @Nullable Object>());
            }
            map.put(path[path.length - 1], options[i + 1]);
        }
    }

    /** A float64 store: what rounding hides in float32 shows here. */
    public static ParameterStore store(long seed) {
        return new ParameterStore(seed, new Device("cpu"), ScalarType.Double);
    }

    /** Standard normal values. */
    public static double[] noise(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    /** A float64 tensor of standard normal values. */
    public static Tensor input(long seed, long... shape) {
        long n = 1;
        for (long s : shape) {
            n *= s;
        }
        return Tensor.create(noise(Math.toIntExact(n), seed), shape);
    }

    /** A batch of standard normal values with classes 0 … classes − 1. */
    public static SequenceBatch batch(int size, int length, int features, int classes, long seed) {
        double[] noise = noise(size * length * features, seed);
        float[] x = new float[noise.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) noise[i];
        }
        SplittableRandom random = new SplittableRandom(seed + 1);
        return new SequenceBatch(size, length, features, x,
                random.ints(size, 0, classes).toArray());
    }

    private Cases() {}
}
