package s4j.torch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.model.NetworkConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SequenceBatch;
import s4j.torch.nn.S4Block;
import s4j.torch.optim.Gradients;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/**
 * A piece of work for benchmarks, on the CPU with random input that is made once: what is run is what training runs.
 * Coefficients and kernels are computed anew from the parameters in each pass.
 */
public abstract sealed class Workload implements AutoCloseable {
    private static final long SEED = 1;
    /** Sizes of {@link #productError}: no multiples of a vector or of a block. */
    private static final int ROWS = 257;
    private static final int COLUMNS = 129;
    private static final int INNER = 301;

    private Workload() {}

    /** Computes the output, records nothing. */
    public abstract void forward();

    /** Computes the output and the gradients of the input and of all parameters. */
    public abstract void forwardBackward();

    /** What runs underneath, one line, as {@link Learner#describe}. */
    public abstract String describe();

    @Override
    public abstract void close();

    /**
     * A layer's convolution with its skip: y = K * u + D u, u {@code [b, l, h]} float32.
     *
     * @param config the layer; what follows its convolution is left out
     * @param backend what computes it, a word of {@code kernel.backend}; with all cores
     */
    public static Workload convolution(S4LayerConfig config, int b, int h, int l, String backend) {
        Map<String, @Nullable Object> alone = new HashMap<>();
        alone.put("activation", "id");
        for (String key : List.of("final_act", "gate", "mult_act", "bottleneck")) {
            alone.put(key, null);
        }
        ConfigTree tree = Binder.tree(config).merge(ConfigTree.of(alone, Origin.DEFAULTS));
        return block(Binder.bind(tree, S4LayerConfig.DEFAULTS), b, h, l, backend);
    }

    /** A whole block: convolution and skip, activation, projection; without norm and residual. See {@link #convolution}. */
    public static Workload block(S4LayerConfig config, int b, int h, int l, String backend) {
        return new OfBlock(config, b, h, l, backend);
    }

    /** Training steps on one batch; forward alone is a prediction. */
    public static Workload trainingStep(NetworkConfig network, LearnerOptions options, SequenceBatch batch) {
        return new OfLearner(Learner.create(network, options), batch);
    }

    /**
     * The relative error (largest difference over largest value) of one float32 matrix product of libtorch against the same
     * in Java's float64: whether the BLAS kernels that the environment chose are right on this processor.
     */
    public static double productError() {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] a = normal(random, ROWS * INNER);
        float[] b = normal(random, INNER * COLUMNS);
        try (var _ = NativeScope.withoutGradients()) {
            float[] product = Tensors.floats(Tensor.create(a, ROWS, INNER).matmul(Tensor.create(b, INNER, COLUMNS)));
            double worst = 0;
            double largest = 0;
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    double sum = 0;
                    for (int k = 0; k < INNER; k++) {
                        sum += (double) a[i * INNER + k] * b[k * COLUMNS + j];
                    }
                    worst = Math.max(worst, Math.abs(sum - product[i * COLUMNS + j]));
                    largest = Math.max(largest, Math.abs(sum));
                }
            }
            return worst / largest;
        }
    }

    private static float[] normal(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** One block with its input and the gradient of its output. */
    static final class OfBlock extends Workload {
        private final Device device = NativeScope.keep(new Device("cpu"));
        private final ParameterStore store;
        private final Kernels kernels;
        private final S4Block block;
        private final List<Parameter> trained;
        private final Tensor u;
        private final Tensor gradient;

        private OfBlock(S4LayerConfig config, int b, int h, int l, String backend) {
            Libtorch.threads(0);
            torch.manual_seed(SEED);
            store = new ParameterStore(SEED, device, ScalarType.Float);
            kernels = Kernels.of(backend, true, torch.get_num_threads());
            try (var _ = NativeScope.withoutGradients()) {
                block = new S4Block(config, h, l, 0, "", store, kernels);
                u = NativeScope.keep(torch.randn(b, l, h));
                gradient = NativeScope.keep(torch.randn(b, l, h));
            }
            trained = store.trained();
        }

        @Override
        public void forward() {
            try (var _ = NativeScope.withoutGradients()) {
                run(u);
            }
        }

        @Override
        public void forwardBackward() {
            try (var _ = NativeScope.open()) {
                passes();
            }
        }

        /**
         * Both passes; returns the gradient of the input. It is asked for, not left in a leaf, where libtorch would copy it as long
         * as Java holds it too.
         */
        Tensor passes() {
            Gradients.clear(trained);
            Tensor leaf = u.detach().requires_grad_(true);
            TensorVector inputs = new TensorVector(leaf);
            for (Parameter p : trained) {
                inputs.push_back(p.value());
            }
            TensorVector gradients = torch.grad(new TensorVector(run(leaf)), inputs, new TensorVector(gradient),
                    new BoolOptional(), false, true);
            for (int i = 0; i < trained.size(); i++) {
                if (gradients.get(i + 1).defined()) { // else its own graph has been run
                    trained.get(i).value().mutable_grad().put(gradients.get(i + 1));
                }
            }
            return gradients.get(0);
        }

        Tensor run(Tensor input) { return block.forward(input, null, 1.0, null, true).y(); }

        List<Parameter> trained() { return trained; }

        Tensor input() { return u; }

        @Override
        public String describe() { return Libtorch.describe(device) + ", " + kernels.describe(); }

        @Override
        public void close() {
            NativeScope.release(u);
            NativeScope.release(gradient);
            store.close();
            kernels.close();
            NativeScope.release(device);
        }
    }

    private static final class OfLearner extends Workload {
        private final Learner learner;
        private final SequenceBatch batch;

        private OfLearner(Learner learner, SequenceBatch batch) {
            this.learner = learner;
            this.batch = batch;
        }

        @Override
        public void forward() { learner.predict(batch); }

        @Override
        public void forwardBackward() { learner.trainStep(batch, 1.0); }

        @Override
        public String describe() { return learner.describe(); }

        @Override
        public void close() { learner.close(); }
    }
}
